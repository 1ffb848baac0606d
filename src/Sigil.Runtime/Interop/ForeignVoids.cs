using System.Reflection;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Interop;

/// <summary>Methods without a value, which C# writes as <c>void</c> and <c>ValueTask</c>, as methods whose value is the unit.</summary>
internal static class ForeignVoids
{
    /// <summary>A delegate of the wanted kind over a method without a value.</summary>
    public static Delegate Wrap(object target, MethodInfo method, Type[] parameters, bool waits)
    {
        var definition = typeof(ForeignVoids).GetMethod((waits ? "Operation" : "Call") + parameters.Length, BindingFlags.Static | BindingFlags.NonPublic)!;
        var wrap = parameters.Length == 0 ? definition : definition.MakeGenericMethod(parameters);
        return (Delegate)wrap.Invoke(null, [target, method])!;
    }

    private static ForeignCall0<Unit> Call0(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Action>(target);
        return () =>
        {
            call();
            return default;
        };
    }

    private static ForeignOperation0<Unit> Operation0(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Func<CancellationToken, ValueTask>>(target);
        return async (c) =>
        {
            await call(c).ConfigureAwait(false);
            return default;
        };
    }

    private static ForeignCall1<A1, Unit> Call1<A1>(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Action<A1>>(target);
        return (a1) =>
        {
            call(a1);
            return default;
        };
    }

    private static ForeignOperation1<A1, Unit> Operation1<A1>(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Func<A1, CancellationToken, ValueTask>>(target);
        return async (a1, c) =>
        {
            await call(a1, c).ConfigureAwait(false);
            return default;
        };
    }

    private static ForeignCall2<A1, A2, Unit> Call2<A1, A2>(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Action<A1, A2>>(target);
        return (a1, a2) =>
        {
            call(a1, a2);
            return default;
        };
    }

    private static ForeignOperation2<A1, A2, Unit> Operation2<A1, A2>(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Func<A1, A2, CancellationToken, ValueTask>>(target);
        return async (a1, a2, c) =>
        {
            await call(a1, a2, c).ConfigureAwait(false);
            return default;
        };
    }

    private static ForeignCall3<A1, A2, A3, Unit> Call3<A1, A2, A3>(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Action<A1, A2, A3>>(target);
        return (a1, a2, a3) =>
        {
            call(a1, a2, a3);
            return default;
        };
    }

    private static ForeignOperation3<A1, A2, A3, Unit> Operation3<A1, A2, A3>(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Func<A1, A2, A3, CancellationToken, ValueTask>>(target);
        return async (a1, a2, a3, c) =>
        {
            await call(a1, a2, a3, c).ConfigureAwait(false);
            return default;
        };
    }

    private static ForeignCall4<A1, A2, A3, A4, Unit> Call4<A1, A2, A3, A4>(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Action<A1, A2, A3, A4>>(target);
        return (a1, a2, a3, a4) =>
        {
            call(a1, a2, a3, a4);
            return default;
        };
    }

    private static ForeignOperation4<A1, A2, A3, A4, Unit> Operation4<A1, A2, A3, A4>(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Func<A1, A2, A3, A4, CancellationToken, ValueTask>>(target);
        return async (a1, a2, a3, a4, c) =>
        {
            await call(a1, a2, a3, a4, c).ConfigureAwait(false);
            return default;
        };
    }

    private static ForeignCall5<A1, A2, A3, A4, A5, Unit> Call5<A1, A2, A3, A4, A5>(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Action<A1, A2, A3, A4, A5>>(target);
        return (a1, a2, a3, a4, a5) =>
        {
            call(a1, a2, a3, a4, a5);
            return default;
        };
    }

    private static ForeignOperation5<A1, A2, A3, A4, A5, Unit> Operation5<A1, A2, A3, A4, A5>(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Func<A1, A2, A3, A4, A5, CancellationToken, ValueTask>>(target);
        return async (a1, a2, a3, a4, a5, c) =>
        {
            await call(a1, a2, a3, a4, a5, c).ConfigureAwait(false);
            return default;
        };
    }

    private static ForeignCall6<A1, A2, A3, A4, A5, A6, Unit> Call6<A1, A2, A3, A4, A5, A6>(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Action<A1, A2, A3, A4, A5, A6>>(target);
        return (a1, a2, a3, a4, a5, a6) =>
        {
            call(a1, a2, a3, a4, a5, a6);
            return default;
        };
    }

    private static ForeignOperation6<A1, A2, A3, A4, A5, A6, Unit> Operation6<A1, A2, A3, A4, A5, A6>(object target, MethodInfo method)
    {
        var call = method.CreateDelegate<Func<A1, A2, A3, A4, A5, A6, CancellationToken, ValueTask>>(target);
        return async (a1, a2, a3, a4, a5, a6, c) =>
        {
            await call(a1, a2, a3, a4, a5, a6, c).ConfigureAwait(false);
            return default;
        };
    }
}
