global using Xunit;
namespace Sigil.Semantics.Tests;
