using Sigil.Mir;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using static Sigil.Compiler.Tests.Emit.GraphWriter;

namespace Sigil.Compiler.Tests.Emit;

public sealed class SuspendingCodeTests
{
    private readonly FakeProgram program = new();

    private FunctionSymbol Yield => field ??= program.Intrinsic("yield_now", program.Core.Void);

    private GraphWriter Main() => new(program, "@main", program.Core.Int, maySuspend: true, kind: MirFunctionKind.Entry);

    [Fact]
    public void LocalsSurviveSuspension()
    {
        var f = new GraphWriter(program, "@twice", program.Core.Int, maySuspend: true);
        var x = f.Parameter(program.Core.Int);
        f.Call(Yield, program.Core.Void);
        var sum = f.Binary(BinaryOperator.Add, Copy(x), Copy(x));
        f.Call(Yield, program.Core.Void);
        f.Return(Copy(sum));
        var twice = program.Symbol("twice");
        program.Define(twice, f.Function);

        var w = Main();
        var a = w.Call(twice, program.Core.Int, -1, new ValueArgument(w.Int(5)))!;
        var b = w.Call(twice, program.Core.Int, -1, new ValueArgument(Copy(a)))!;
        w.Return(Copy(w.Binary(BinaryOperator.Add, Copy(a), Copy(b))));
        Assert.Equal(30, program.Run(w.Function));
    }

    [Fact]
    public void MutableBorrowsCrossSuspension()
    {
        var f = new GraphWriter(program, "@bump", program.Core.Void, maySuspend: true);
        var x = f.Parameter(program.Core.Int, MirParameterMode.BorrowMutable);
        f.Call(Yield, program.Core.Void);
        f.Set(x, new BinaryRvalue(BinaryOperator.Add, Copy(x), f.Int(1), program.Core.Int, program.Core.Int));
        f.Return();
        var bump = program.Symbol("bump");
        program.Define(bump, f.Function);
        var w = Main();
        var n = w.Local(program.Core.Int, MirLocalKind.User, "n");
        w.Set(n, w.Int(1));
        w.Call(bump, program.Core.Void, -1, new BorrowMutableArgument(n));
        w.Call(bump, program.Core.Void, -1, new BorrowMutableArgument(n));
        w.Return(Copy(n));
        Assert.Equal(3, program.Run(w.Function));
    }

    [Fact]
    public void PanicsOfResumedCalleesReachTheCleanup()
    {
        var f = new GraphWriter(program, "@fail", program.Core.Void, maySuspend: true);
        f.Call(Yield, program.Core.Void);
        f.Add(span => new PanicInstruction { Span = span, Message = f.Str("no") });
        f.Current.Terminator = new Unreachable();
        var fail = program.Symbol("fail");
        program.Define(fail, f.Function);

        var w = Main();
        var caught = w.Local(program.Core.Bool, MirLocalKind.User, "caught");
        var message = w.Local(program.Core.Str, MirLocalKind.User, "message");
        var first = w.Current;
        var cleanup = w.Block(cleanup: true);
        var handled = w.Block();
        var resume = w.Block(cleanup: true);
        w.At(first);
        w.Call(fail, program.Core.Void, cleanup.Index);
        w.Return(w.Int(1));
        w.At(cleanup);
        w.Add(span => new CatchPanic { Span = span, Caught = caught.Local, Message = message.Local });
        w.If(caught, handled, resume);
        w.At(handled);
        w.Call(Yield, program.Core.Void);
        w.Return(w.Int(5));
        w.At(resume);
        w.Current.Terminator = new ResumeUnwind();
        Assert.Equal(5, program.Run(w.Function));
    }

    [Fact]
    public void TasksYieldResults()
    {
        var w = Main();
        var scope = w.Local(program.Core.Void, MirLocalKind.Scope);
        var k = w.Local(program.Core.Int, MirLocalKind.User, "k");
        w.Set(k, w.Int(20));
        w.Add(span => new ScopeStart { Span = span, Scope = scope.Local, Policy = ErrorPolicy.CancelAll });
        for (var slot = 0; slot < 2; slot++)
        {
            var body = new GraphWriter(program, "@main.task" + slot, program.Core.Int, maySuspend: true, kind: MirFunctionKind.Task, parent: w.Function);
            var captured = body.Local(program.Core.Int, MirLocalKind.Capture, "k");
            if (slot == 0) body.Call(Yield, program.Core.Void);
            body.Return(Copy(body.Binary(BinaryOperator.Add, Copy(captured), body.Int(slot))));
            var number = slot;
            w.Add(span => new SpawnInstruction { Span = span, Scope = scope.Local, Slot = number, Body = body.Function, Captures = [new ValueArgument(Copy(k))] });
        }
        w.Add(span => new ScopeJoin { Span = span, Scope = scope.Local });
        var a = w.Local(program.Core.Int);
        var b = w.Local(program.Core.Int);
        w.Add(span => new TaskResult { Span = span, Scope = scope.Local, Slot = 0, Target = a, Type = program.Core.Int });
        w.Add(span => new TaskResult { Span = span, Scope = scope.Local, Slot = 1, Target = b, Type = program.Core.Int });
        w.Return(Copy(w.Binary(BinaryOperator.Add, Copy(a), Copy(b))));
        Assert.Equal(41, program.Run(w.Function));
    }

    [Fact]
    public void FunctionsThatNeverWaitStayPlain()
    {
        var w = Main();
        w.Return(w.Int(4));
        Assert.Equal(4, program.Run(w.Function));
    }
}
