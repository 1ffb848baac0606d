using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

/// <summary>Builds the parameterless function that the runtime starts for <c>@main</c> or a test: it makes the standard capabilities and gives the exit code.</summary>
internal sealed class EntryPointBuilder : GraphAssembler
{
    private EntryPointBuilder(LoweringContext context, MirFunction function) : base(context, function) { }

    public static MirFunction Build(LoweringContext context, FunctionSymbol main)
    {
        var function = new MirFunction
        {
            Name = $"entry.{main.Name}",
            Kind = MirFunctionKind.Entry,
            Symbol = main,
            Source = main.Source ?? SourceText.FromString("", ""),
            Span = main.Span,
            ReturnType = context.Core.Int,
            MaySuspend = main.IsTest || EffectRules.AllowsWaiting(context.Core, main.Uses),
        };
        new EntryPointBuilder(context, function).Build(main);
        return function;
    }

    private void Build(FunctionSymbol main)
    {
        var span = main.Span;
        var arguments = new List<MirArgument>();
        foreach (var use in EffectRules.Values(main.Uses))
            arguments.Add(new BorrowArgument(MirPlace.Of(Compute(new DynType([use]), new StandardCapabilityRvalue(use), span))));
        var type = LoweringContext.Strip(main.ReturnType);
        var none = Context.IsVoid(type) || LoweringContext.IsNever(type);
        var result = none ? -1 : NewTemporary(type, span);
        Emit(new CallInstruction
        {
            Target = none ? null : MirPlace.Of(result),
            Callee = new StaticCallee(main, [], EffectVariant.Plain),
            Arguments = [.. arguments],
            ResultType = type,
            Span = span,
        });
        if (type is NamedType { Definition: var d, Arguments.Length: 2 } && d == Context.Core.FindType("Result")) ReportError(result, type, span);
        Terminate(new Return(IntConstant(0)));
        RemoveUnreachableBlocks();
    }

    private void ReportError(int result, SigilType type, TextSpan span)
    {
        var err = Variant("Result", "Err");
        var failed = NewBlock();
        var fine = NewBlock();
        var tag = Compute(IntType, new DiscriminantRvalue(MirPlace.Of(result), type), span);
        Terminate(new Switch(Take(tag), [(err.Index, failed.Index)], fine.Index));
        StartBlock(failed);
        var errorType = LoweringContext.Strip(((NamedType)type).Arguments[1]);
        var text = NewTemporary(StrType, span);
        Emit(new CallInstruction
        {
            Target = MirPlace.Of(text),
            Callee = new StaticCallee(Context.Core.Trait("Printable").FindMethod("to_string")!, [errorType], EffectVariant.Plain),
            Arguments = [new BorrowArgument(MirPlace.Of(result).With(new VariantProjection(err, 0, errorType)))],
            ResultType = StrType,
            Span = span,
        });
        Emit(new WriteErrorInstruction { Message = Take(Compute(StrType, new ConcatRvalue([StrConstant("error: "), Take(text)]), span)), Span = span });
        Terminate(new Return(IntConstant(1)));
        StartBlock(fine);
    }
}
