using Sigil.Runtime.Serialization;

namespace Sigil.Runtime.Processes;

/// <summary>
/// A provider of a capability that can be written down. The compiler lets the classes of providers whose types are Serializable implement it
/// when a program gives their capability to a process.
/// </summary>
public interface ICarriedProvider
{
    /// <summary>Appends the provider's value.</summary>
    void Write(ref FrameWriter writer);

    /// <summary>Another provider, of the value that comes next; the object asked needs no value of its own.</summary>
    object Read(ref FrameReader reader);
}

/// <summary>A provider on its way to another process.</summary>
/// <param name="Capability">What it provides.</param>
/// <param name="Class">Its class in the program's assembly.</param>
/// <param name="Value">Its encoded value.</param>
internal sealed record CarriedProvider(string Capability, string Class, byte[] Value)
{
    internal static CarriedProvider Of(ICarriedProvider provider, string capability) => new(capability, provider.GetType().FullName!, Encode(provider));

    /// <summary>Whether a provider says just what another one does.</summary>
    internal static bool AreSame(object provider, object other) =>
        provider.GetType() == other.GetType()
        && (provider is not ICarriedProvider one || Encode(one).AsSpan().SequenceEqual(Encode((ICarriedProvider)other)));

    private static byte[] Encode(ICarriedProvider provider)
    {
        using var attachments = new Attachments();
        return Frames.Encode(new ProviderCodec(provider), provider, attachments);
    }

    /// <summary>The provider, in the process that it has come to.</summary>
    /// <exception cref="FrameException">The bytes are no such provider.</exception>
    internal object Revive(System.Reflection.Assembly program)
    {
        var type = program.GetType(Class, throwOnError: true)!;
        var reader = (ICarriedProvider)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
        using var attachments = new Attachments();
        return Frames.Decode(new ProviderCodec(reader), Value, attachments);
    }

    private sealed class ProviderCodec(ICarriedProvider provider) : Codec<object>
    {
        public override void Write(ref FrameWriter writer, object value) => ((ICarriedProvider)value).Write(ref writer);

        public override object Read(ref FrameReader reader) => provider.Read(ref reader);
    }
}

/// <summary>The providers that came with the one task of this process.</summary>
public static class CarriedProviders
{
    private static Dictionary<string, object> s_here = [];

    /// <summary>The provider that came for a capability, or null: then the standard one serves.</summary>
    public static object? Find(string capability) => s_here.GetValueOrDefault(capability);

    /// <summary>For capabilities of which there is no standard provider: a process without one is never given the task.</summary>
    public static object Need(string capability) =>
        Find(capability) ?? throw new InvalidOperationException($"no provider of {capability} came with the task");

    internal static void Arrive(IReadOnlyList<CarriedProvider> providers, System.Reflection.Assembly program) =>
        s_here = providers.ToDictionary(p => p.Capability, p => p.Revive(program));
}
