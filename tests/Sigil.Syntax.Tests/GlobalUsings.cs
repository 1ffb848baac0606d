global using Sigil.Syntax.Ast;
global using Sigil.Syntax.Diagnostics;
global using Xunit;
