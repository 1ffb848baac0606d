using System.Runtime.CompilerServices;
using Sigil.Runtime.Ownership;

namespace Sigil.Properties.Tests;

/// <summary>The programs of this suite run in this process: whether the runtime watches owners is decided before it is first used.</summary>
internal static class CheckingRuntime
{
    [ModuleInitializer]
    internal static void Allow() => AppContext.SetSwitch(Owners.Switch, true);
}
