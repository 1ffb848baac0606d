global using Sigil.Syntax;
global using Xunit;
