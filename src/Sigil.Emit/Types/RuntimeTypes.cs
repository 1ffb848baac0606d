namespace Sigil.Emit.Types;

/// <summary>Runtime classes named by <c>#[runtime("…")]</c>.</summary>
internal static class RuntimeTypes
{
    public static Type Find(string name, int arity)
    {
        var assembly = typeof(Runtime.Values.Unit).Assembly;
        return (arity > 0 ? assembly.GetType($"{name}`{arity}") : null) ?? assembly.GetType(name)
            ?? throw new InternalEmitException($"the runtime has no type '{name}' of {arity} parameters");
    }
}
