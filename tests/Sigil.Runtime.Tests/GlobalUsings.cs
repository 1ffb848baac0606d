global using Xunit;
namespace Sigil.Runtime.Tests;
