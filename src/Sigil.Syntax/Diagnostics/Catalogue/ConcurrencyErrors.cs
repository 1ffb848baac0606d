namespace Sigil.Syntax.Diagnostics.Catalogue;

/// <summary>E6xxx about what crosses between tasks, channels and scopes; moves and borrows are in <c>OwnershipErrors</c>.</summary>
public static class ConcurrencyErrors
{
    /// <summary>E6002. <paramref name="why"/> is the path to the part that is not Sendable.</summary>
    public static Diagnostic NotSendable(SourceText source, TextSpan at, string type, string why, string crossing, string? help = null) =>
        Diagnostic.Error("E6002", source, at, $"{type} is not Sendable: {why}").Labelled(crossing) with { Help = help };

    /// <summary>E6002 for what a lambda captures.</summary>
    public static Diagnostic CaptureNotSendable(SourceText source, TextSpan at, TextSpan mention, string name, string type, string why, string functionType, SourceLocation? escapesAt)
    {
        var diagnostic = Diagnostic.Error("E6002", source, at, $"this lambda captures `{name}`, and {type} is not Sendable: {why}")
            .And(new SourceLocation(source, mention), $"`{name}` is captured here")
            .WithHelp($"a function of type `{functionType}` may move to another task; a lambda that captures something task-local has type `ref (…)`, or is given directly to a parameter that is only called");
        return escapesAt is { } escape ? diagnostic.And(escape, "the parameter leaves the function here, so its captures must be Sendable") : diagnostic;
    }

    /// <summary>E6002 for a task-local function where one that may move is needed.</summary>
    public static Diagnostic TaskLocalFunction(SourceText source, TextSpan at, string found, string wanted) =>
        Diagnostic.Error("E6002", source, at, $"this function holds something that stays in its task: it is `{found}`, not `{wanted}`")
            .WithHelp("capture only what is Sendable, or write the type as `ref (…)`");

    /// <summary>E6005.</summary>
    public static Diagnostic AssignmentInTask(SourceText source, TextSpan at, string name, SourceLocation declaredAt) =>
        Diagnostic.Error("E6005", source, at, $"`{name}` belongs to the task outside: this task has its own copy, which nobody would see change")
            .And(declaredAt, $"`{name}` is declared here")
            .WithHelp("give the result back as the value of the task, or send it through a channel");

    /// <summary>E6005 inside the parts of a parallel recurse.</summary>
    public static Diagnostic AssignmentInParallelRecursion(SourceText source, TextSpan at, string name) =>
        Diagnostic.Error("E6005", source, at, $"`{name}` belongs to the function outside: the parts of a parallel `recurse` run in several tasks and cannot change it")
            .WithHelp("give the result back as a value");

    /// <summary>E6007: a name from outside in <c>recover</c>.</summary>
    public static Diagnostic OuterNameInRecover(SourceText source, TextSpan at, string name, string type, string why, SourceLocation declaredAt) =>
        Diagnostic.Error("E6007", source, at, $"`recover` cannot use `{name}`: {type} is not Sendable ({why}), so an alias of it would stay outside the isolated object")
            .And(declaredAt, $"`{name}` is declared here")
            .WithHelp("make everything that the object holds inside `recover`");

    /// <summary>E6007: an isolated or immutable object around something that may have aliases.</summary>
    public static Diagnostic NotIsolated(SourceText source, TextSpan at, string word, string type, string why) =>
        Diagnostic.Error("E6007", source, at, $"`{word} {type}` cannot be made from a value like this: {type} is not Sendable ({why}), so aliases of its parts may exist")
            .WithHelp("build it inside `recover(…)`");

    /// <summary>E6007: a part that would become an alias.</summary>
    public static Diagnostic PartLeavesObject(SourceText source, TextSpan at, string owner, string type, string why) =>
        Diagnostic.Error("E6007", source, at, $"this would alias a part of an isolated object: `{owner}` holds it alone, and {type} is not Sendable ({why})")
            .WithHelp("read or write a Sendable part of it, or move the whole into a `ref` first");

    /// <summary>E6008, a lent function that is stored or returned.</summary>
    public static Diagnostic KeptFunction(SourceText source, TextSpan at, string type, string wanted) =>
        Diagnostic.Error("E6008", source, at, $"this function is only lent (`{type}`) and cannot be kept as `{wanted}`")
            .WithHelp($"take the parameter as `{wanted}`");

    /// <summary>E6008: a lambda that outlives the call mentions a lent unique value.</summary>
    public static Diagnostic BorrowInEscapingLambda(SourceText source, TextSpan at, string name, string type) =>
        Diagnostic.Error("E6008", source, at, $"`{name}` is only lent here: a lambda that is stored or returned cannot keep a `{type}`")
            .WithHelp("take the value itself, or give the lambda directly to a parameter that is only called");

    /// <summary>E6008: a unique value lent to a task.</summary>
    public static Diagnostic LentToTask(SourceText source, TextSpan at, string type) =>
        Diagnostic.Error("E6008", source, at, $"a `{type}` cannot be lent to a task: a borrow ends with the call that lent it, and a task has a life of its own")
            .WithHelp("give it to the task, or lend it to a call inside the task");

    /// <summary>E6009: a capacity that a channel cannot have.</summary>
    public static Diagnostic BadBuffer(SourceText source, TextSpan at, string form, long value) =>
        Diagnostic.Error("E6009", source, at, $"a {form} cannot buffer {value} values")
            .WithHelp(form != "broadcast" ? "`.buffer: 0` hands every value over directly, a positive number buffers that many" : "a broadcast buffers at least one value");

    /// <summary>E6009: other arguments than the form has.</summary>
    public static Diagnostic ChannelArguments(SourceText source, TextSpan at, string problem, string form = "channel") =>
        Diagnostic.Error("E6009", source, at, problem)
            .WithHelp(form != "broadcast"
                ? $"write `{form}<T>(.buffer: n)`, and `.share: Producers`, `Consumers` or `Both` where ends are cloned"
                : "write `broadcast<T>(.buffer: n, .on_lag: wait)`, or `drop_oldest`");

    /// <summary>E6010.</summary>
    public static Diagnostic TaskFunctionCaptures(SourceText source, TextSpan at) =>
        Diagnostic.Error("E6010", source, at, "the function of a process must be a named top-level function: another process does not see what a lambda captures")
            .WithHelp("pass what it needs as the input");

    /// <summary>W6001.</summary>
    public static Diagnostic HandleNotAwaited(SourceText source, TextSpan at, string? name) =>
        Diagnostic.Warning("W6001", source, at, name is null
                ? "this process is killed at once: its handle is dropped here"
                : $"nobody waits for the process of `{name}`: it is killed at the end of the scope")
            .WithHelp("call `wait()` for its result, or `kill()` to say that this is meant");

    /// <summary>E6011.</summary>
    public static Diagnostic GroupLeavesScope(SourceText source, TextSpan at, string what, string how) =>
        Diagnostic.Error("E6011", source, at, $"{what} {how}: it is valid only inside its scope")
            .WithHelp("spawn and wait inside the body; give the results back as its value");

    /// <summary>E6012.</summary>
    public static Diagnostic DetachedSpawn(SourceText source, TextSpan at) =>
        Diagnostic.Error("E6012", source, at, "there is no detached `spawn`: every task belongs to a scope that awaits it")
            .WithHelp("write `nursery(.tasks: n -> n.spawn(…))`, or `parallel(…)` for a fixed set of tasks");

    /// <summary>E6013. <paramref name="why"/> is the path to the part that cannot be written down.</summary>
    public static Diagnostic NotSerializable(SourceText source, TextSpan at, string type, string why, string crossing, string? help = null) =>
        Diagnostic.Error("E6013", source, at, $"{type} is not Serializable: {why}").Labelled(crossing) with { Help = help };

    /// <summary>E6015.</summary>
    public static Diagnostic SharingNotConstant(SourceText source, TextSpan at) =>
        Diagnostic.Error("E6015", source, at, "`.share` must be written as a constant: the types of the ends depend on it")
            .WithHelp("write `Exclusive`, `Producers`, `Consumers` or `Both`");

    /// <summary>E6017.</summary>
    public static Diagnostic BroadcastNotCopied(SourceText source, TextSpan at, string type) =>
        Diagnostic.Error("E6017", source, at, $"a broadcast gives every value to every consumer, so it takes only types that are copied; `{type}` is not")
            .WithHelp("broadcast a `val` of it, or send through a channel");

    /// <summary>E6019.</summary>
    public static Diagnostic UniqueWhereShared(SourceText source, TextSpan at, string type, string place) =>
        Diagnostic.Error("E6019", source, at, $"`{type}` is a unique value, but {place}")
            .WithHelp("use a shared form (`.share:`), an `iso`, or pass it as an argument");

    /// <summary>E6019 for a lambda that owns a unique value.</summary>
    public static Diagnostic UniqueCapture(SourceText source, TextSpan at, TextSpan mention, string name, string type, string functionType) =>
        Diagnostic.Error("E6019", source, at, $"this lambda owns `{name}`, a unique `{type}`, so it cannot be a `{functionType}`, which may be copied")
            .And(new SourceLocation(source, mention), $"`{name}` is captured here")
            .WithHelp($"write the type as `iso ({functionType})`, or give the lambda directly to a parameter that is only called; where several tasks call it, reach `{name}` through a capability: `with C = … in`");

    /// <summary>E3016 where a parallel recurse would copy a unique value.</summary>
    public static Diagnostic UniqueInParallelRecursion(SourceText source, TextSpan at, string name, string type) =>
        Diagnostic.Error("E3016", source, at, $"`{name}` is a unique `{type}`: the parts of a parallel `recurse` run in several tasks and would need a copy each");

    /// <summary>E3016 for handles that cannot be used where their results are unique.</summary>
    public static Diagnostic UniqueResult(SourceText source, TextSpan at, string type, string operation) =>
        Diagnostic.Error("E3016", source, at, $"`{operation}` needs results that can be copied; `{type}` is unique");
}
