using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Interop;

// One of each per number of parameters: the compiler picks by it.
#pragma warning disable CS1591

public delegate R ForeignCall0<R>();
public delegate R ForeignCall1<A1, R>(A1 a1);
public delegate R ForeignCall2<A1, A2, R>(A1 a1, A2 a2);
public delegate R ForeignCall3<A1, A2, A3, R>(A1 a1, A2 a2, A3 a3);
public delegate R ForeignCall4<A1, A2, A3, A4, R>(A1 a1, A2 a2, A3 a3, A4 a4);
public delegate R ForeignCall5<A1, A2, A3, A4, A5, R>(A1 a1, A2 a2, A3 a3, A4 a4, A5 a5);
public delegate R ForeignCall6<A1, A2, A3, A4, A5, A6, R>(A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6);
public delegate ValueTask<R> ForeignOperation0<R>(CancellationToken cancelled);
public delegate ValueTask<R> ForeignOperation1<A1, R>(A1 a1, CancellationToken cancelled);
public delegate ValueTask<R> ForeignOperation2<A1, A2, R>(A1 a1, A2 a2, CancellationToken cancelled);
public delegate ValueTask<R> ForeignOperation3<A1, A2, A3, R>(A1 a1, A2 a2, A3 a3, CancellationToken cancelled);
public delegate ValueTask<R> ForeignOperation4<A1, A2, A3, A4, R>(A1 a1, A2 a2, A3 a3, A4 a4, CancellationToken cancelled);
public delegate ValueTask<R> ForeignOperation5<A1, A2, A3, A4, A5, R>(A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, CancellationToken cancelled);
public delegate ValueTask<R> ForeignOperation6<A1, A2, A3, A4, A5, A6, R>(A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6, CancellationToken cancelled);

/// <summary>What emitted code calls to reach a method of a C# class. An exception of the class becomes a panic that names the method.</summary>
public static class ForeignCalls
{
    public static R Call<R>(ForeignCall0<R> method, string name)
    {
        try
        {
            using var blocking = Blocking.Section();
            return method();
        }
        catch (Exception problem) when (ForeignProvider.IsFault(problem))
        {
            throw ForeignProvider.Fault(name, problem);
        }
    }

    public static R Block<R>(ForeignOperation0<R> method, string name) => Completion.Await(c => ForeignProvider.Guard(name, c, () => method(c)));

    public static Status Await<R>(SigilTask task, ForeignOperation0<R> method, string name, out R result) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(c)), out result, name, name);

    public static Status AwaitVoid<R>(SigilTask task, ForeignOperation0<R> method, string name) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(c)), out _, name, name);

    public static R Call<A1, R>(ForeignCall1<A1, R> method, string name, A1 a1)
    {
        try
        {
            using var blocking = Blocking.Section();
            return method(a1);
        }
        catch (Exception problem) when (ForeignProvider.IsFault(problem))
        {
            throw ForeignProvider.Fault(name, problem);
        }
    }

    public static R Block<A1, R>(ForeignOperation1<A1, R> method, string name, A1 a1) => Completion.Await(c => ForeignProvider.Guard(name, c, () => method(a1, c)));

    public static Status Await<A1, R>(SigilTask task, ForeignOperation1<A1, R> method, string name, A1 a1, out R result) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(a1, c)), out result, name, name);

    public static Status AwaitVoid<A1, R>(SigilTask task, ForeignOperation1<A1, R> method, string name, A1 a1) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(a1, c)), out _, name, name);

    public static R Call<A1, A2, R>(ForeignCall2<A1, A2, R> method, string name, A1 a1, A2 a2)
    {
        try
        {
            using var blocking = Blocking.Section();
            return method(a1, a2);
        }
        catch (Exception problem) when (ForeignProvider.IsFault(problem))
        {
            throw ForeignProvider.Fault(name, problem);
        }
    }

    public static R Block<A1, A2, R>(ForeignOperation2<A1, A2, R> method, string name, A1 a1, A2 a2) => Completion.Await(c => ForeignProvider.Guard(name, c, () => method(a1, a2, c)));

    public static Status Await<A1, A2, R>(SigilTask task, ForeignOperation2<A1, A2, R> method, string name, A1 a1, A2 a2, out R result) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(a1, a2, c)), out result, name, name);

    public static Status AwaitVoid<A1, A2, R>(SigilTask task, ForeignOperation2<A1, A2, R> method, string name, A1 a1, A2 a2) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(a1, a2, c)), out _, name, name);

    public static R Call<A1, A2, A3, R>(ForeignCall3<A1, A2, A3, R> method, string name, A1 a1, A2 a2, A3 a3)
    {
        try
        {
            using var blocking = Blocking.Section();
            return method(a1, a2, a3);
        }
        catch (Exception problem) when (ForeignProvider.IsFault(problem))
        {
            throw ForeignProvider.Fault(name, problem);
        }
    }

    public static R Block<A1, A2, A3, R>(ForeignOperation3<A1, A2, A3, R> method, string name, A1 a1, A2 a2, A3 a3) => Completion.Await(c => ForeignProvider.Guard(name, c, () => method(a1, a2, a3, c)));

    public static Status Await<A1, A2, A3, R>(SigilTask task, ForeignOperation3<A1, A2, A3, R> method, string name, A1 a1, A2 a2, A3 a3, out R result) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(a1, a2, a3, c)), out result, name, name);

    public static Status AwaitVoid<A1, A2, A3, R>(SigilTask task, ForeignOperation3<A1, A2, A3, R> method, string name, A1 a1, A2 a2, A3 a3) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(a1, a2, a3, c)), out _, name, name);

    public static R Call<A1, A2, A3, A4, R>(ForeignCall4<A1, A2, A3, A4, R> method, string name, A1 a1, A2 a2, A3 a3, A4 a4)
    {
        try
        {
            using var blocking = Blocking.Section();
            return method(a1, a2, a3, a4);
        }
        catch (Exception problem) when (ForeignProvider.IsFault(problem))
        {
            throw ForeignProvider.Fault(name, problem);
        }
    }

    public static R Block<A1, A2, A3, A4, R>(ForeignOperation4<A1, A2, A3, A4, R> method, string name, A1 a1, A2 a2, A3 a3, A4 a4) => Completion.Await(c => ForeignProvider.Guard(name, c, () => method(a1, a2, a3, a4, c)));

    public static Status Await<A1, A2, A3, A4, R>(SigilTask task, ForeignOperation4<A1, A2, A3, A4, R> method, string name, A1 a1, A2 a2, A3 a3, A4 a4, out R result) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(a1, a2, a3, a4, c)), out result, name, name);

    public static Status AwaitVoid<A1, A2, A3, A4, R>(SigilTask task, ForeignOperation4<A1, A2, A3, A4, R> method, string name, A1 a1, A2 a2, A3 a3, A4 a4) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(a1, a2, a3, a4, c)), out _, name, name);

    public static R Call<A1, A2, A3, A4, A5, R>(ForeignCall5<A1, A2, A3, A4, A5, R> method, string name, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5)
    {
        try
        {
            using var blocking = Blocking.Section();
            return method(a1, a2, a3, a4, a5);
        }
        catch (Exception problem) when (ForeignProvider.IsFault(problem))
        {
            throw ForeignProvider.Fault(name, problem);
        }
    }

    public static R Block<A1, A2, A3, A4, A5, R>(ForeignOperation5<A1, A2, A3, A4, A5, R> method, string name, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5) => Completion.Await(c => ForeignProvider.Guard(name, c, () => method(a1, a2, a3, a4, a5, c)));

    public static Status Await<A1, A2, A3, A4, A5, R>(SigilTask task, ForeignOperation5<A1, A2, A3, A4, A5, R> method, string name, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, out R result) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(a1, a2, a3, a4, a5, c)), out result, name, name);

    public static Status AwaitVoid<A1, A2, A3, A4, A5, R>(SigilTask task, ForeignOperation5<A1, A2, A3, A4, A5, R> method, string name, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(a1, a2, a3, a4, a5, c)), out _, name, name);

    public static R Call<A1, A2, A3, A4, A5, A6, R>(ForeignCall6<A1, A2, A3, A4, A5, A6, R> method, string name, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6)
    {
        try
        {
            using var blocking = Blocking.Section();
            return method(a1, a2, a3, a4, a5, a6);
        }
        catch (Exception problem) when (ForeignProvider.IsFault(problem))
        {
            throw ForeignProvider.Fault(name, problem);
        }
    }

    public static R Block<A1, A2, A3, A4, A5, A6, R>(ForeignOperation6<A1, A2, A3, A4, A5, A6, R> method, string name, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6) => Completion.Await(c => ForeignProvider.Guard(name, c, () => method(a1, a2, a3, a4, a5, a6, c)));

    public static Status Await<A1, A2, A3, A4, A5, A6, R>(SigilTask task, ForeignOperation6<A1, A2, A3, A4, A5, A6, R> method, string name, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6, out R result) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(a1, a2, a3, a4, a5, a6, c)), out result, name, name);

    public static Status AwaitVoid<A1, A2, A3, A4, A5, A6, R>(SigilTask task, ForeignOperation6<A1, A2, A3, A4, A5, A6, R> method, string name, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6) =>
        Completion.Begin(task, c => ForeignProvider.Guard(name, c, () => method(a1, a2, a3, a4, a5, a6, c)), out _, name, name);
}
