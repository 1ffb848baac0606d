namespace Sigil.Runtime.Values;

internal sealed class Tuple1Sharer<T1> : Sharer<ValueTuple<T1>>
{
    public override void Mark(ValueTuple<T1> value)
    {
        Sharing<T1>.Mark(value.Item1);
    }
}

internal sealed class Tuple2Sharer<T1, T2> : Sharer<ValueTuple<T1, T2>>
{
    public override void Mark(ValueTuple<T1, T2> value)
    {
        Sharing<T1>.Mark(value.Item1);
        Sharing<T2>.Mark(value.Item2);
    }
}

internal sealed class Tuple3Sharer<T1, T2, T3> : Sharer<ValueTuple<T1, T2, T3>>
{
    public override void Mark(ValueTuple<T1, T2, T3> value)
    {
        Sharing<T1>.Mark(value.Item1);
        Sharing<T2>.Mark(value.Item2);
        Sharing<T3>.Mark(value.Item3);
    }
}

internal sealed class Tuple4Sharer<T1, T2, T3, T4> : Sharer<ValueTuple<T1, T2, T3, T4>>
{
    public override void Mark(ValueTuple<T1, T2, T3, T4> value)
    {
        Sharing<T1>.Mark(value.Item1);
        Sharing<T2>.Mark(value.Item2);
        Sharing<T3>.Mark(value.Item3);
        Sharing<T4>.Mark(value.Item4);
    }
}

internal sealed class Tuple5Sharer<T1, T2, T3, T4, T5> : Sharer<ValueTuple<T1, T2, T3, T4, T5>>
{
    public override void Mark(ValueTuple<T1, T2, T3, T4, T5> value)
    {
        Sharing<T1>.Mark(value.Item1);
        Sharing<T2>.Mark(value.Item2);
        Sharing<T3>.Mark(value.Item3);
        Sharing<T4>.Mark(value.Item4);
        Sharing<T5>.Mark(value.Item5);
    }
}

internal sealed class Tuple6Sharer<T1, T2, T3, T4, T5, T6> : Sharer<ValueTuple<T1, T2, T3, T4, T5, T6>>
{
    public override void Mark(ValueTuple<T1, T2, T3, T4, T5, T6> value)
    {
        Sharing<T1>.Mark(value.Item1);
        Sharing<T2>.Mark(value.Item2);
        Sharing<T3>.Mark(value.Item3);
        Sharing<T4>.Mark(value.Item4);
        Sharing<T5>.Mark(value.Item5);
        Sharing<T6>.Mark(value.Item6);
    }
}

internal sealed class Tuple7Sharer<T1, T2, T3, T4, T5, T6, T7> : Sharer<ValueTuple<T1, T2, T3, T4, T5, T6, T7>>
{
    public override void Mark(ValueTuple<T1, T2, T3, T4, T5, T6, T7> value)
    {
        Sharing<T1>.Mark(value.Item1);
        Sharing<T2>.Mark(value.Item2);
        Sharing<T3>.Mark(value.Item3);
        Sharing<T4>.Mark(value.Item4);
        Sharing<T5>.Mark(value.Item5);
        Sharing<T6>.Mark(value.Item6);
        Sharing<T7>.Mark(value.Item7);
    }
}

internal sealed class Tuple8Sharer<T1, T2, T3, T4, T5, T6, T7, TRest> : Sharer<ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest>> where TRest : struct
{
    public override void Mark(ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> value)
    {
        Sharing<T1>.Mark(value.Item1);
        Sharing<T2>.Mark(value.Item2);
        Sharing<T3>.Mark(value.Item3);
        Sharing<T4>.Mark(value.Item4);
        Sharing<T5>.Mark(value.Item5);
        Sharing<T6>.Mark(value.Item6);
        Sharing<T7>.Mark(value.Item7);
        Sharing<TRest>.Mark(value.Rest);
    }
}
