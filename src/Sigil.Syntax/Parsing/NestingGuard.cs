using System.Runtime.CompilerServices;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Parsing;

/// <content>
/// Limits on depth. They bound the recursion of the parser and the height of the tree, and so the recursion of all
/// later phases. Past a limit the rest of the text is skipped after one E1035: what follows cannot be read soundly.
/// </content>
internal sealed partial class Parser
{
    /// <summary>The documented limit of nesting, not counting the outermost expression.</summary>
    private const int MaxNesting = 1_001;

    /// <summary>
    /// The limit of an expression's height. A call nested in a call adds three nodes (call, argument list, argument), so
    /// that this is not reached before <see cref="MaxNesting"/> by brackets alone; it is there for chains such as
    /// <c>a + b + …</c> and <c>x.f().g()…</c>, which nest without recursion.
    /// </summary>
    private const int MaxHeight = 4_000;

    private int _depth;
    private bool _aborted;

    /// <summary>Counts a level of recursion; false when there are too many, and then nothing must be parsed.</summary>
    private bool Enter()
    {
        if (_depth < MaxNesting)
        {
            _depth++;
            return true;
        }
        Abort();
        return false;
    }

    private void Leave() => _depth--;

    /// <summary>Whether an expression that is about to get one higher may do so.</summary>
    private bool MayGrow(Expression expression)
    {
        if (expression.Height < MaxHeight)
            return true;
        Abort();
        return false;
    }

    private void Abort()
    {
        Report(SyntaxErrors.NestedTooDeeply(_source, Current.Span));
        _aborted = true;
        while (!AtEnd)
            Skip();
    }

    /// <summary>Runs a step on a thread of its own when the stack of this one runs low.</summary>
    private static T WithEnoughStack<T>(Func<T> step)
    {
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return step();
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = step();
                }
                catch (Exception e)
                {
                    failure = e;
                }
            },
            maxStackSize: 16 * 1024 * 1024);
        thread.Start();
        thread.Join();
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return result!;
    }
}
