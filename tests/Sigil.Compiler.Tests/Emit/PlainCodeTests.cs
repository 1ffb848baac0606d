using System.Collections.Immutable;
using Sigil.Emit;
using Sigil.Mir;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using static Sigil.Compiler.Tests.Emit.GraphWriter;

namespace Sigil.Compiler.Tests.Emit;

public sealed class PlainCodeTests
{
    private readonly FakeProgram program = new();
    private GraphWriter Main() => new(program, "@main", program.Core.Int, kind: MirFunctionKind.Entry);

    [Fact]
    public void ArithmeticIsNested()
    {
        var w = Main();
        var a = w.Binary(BinaryOperator.Multiply, w.Int(6), w.Int(7));
        var b = w.Binary(BinaryOperator.Subtract, w.Int(10), w.Int(3));
        var c = w.Binary(BinaryOperator.Add, Copy(a), Copy(b));
        var d = w.Binary(BinaryOperator.Subtract, Copy(c), w.Int(2));
        w.Return(Copy(d));
        Assert.Equal(47, program.Run(w.Function));
    }

    [Fact]
    public void LoopsSumUp()
    {
        // let i = 0, let sum = 0, while i < 10 do run(sum = sum + i, i = i + 1)
        var w = Main();
        var i = w.Local(program.Core.Int, MirLocalKind.User, "i");
        var sum = w.Local(program.Core.Int, MirLocalKind.User, "sum");
        w.Set(i, w.Int(0));
        w.Set(sum, w.Int(0));
        var first = w.Current;
        var head = w.Block();
        var body = w.Block();
        var end = w.Block();
        w.At(first);
        w.Goto(head);
        w.At(head);
        w.If(w.Binary(BinaryOperator.Less, Copy(i), w.Int(10)), body, end);
        w.At(body);
        w.Set(sum, new UseRvalue(Copy(w.Binary(BinaryOperator.Add, Copy(sum), Copy(i)))));
        w.Set(i, new UseRvalue(Copy(w.Binary(BinaryOperator.Add, Copy(i), w.Int(1)))));
        w.Goto(head);
        w.At(end);
        w.Return(Copy(sum));
        Assert.Equal(45, program.Run(w.Function));
    }

    [Fact]
    public void OverflowPanicsWithItsSite()
    {
        var w = Main();
        var big = w.Local(program.Core.Int, MirLocalKind.User, "big");
        w.Set(big, w.Int(long.MaxValue));
        w.Return(Copy(w.Binary(BinaryOperator.Add, Copy(big), w.Int(1))));
        Assert.Equal(101, program.Run(w.Function));
    }

    [Fact]
    public void StructsAreValues()
    {
        var symbol = new TypeSymbol("Point", TypeKind.Struct);
        symbol.Fields = [new FieldSymbol("x", 0) { Owner = symbol, Type = program.Core.Int }, new FieldSymbol("y", 1) { Owner = symbol, Type = program.Core.Int }];
        var point = new NamedType(symbol);
        var w = Main();
        var p = w.Local(point, MirLocalKind.User, "p");
        var q = w.Local(point, MirLocalKind.User, "q");
        w.Set(p, new ProductRvalue(point, [w.Int(3), w.Int(4)]));
        w.Set(q, Copy(p));
        w.Set(q.With(new FieldProjection(0, program.Core.Int)), w.Int(30));
        var sum = w.Binary(BinaryOperator.Add, Copy(p.With(new FieldProjection(0, program.Core.Int))), Copy(q.With(new FieldProjection(0, program.Core.Int))));
        w.Return(Copy(sum));
        Assert.Equal(33, program.Run(w.Function));
    }

    [Fact]
    public void RecursiveStructsAreObjectsAndStillValues()
    {
        var symbol = new TypeSymbol("Node", TypeKind.Struct);
        var node = new NamedType(symbol);
        var option = program.Core.Option(node);
        symbol.Fields = [new FieldSymbol("value", 0) { Owner = symbol, Type = program.Core.Int }, new FieldSymbol("next", 1) { Owner = symbol, Type = option }];
        var some = program.Core.Type("Option").Variants[1];
        var w = Main();
        var a = w.Local(node, MirLocalKind.User, "a");
        w.Set(a, new ProductRvalue(node, [w.Int(1), Copy(w.Temp(option, new VariantRvalue(option, program.Core.Type("Option").Variants[0], [])))]));
        var b = w.Local(node, MirLocalKind.User, "b");
        w.Set(b, new ProductRvalue(node, [w.Int(2), Copy(w.Temp(option, new VariantRvalue(option, some, [Copy(a)])))]));
        w.Set(a.With(new FieldProjection(0, program.Core.Int)), w.Int(10));
        var inner = b.With(new FieldProjection(1, option)).With(new VariantProjection(some, 0, node)).With(new FieldProjection(0, program.Core.Int));
        var tag = w.Temp(program.Core.Int, new DiscriminantRvalue(b.With(new FieldProjection(1, option)), option));
        var first = w.Current;
        var yes = w.Block();
        var no = w.Block();
        w.At(first);
        w.Current.Terminator = new Switch(Copy(tag), [(1, yes.Index)], no.Index);
        w.At(yes);
        w.Return(Copy(w.Binary(BinaryOperator.Add, Copy(inner), Copy(a.With(new FieldProjection(0, program.Core.Int))))));
        w.At(no);
        w.Return(w.Int(-1));
        Assert.Equal(11, program.Run(w.Function));
    }

    [Fact]
    public void SumsDispatch()
    {
        var symbol = new TypeSymbol("Shape", TypeKind.Sum);
        symbol.Variants =
        [
            new VariantSymbol("Empty", 0) { Owner = symbol },
            new VariantSymbol("Square", 1) { Owner = symbol, Fields = [new VariantField(null, program.Core.Int)] },
        ];
        var shape = new NamedType(symbol);
        var f = new GraphWriter(program, "@area", program.Core.Int);
        var s = f.Parameter(shape, MirParameterMode.Borrow);
        var tag = f.Temp(program.Core.Int, new DiscriminantRvalue(s, shape));
        var first = f.Current;
        var empty = f.Block();
        var square = f.Block();
        f.At(first);
        f.Current.Terminator = new Switch(Copy(tag), [(0, empty.Index)], square.Index);
        f.At(empty);
        f.Return(f.Int(0));
        f.At(square);
        var side = s.With(new VariantProjection(symbol.Variants[1], 0, program.Core.Int));
        f.Return(Copy(f.Binary(BinaryOperator.Multiply, Copy(side), Copy(side))));
        var area = program.Symbol("area");
        program.Define(area, f.Function);

        var w = Main();
        var a = w.Temp(shape, new VariantRvalue(shape, symbol.Variants[0], []));
        var b = w.Temp(shape, new VariantRvalue(shape, symbol.Variants[1], [w.Int(5)]));
        var x = w.Call(area, program.Core.Int, -1, new BorrowArgument(a))!;
        var y = w.Call(area, program.Core.Int, -1, new BorrowArgument(b))!;
        w.Return(Copy(w.Binary(BinaryOperator.Add, Copy(x), Copy(y))));
        Assert.Equal(25, program.Run(w.Function));
    }

    [Fact]
    public void ListsAreCopiedOnWrite()
    {
        var list = program.Core.List(program.Core.Int);
        var w = Main();
        var xs = w.Local(list, MirLocalKind.User, "xs");
        var ys = w.Local(list, MirLocalKind.User, "ys");
        var i = w.Local(program.Core.Int, MirLocalKind.User, "i");
        w.Set(i, w.Int(1));
        w.Set(xs, new ListRvalue(program.Core.Int, [w.Int(1), w.Int(2), w.Int(3)]));
        w.Set(ys, Copy(xs));
        var element = new ElementProjection(i.Local, program.Core.Int, new Sigil.Syntax.TextSpan(5, 2));
        w.Set(ys.With(element), w.Int(20));
        w.Return(Copy(w.Binary(BinaryOperator.Add, Copy(xs.With(element)), Copy(ys.With(element)))));
        Assert.Equal(22, program.Run(w.Function));
    }

    [Fact]
    public void ClosuresCapture()
    {
        var type = new FunctionType([program.Core.Int], program.Core.Int, []);
        var w = Main();
        var k = w.Local(program.Core.Int, MirLocalKind.User, "k");
        w.Set(k, w.Int(40));
        var body = new GraphWriter(program, "@main.lambda", program.Core.Int, kind: MirFunctionKind.Lambda, parent: w.Function);
        var x = body.Parameter(program.Core.Int);
        var captured = body.Local(program.Core.Int, MirLocalKind.Capture, "k");
        body.Return(Copy(body.Binary(BinaryOperator.Add, Copy(x), Copy(captured))));
        var f = w.Local(type, MirLocalKind.User, "f");
        w.Set(f, new ClosureRvalue(body.Function, [new ValueArgument(Copy(k))], type));
        var result = w.Call(new IndirectCallee(f, type, EffectVariant.Plain), program.Core.Int, -1, new ValueArgument(w.Int(2)))!;
        w.Return(Copy(result));
        Assert.Equal(42, program.Run(w.Function));
    }

    [Fact]
    public void GenericFunctionsAreInstantiated()
    {
        var t = new TypeParameterSymbol("T", 0);
        var symbol = program.Symbol("first");
        symbol.AllTypeParameters = symbol.TypeParameters = [t];
        var parameter = new TypeParameterType(t);
        var pair = new TupleType([parameter, parameter]);
        var f = new GraphWriter(program, "@first", parameter);
        var p = f.Parameter(pair);
        f.Return(Copy(p.With(new FieldProjection(0, parameter))));
        program.Define(symbol, f.Function);

        var w = Main();
        var ints = new TupleType([program.Core.Int, program.Core.Int]);
        var made = w.Temp(ints, new ProductRvalue(ints, [w.Int(9), w.Int(8)]));
        w.Return(Copy(w.Call(new StaticCallee(symbol, [program.Core.Int], EffectVariant.Plain), program.Core.Int, -1, new ValueArgument(Copy(made)))!));
        Assert.Equal(9, program.Run(w.Function));
    }

    [Fact]
    public void InstantiationWithoutEndIsAnError()
    {
        var t = new TypeParameterSymbol("T", 0);
        var symbol = program.Symbol("grow");
        symbol.AllTypeParameters = symbol.TypeParameters = [t];
        var parameter = new TypeParameterType(t);
        var pair = new TupleType([parameter, parameter]);
        var f = new GraphWriter(program, "@grow", program.Core.Int);
        var x = f.Parameter(parameter);
        var both = f.Temp(pair, new ProductRvalue(pair, [Copy(x), Copy(x)]));
        f.Return(Copy(f.Call(new StaticCallee(symbol, [pair], EffectVariant.Plain), program.Core.Int, -1, new ValueArgument(Copy(both)))!));
        program.Define(symbol, f.Function);
        var w = Main();
        w.Return(Copy(w.Call(new StaticCallee(symbol, [program.Core.Int], EffectVariant.Plain), program.Core.Int, -1, new ValueArgument(w.Int(1)))!));
        var emitted = AssemblyEmitter.Emit(program, "grow", new EmitEntry("main", w.Function), []);
        Assert.Equal("E3044", Assert.Single(emitted.Diagnostics).Code);
    }

    [Fact]
    public void CleanupRunsOnPanics()
    {
        // A panic is caught at the cleanup block, as assert_panics does.
        var w = Main();
        var caught = w.Local(program.Core.Bool, MirLocalKind.User, "caught");
        var message = w.Local(program.Core.Str, MirLocalKind.User, "message");
        var zero = w.Local(program.Core.Int, MirLocalKind.User, "zero");
        w.Set(zero, w.Int(0));
        var first = w.Current;
        var cleanup = w.Block(cleanup: true);
        var handled = w.Block();
        var resume = w.Block(cleanup: true);
        w.At(first);
        w.Set(zero, new BinaryRvalue(BinaryOperator.Divide, w.Int(1), Copy(zero), program.Core.Int, program.Core.Int), cleanup.Index);
        w.Return(w.Int(1));
        w.At(cleanup);
        w.Add(span => new CatchPanic { Span = span, Caught = caught.Local, Message = message.Local });
        w.If(caught, handled, resume);
        w.At(handled);
        w.Return(w.Int(77));
        w.At(resume);
        w.Current.Terminator = new ResumeUnwind();
        Assert.Equal(77, program.Run(w.Function));
    }

    [Fact]
    public void RangesIterate()
    {
        var w = Main();
        var range = program.Core.Range(program.Core.Int);
        var source = w.Temp(range, new RangeRvalue(program.Core.Int, w.Int(1), w.Int(4), true));
        var iterator = w.Local(range, MirLocalKind.Iterator);
        var has = w.Local(program.Core.Bool);
        var item = w.Local(program.Core.Int);
        var sum = w.Local(program.Core.Int, MirLocalKind.User, "sum");
        w.Add(span => new IterationStart { Span = span, Iterator = iterator.Local, Source = new ValueArgument(Move(source)), Kind = IterationKind.Range });
        w.Set(sum, w.Int(0));
        var first = w.Current;
        var head = w.Block();
        var body = w.Block();
        var end = w.Block();
        w.At(first);
        w.Goto(head);
        w.At(head);
        w.Add(span => new IterationNext { Span = span, Iterator = iterator.Local, HasItem = has.Local, Item = item.Local, Kind = IterationKind.Range });
        w.If(has, body, end);
        w.At(body);
        w.Set(sum, new BinaryRvalue(BinaryOperator.Add, Copy(sum), Copy(item), program.Core.Int, program.Core.Int));
        w.Goto(head);
        w.At(end);
        w.Return(Copy(sum));
        Assert.Equal(10, program.Run(w.Function));
    }
}
