using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Values;

// A Sigil function value of n parameters. `Invoke` is the plain entry; `InvokeAsync` the suspending one (see Sigil.Runtime.Tasks.Frame),
// which plain functions inherit. R is Unit for void. Emitted closures derive from these and hold the captured values as fields.

/// <summary>A function of no parameters.</summary>
public abstract class Fn<R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke();

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, out R result, Frame? frame)
    {
        result = Invoke();
        return Status.Completed;
    }
}

/// <summary>A function of one parameter.</summary>
public abstract class Fn<A, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, out R result, Frame? frame)
    {
        result = Invoke(a);
        return Status.Completed;
    }
}

/// <summary>A function of two parameters.</summary>
public abstract class Fn<A, B, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, out R result, Frame? frame)
    {
        result = Invoke(a, b);
        return Status.Completed;
    }
}

/// <summary>A function of three parameters.</summary>
public abstract class Fn<A, B, C, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, out R result, Frame? frame)
    {
        result = Invoke(a, b, c);
        return Status.Completed;
    }
}

/// <summary>A function of four parameters.</summary>
public abstract class Fn<A, B, C, D, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c, D d);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, D d, out R result, Frame? frame)
    {
        result = Invoke(a, b, c, d);
        return Status.Completed;
    }
}

/// <summary>A function of five parameters.</summary>
public abstract class Fn<A, B, C, D, E, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c, D d, E e);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, D d, E e, out R result, Frame? frame)
    {
        result = Invoke(a, b, c, d, e);
        return Status.Completed;
    }
}

/// <summary>A function of six parameters.</summary>
public abstract class Fn<A, B, C, D, E, F, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c, D d, E e, F f);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, D d, E e, F f, out R result, Frame? frame)
    {
        result = Invoke(a, b, c, d, e, f);
        return Status.Completed;
    }
}

/// <summary>A function of seven parameters.</summary>
public abstract class Fn<A, B, C, D, E, F, G, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c, D d, E e, F f, G g);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, D d, E e, F f, G g, out R result, Frame? frame)
    {
        result = Invoke(a, b, c, d, e, f, g);
        return Status.Completed;
    }
}

/// <summary>A function of eight parameters.</summary>
public abstract class Fn<A, B, C, D, E, F, G, H, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c, D d, E e, F f, G g, H h);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, D d, E e, F f, G g, H h, out R result, Frame? frame)
    {
        result = Invoke(a, b, c, d, e, f, g, h);
        return Status.Completed;
    }
}
