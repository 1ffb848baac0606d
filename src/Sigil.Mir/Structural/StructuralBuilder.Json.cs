using System.Collections.Immutable;
using Sigil.Mir.Building;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Structural;

// Serializable: values as JSON. The prelude's json_… functions know scalars and containers; what has fields and variants is written out here.
internal sealed partial class StructuralBuilder
{
    private FunctionSymbol Library(string name) => Context.Core.FindFunction($"prelude.{name}") ?? Context.Core.Function($"std.prelude.{name}");

    /// <summary>A hand-written method of the type's own impl, which stands for the structure.</summary>
    private bool HasWritten(string method) =>
        Context.Core.FindTrait("Serializable") is { } trait
        && Context.Types.FindImpl(self, new TraitReference(trait))?.Impl is { IsDerived: false } impl && impl.Methods.Any(m => m.Name == method);

    private MirOperand Call(FunctionSymbol function, ImmutableArray<SigilType> typeArguments, SigilType result, params ImmutableArray<MirArgument> arguments)
    {
        var isVoid = Context.IsVoid(result);
        var value = isVoid ? -1 : NewTemporary(result, span);
        Emit(new CallInstruction
        {
            Target = isVoid ? null : MirPlace.Of(value),
            Callee = new StaticCallee(function, typeArguments, EffectVariant.Plain),
            Arguments = arguments,
            ResultType = result,
            Span = span,
        });
        return isVoid ? Unit : Take(value);
    }

    private static MirArgument Given(MirOperand operand) => new ValueArgument(operand);

    // ---------- to_json, from_json ----------

    private void ToJson() =>
        Terminate(new Return(Call(Library("json_text_of"), [self], StrType, new BorrowArgument(MirPlace.Of(0)), Given(BoolConstant(false)))));

    private void FromJson() => Terminate(new Return(Call(Library("json_value_of"), [self], Function.ReturnType, Given(CopyOf(0)))));

    // ---------- writing: local 0 is the value, local 1 the writer ----------

    private void Put(string function, params ImmutableArray<MirArgument> arguments) =>
        Call(Library("json_" + function), [], Context.Core.Void, [.. arguments, Given(CopyOf(1))]);

    private void PutPart(MirPlace place, SigilType type) =>
        Call(Context.Core.Trait("Serializable").FindMethod("append_json")!, [type], Context.Core.Void, new BorrowArgument(place), Given(CopyOf(1)));

    private void AppendJson()
    {
        if (HasWritten("to_json"))
        {
            var text = Call(Context.Core.Trait("Serializable").FindMethod("to_json")!, [self], StrType, new BorrowArgument(MirPlace.Of(0)));
            Put("put_written", Given(text));
        }
        else if (ScalarName() is { } scalar) Put("put_" + scalar, Given(CopyOf(0)));
        else if (ContainerName() is { } container)
            Call(Library("json_put_" + container), ContainerArguments(), Context.Core.Void, Given(CopyOf(0)), Given(CopyOf(1)));
        else if (self is CapabilityType c)
        {
            var content = LoweringContext.Strip(c.Target);
            PutPart(MirPlace.Of(0).With(new DereferenceProjection(content)), content);
        }
        else if (IsSum(out var sum))
        {
            var isOption = sum.Definition == Context.Core.Type("Option");
            PerVariant(sum, Tag(0), v =>
            {
                if (isOption) PutOption(v);
                else PutVariant(v);
                Terminate(new Return(null));
            }, null);
            return;
        }
        else if (self is NamedType { Definition.Kind: TypeKind.Newtype })
        {
            foreach (var (place, _, type) in Fields()) PutPart(place, type);
        }
        else if (self is TupleType)
        {
            Put("begin_array");
            foreach (var (place, _, type) in Fields()) PutPart(place, type);
            Put("end_array");
        }
        else PutFields();
        Terminate(new Return(null));
    }

    private void PutOption(VariantSymbol variant)
    {
        if (variant.Fields.IsEmpty) Put("put_null");
        else foreach (var (place, _, type) in Payload(variant)) PutPart(place, type);
    }

    private void PutVariant(VariantSymbol variant)
    {
        if (variant.Fields.IsEmpty)
        {
            Put("put_str", Given(StrConstant(variant.Name)));
            return;
        }
        var isNamed = variant.Fields[0].Name is not null;
        Put("begin_object");
        Put("put_name", Given(StrConstant(variant.Name)));
        Put(isNamed ? "begin_object" : "begin_array");
        foreach (var ((place, _, type), field) in Payload(variant).Zip(variant.Fields))
        {
            if (isNamed) Put("put_name", Given(StrConstant(field.Name!)));
            PutPart(place, type);
        }
        Put(isNamed ? "end_object" : "end_array");
        Put("end_object");
    }

    private void PutFields()
    {
        Put("begin_object");
        var i = 0;
        foreach (var (place, _, type) in Fields().ToList())
        {
            var field = DeclaredField(i);
            void Member()
            {
                Put("put_name", Given(StrConstant(FieldName(i))));
                PutPart(place, type);
            }
            if (field is { JsonSkipIfNone: true } && IsOption(type))
            {
                var some = NewBlock();
                var next = NewBlock();
                var tag = Compute(IntType, new DiscriminantRvalue(place, type), span);
                Terminate(new Switch(Take(tag), [(Variant("Option", "Some").Index, some.Index)], next.Index));
                StartBlock(some);
                Member();
                Goto(next);
                StartBlock(next);
            }
            else Member();
            i++;
        }
        Put("end_object");
    }

    private bool IsOption(SigilType type) => type is NamedType n && n.Definition == Context.Core.Type("Option");

    private FieldSymbol? DeclaredField(int index) => self is NamedType { Definition: { Kind: TypeKind.Struct, Fields: var fields } } ? fields[index] : null;

    private string FieldName(int index) => DeclaredField(index) is { } field ? field.JsonName ?? field.Name : ((RecordType)self).Fields[index].Name;

    private string? ScalarName() => (self as NamedType)?.Definition.Kind switch
    {
        TypeKind.Int => "int",
        TypeKind.Float => "float",
        TypeKind.Bool => "bool",
        TypeKind.Byte => "byte",
        TypeKind.Char => "char",
        TypeKind.Str => "str",
        TypeKind.Void => "void",
        TypeKind.Duration => "duration",
        TypeKind.Size => "size",
        _ => null,
    };

    private string? ContainerName() => self is NamedType n ? n.Definition.Kind switch
    {
        TypeKind.List => "list",
        TypeKind.Set => "set",
        TypeKind.Range => "range",
        TypeKind.Map => HasTextKeys(n) ? "object" : "pairs",
        _ => null,
    } : null;

    private static bool HasTextKeys(NamedType map) => LoweringContext.Strip(map.Arguments[0]) is NamedType { Definition.Kind: TypeKind.Str };

    private ImmutableArray<SigilType> ContainerArguments() =>
        self is NamedType { Definition.Kind: TypeKind.Map } map && HasTextKeys(map) ? [map.Arguments[1]] : ((NamedType)self).Arguments;

    // ---------- reading: local 0 is the node ----------

    private SigilType JsonErrorType => Context.Core.Type("JsonError").SelfType;

    private SigilType ResultOf(SigilType value) => Context.Core.Result(value, JsonErrorType);

    /// <summary>Calls what gives a Result; its Err is this function's.</summary>
    private int Try(FunctionSymbol function, ImmutableArray<SigilType> typeArguments, SigilType value, params ImmutableArray<MirArgument> arguments)
    {
        var type = ResultOf(value);
        var outcome = NewTemporary(type, span);
        Assign(outcome, Call(function, typeArguments, type, arguments), span);
        var good = NewBlock();
        var bad = NewBlock();
        Terminate(new Switch(Take(Compute(IntType, new DiscriminantRvalue(MirPlace.Of(outcome), type), span)), [(Variant("Result", "Ok").Index, good.Index)], bad.Index));
        StartBlock(bad);
        ReturnError(new CopyOperand(MirPlace.Of(outcome).With(new VariantProjection(Variant("Result", "Err"), 0, JsonErrorType))));
        StartBlock(good);
        var result = NewTemporary(value, span);
        if (!Context.IsVoid(value)) Assign(result, Part(MirPlace.Of(outcome).With(new VariantProjection(Variant("Result", "Ok"), 0, value)), value), span);
        return result;
    }

    private MirOperand Part(MirPlace place, SigilType type) => Context.IsUnique(type) ? new MoveOperand(place) : new CopyOperand(place);

    private int TryLibrary(string function, ImmutableArray<SigilType> typeArguments, SigilType value, params ImmutableArray<MirArgument> arguments) =>
        Try(Library(function), typeArguments, value, arguments);

    private void ReturnError(MirOperand error) =>
        Terminate(new Return(Take(Compute(Function.ReturnType, new VariantRvalue(Function.ReturnType, Variant("Result", "Err"), [error]), span))));

    private void ReturnValue(MirRvalue value)
    {
        var held = Compute(self, value, span);
        Terminate(new Return(Take(Compute(Function.ReturnType, new VariantRvalue(Function.ReturnType, Variant("Result", "Ok"), [Take(held)]), span))));
    }

    private SigilType Signature(string function, int typeArgument = 0)
    {
        // The value of a library function that gives a Result.
        var result = (NamedType)LoweringContext.Strip(Library(function).ReturnType);
        return Context.Types.Normalize(LoweringContext.Strip(result.Arguments[typeArgument]));
    }

    private void OfJsonNode()
    {
        var serializable = Context.Core.Trait("Serializable");
        if (HasWritten("from_json"))
        {
            var text = Call(Library("json_written"), [], StrType, Given(CopyOf(0)));
            Terminate(new Return(Call(serializable.FindMethod("from_json")!, [self], Function.ReturnType, Given(text))));
        }
        else if (ScalarName() is { } scalar) Terminate(new Return(Call(Library("json_get_" + scalar), [], Function.ReturnType, Given(CopyOf(0)))));
        else if (ContainerName() is { } container) Terminate(new Return(Call(Library("json_get_" + container), ContainerArguments(), Function.ReturnType, Given(CopyOf(0)))));
        else if (self is NamedType { Definition.Kind: TypeKind.Never }) Terminate(new Return(Call(Library("json_no_variant"), [self], Function.ReturnType, Given(StrConstant("Never")), Given(StrConstant("")))));
        else if (self is CapabilityType c)
        {
            var content = LoweringContext.Strip(c.Target);
            var value = Try(serializable.FindMethod("of_json_node")!, [content], content, Given(CopyOf(0)));
            ReturnValue(new MakeObjectRvalue(Take(value), self));
        }
        else if (IsOption(self)) ReadOption();
        else if (IsSum(out var sum)) ReadVariants(sum);
        else if (self is NamedType { Definition.Kind: TypeKind.Newtype })
        {
            var content = LoweringContext.Strip(Context.Types.FieldTypes(self)[0]);
            var value = Try(serializable.FindMethod("of_json_node")!, [content], content, Given(CopyOf(0)));
            ReturnValue(new ProductRvalue(self, [Take(value)]));
        }
        else if (self is TupleType) ReturnValue(new ProductRvalue(self, ReadItems(MirPlace.Of(0), [.. Context.Types.FieldTypes(self).Select(LoweringContext.Strip)])));
        else ReadFields();
    }

    private void ReadOption()
    {
        var content = LoweringContext.Strip(((NamedType)self).Arguments[0]);
        var absent = NewBlock();
        var present = NewBlock();
        Terminate(new Branch(Call(Library("json_is_null"), [], BoolType, Given(CopyOf(0))), absent.Index, present.Index));
        StartBlock(absent);
        ReturnValue(new VariantRvalue(self, Variant("Option", "None"), []));
        StartBlock(present);
        var value = Try(Context.Core.Trait("Serializable").FindMethod("of_json_node")!, [content], content, Given(CopyOf(0)));
        ReturnValue(new VariantRvalue(self, Variant("Option", "Some"), [Take(value)]));
    }

    private ImmutableArray<MirOperand> ReadItems(MirPlace node, ImmutableArray<SigilType> types)
    {
        var nodes = TryLibrary("json_be_array", [], Signature("json_be_array"), Given(new CopyOperand(node)), Given(IntConstant(types.Length)));
        return [.. types.Select((type, i) => (type, Local: TryLibrary("json_item", [type], type, Given(CopyOf(nodes)), Given(IntConstant(i))))).ToList().Select(p => Taken(p.Local, p.type))];
    }

    private MirOperand Taken(int local, SigilType type) => Context.IsVoid(type) ? Unit : Take(local);

    private void ReadVariants(NamedType sum)
    {
        var shape = (TupleType)Signature("json_variant");
        var found = TryLibrary("json_variant", [], shape, Given(CopyOf(0)));
        var name = MirPlace.Of(found).With(new FieldProjection(0, StrType));
        var payload = MirPlace.Of(found).With(new FieldProjection(1, LoweringContext.Strip(shape.Elements[1])));
        foreach (var variant in sum.Definition.Variants)
        {
            var here = NewBlock();
            var next = NewBlock();
            Terminate(new Branch(Compare(BinaryOperator.Equal, new CopyOperand(name), StrConstant(variant.Name), StrType, span), here.Index, next.Index));
            StartBlock(here);
            ReadVariant(variant, payload);
            StartBlock(next);
        }
        Terminate(new Return(Call(Library("json_no_variant"), [self], Function.ReturnType, Given(StrConstant(sum.Definition.Name)), Given(new CopyOperand(name)))));
    }

    private void ReadVariant(VariantSymbol variant, MirPlace payload)
    {
        var types = Context.Types.PayloadTypes(self, variant).Select(LoweringContext.Strip).ToImmutableArray();
        if (types.IsEmpty)
        {
            TryLibrary("json_no_payload", [], Context.Core.Void, Given(new CopyOperand(payload)));
            ReturnValue(new VariantRvalue(self, variant, []));
            return;
        }
        var node = TryLibrary("json_payload", [], Signature("json_payload"), Given(new CopyOperand(payload)));
        ImmutableArray<MirOperand> values = variant.Fields[0].Name is null
            ? ReadItems(MirPlace.Of(node), types)
            : [.. types.Select((type, i) => (type, Local: ReadMember(MirPlace.Of(node), variant.Fields[i].Name!, type, null))).ToList().Select(p => Taken(p.Local, p.type))];
        ReturnValue(new VariantRvalue(self, variant, values));
    }

    private void ReadFields()
    {
        var types = Context.Types.FieldTypes(self);
        if (types.IsEmpty) TryLibrary("json_be_object", [], Context.Core.Void, Given(CopyOf(0)));
        var locals = types.Select((t, i) => ReadMember(MirPlace.Of(0), FieldName(i), LoweringContext.Strip(t), DeclaredField(i))).ToList();
        ReturnValue(new ProductRvalue(self, [.. locals.Select((local, i) => Taken(local, LoweringContext.Strip(types[i])))]));
    }

    /// <summary>The value of a member, or what stands for it when it is missing: <c>#[json(default)]</c>, the field's default, None of an Option.</summary>
    private int ReadMember(MirPlace node, string name, SigilType type, FieldSymbol? field)
    {
        var found = TryLibrary("json_find", [type], Context.Core.Option(type), Given(new CopyOperand(node)), Given(StrConstant(name)));
        var value = NewTemporary(type, span);
        var there = NewBlock();
        var missing = NewBlock();
        var next = NewBlock();
        var option = Context.Core.Option(type);
        Terminate(new Switch(Take(Compute(IntType, new DiscriminantRvalue(MirPlace.Of(found), option), span)), [(Variant("Option", "Some").Index, there.Index)], missing.Index));
        StartBlock(there);
        if (!Context.IsVoid(type)) Assign(value, Part(MirPlace.Of(found).With(new VariantProjection(Variant("Option", "Some"), 0, type)), type), span);
        Goto(next);
        StartBlock(missing);
        if (field is not null && Context.Semantics.JsonDefaultOf(field) is { } written)
        {
            if (IsOption(type))
            {
                var content = NewTemporary(((NamedType)type).Arguments[0], span);
                Default(written, content);
                Assign(value, new VariantRvalue(type, Variant("Option", "Some"), [Take(content)]), span);
            }
            else Default(written, value);
            Goto(next);
        }
        else if (field is { Default: not null })
        {
            Default(Context.Semantics.DefaultOf(field), value);
            Goto(next);
        }
        else if (IsOption(type))
        {
            Assign(value, new VariantRvalue(type, Variant("Option", "None"), []), span);
            Goto(next);
        }
        else Terminate(new Return(Call(Library("json_missing"), [self], Function.ReturnType, Given(StrConstant(name)))));
        StartBlock(next);
        return value;
    }

    private void Default(TypedExpression expression, int target)
    {
        var end = NewBlock();
        Goto(Function.Blocks[FunctionBuilder.AppendExpression(Context, Function, expression, target, end)]);
        StartBlock(end);
    }
}
