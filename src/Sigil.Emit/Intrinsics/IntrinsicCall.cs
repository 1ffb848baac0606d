using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Intrinsics;

/// <summary>A bodiless library function bound to a method of the runtime, for concrete types.</summary>
internal sealed class IntrinsicCall
{
    public required string Key { get; init; }
    public required MethodInfo Method { get; init; }
    /// <summary>The class that the method is called on; null for static methods.</summary>
    public Type? Receiver { get; init; }
    /// <summary>Parameters that take arguments: without receiver, task, output and site.</summary>
    public ImmutableArray<Type> Parameters { get; init; } = [];
    public required Type ReturnType { get; init; }
    /// <summary>Leaf operations of the suspension protocol: they take the task and return a status.</summary>
    public bool Suspends { get; init; }
    /// <summary>The task is the first parameter.</summary>
    public bool TakesTask { get; init; }
    /// <summary>Types whose codecs come after the arguments: the compiler knows them, the caller does not.</summary>
    public ImmutableArray<SigilType> Codecs { get; init; } = [];
    public bool TakesSite { get; init; }
    /// <summary>The type of the <c>out</c> parameter of a leaf operation.</summary>
    public Type? Output { get; init; }
    public bool ReadsOnly { get; init; }
    /// <summary>Code instead of a call; the arguments are on the stack.</summary>
    public Action<ILGenerator>? Inline { get; init; }
}
