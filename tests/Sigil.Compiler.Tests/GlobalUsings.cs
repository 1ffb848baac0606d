global using Xunit;
namespace Sigil.Compiler.Tests;
