global using Xunit;
namespace Sigil.Mir.Tests;
