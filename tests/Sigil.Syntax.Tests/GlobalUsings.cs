global using Xunit;
namespace Sigil.Syntax.Tests;
