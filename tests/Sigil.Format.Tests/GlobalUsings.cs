global using Sigil.Syntax;
global using Sigil.Syntax.Ast;
global using Xunit;
