using Sigil.Semantics;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Mir.Building;

/// <summary>One step over a finished graph (with its nested functions): a check that reports, or a change that keeps the meaning.</summary>
/// <param name="Name">For error messages.</param>
/// <param name="Run">What it does.</param>
/// <param name="NeedsSoundProgram">Skipped when an earlier pass has reported an error.</param>
/// <param name="OnlyReports">Changes nothing; skipped where it is known to find nothing.</param>
public sealed record MirPass(string Name, Action<MirFunction, ITypeSystem, DiagnosticBag> Run, bool NeedsSoundProgram, bool OnlyReports = false);
