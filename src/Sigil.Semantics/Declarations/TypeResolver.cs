using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Declarations;

/// <summary>Where a type stands; borrows are legal only as the type of a parameter.</summary>
public enum TypePosition { Value, Parameter }

/// <summary>Turns types as written into types. Reports what is wrong with them and gives <see cref="ErrorType"/> then.</summary>
public sealed partial class TypeResolver(ProgramAnalysis program, DiagnosticBag diagnostics)
{
    /// <summary>Resolves a type.</summary>
    /// <param name="hole">Gives the type for <c>_</c>; without it <c>_</c> is an error.</param>
    public SigilType Resolve(TypeSyntax syntax, TypeScope scope, TypePosition position = TypePosition.Value, Func<InferredType, SigilType>? hole = null) =>
        throw new NotImplementedException();

    /// <summary>Resolves a trait used as a bound, a supertrait, or behind <c>dyn</c>; null after an error.</summary>
    public TraitReference? ResolveTrait(TypePath path, TypeArgumentList? arguments, TypeScope scope, Func<InferredType, SigilType>? hole = null) =>
        throw new NotImplementedException();

    /// <summary>The capabilities of a <c>uses</c> clause (E2003, E5004, E5005).</summary>
    public ImmutableArray<TraitReference> ResolveUses(UsesClause? uses, TypeScope scope) => throw new NotImplementedException();

    /// <summary>The symbol that a path of words names in the type namespace: a type, trait, type parameter; null (silently) when there is none.</summary>
    public Symbol? FindTypeSymbol(IReadOnlyList<SyntaxToken> words, TypeScope scope) => throw new NotImplementedException();

    /// <summary>Explicit type arguments (<c>f&lt;int&gt;</c>, <c>Type&lt;A&gt; { }</c>).</summary>
    public ImmutableArray<SigilType> ResolveArguments(TypeArgumentList arguments, TypeScope scope, Func<InferredType, SigilType>? hole = null) => throw new NotImplementedException();
}
