namespace Sigil.Runtime.Values;

/// <summary>A function value of any shape. One that owns its captures also implements <see cref="Channels.IDroppable"/>; its static type does not say so.</summary>
public interface IFunction
{
}
