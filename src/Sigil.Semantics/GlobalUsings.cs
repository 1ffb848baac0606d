global using Ast = Sigil.Syntax.Ast;
