using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Values;

/// <summary>A function of nine parameters.</summary>
public abstract class Fn<A, B, C, D, E, F, G, H, I, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c, D d, E e, F f, G g, H h, I i);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, D d, E e, F f, G g, H h, I i, out R result, Frame? frame)
    {
        result = Invoke(a, b, c, d, e, f, g, h, i);
        return Status.Completed;
    }
}

/// <summary>A function of ten parameters.</summary>
public abstract class Fn<A, B, C, D, E, F, G, H, I, J, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, out R result, Frame? frame)
    {
        result = Invoke(a, b, c, d, e, f, g, h, i, j);
        return Status.Completed;
    }
}

/// <summary>A function of eleven parameters.</summary>
public abstract class Fn<A, B, C, D, E, F, G, H, I, J, K, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, out R result, Frame? frame)
    {
        result = Invoke(a, b, c, d, e, f, g, h, i, j, k);
        return Status.Completed;
    }
}

/// <summary>A function of twelve parameters.</summary>
public abstract class Fn<A, B, C, D, E, F, G, H, I, J, K, L, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l, out R result, Frame? frame)
    {
        result = Invoke(a, b, c, d, e, f, g, h, i, j, k, l);
        return Status.Completed;
    }
}

/// <summary>A function of thirteen parameters.</summary>
public abstract class Fn<A, B, C, D, E, F, G, H, I, J, K, L, M, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l, M m);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l, M m, out R result, Frame? frame)
    {
        result = Invoke(a, b, c, d, e, f, g, h, i, j, k, l, m);
        return Status.Completed;
    }
}

/// <summary>A function of fourteen parameters.</summary>
public abstract class Fn<A, B, C, D, E, F, G, H, I, J, K, L, M, N, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l, M m, N n);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l, M m, N n, out R result, Frame? frame)
    {
        result = Invoke(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
        return Status.Completed;
    }
}

/// <summary>A function of fifteen parameters.</summary>
public abstract class Fn<A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l, M m, N n, O o);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l, M m, N n, O o, out R result, Frame? frame)
    {
        result = Invoke(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o);
        return Status.Completed;
    }
}

/// <summary>A function of sixteen parameters.</summary>
public abstract class Fn<A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, R> : IFunction
{
    /// <summary>Calls the function to its end.</summary>
    public abstract R Invoke(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l, M m, N n, O o, P p);

    /// <summary>Calls the function from a task; it may suspend.</summary>
    public virtual Status InvokeAsync(SigilTask task, A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l, M m, N n, O o, P p, out R result, Frame? frame)
    {
        result = Invoke(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
        return Status.Completed;
    }
}
