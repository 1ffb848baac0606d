namespace Sigil.Properties.Tests.Generation;

// Tasks that exchange messages over a channel. Every exchange ends: writers close or drop their end, readers read to the end.
internal sealed partial class ProgramGenerator
{
    /// <summary>Adds a writer, a reader and, to the block, their run side by side.</summary>
    private void AddExchange(Block main)
    {
        var message = MessageType();
        var count = 1 + Pick(5);
        var isShared = Chance(30);
        var end = isShared ? "SharedProducer" : "Producer";
        var writer = DeclareWriter(message, end);
        var reader = DeclareReader(message, out var result);
        var (p, c, r) = (Fresh("tx"), Fresh("rx"), Fresh("r"));
        main.Statements.Add(Statement.Of($"let {{ producer: {p}, consumer: {c} }} = channel<{message.Text}>(.buffer: {1 + Pick(4)}{(isShared ? ", .share: Producers" : "")})"));
        var second = "";
        if (isShared)
        {
            var q = Fresh("tx");
            main.Statements.Add(Statement.Of($"let {q} = {p}.clone()"));
            // Two writers: in which order their messages arrive is not said, so the second one sends none.
            second = $", .other: {writer}({q}, 0)";
        }
        main.Statements.Add(new Statement(new TextPiece($"let {r} = parallel(.write: {writer}({p}, {count}){second}, .read: {reader}({c}))"))
        {
            Sent = (p, $"print(`{{{p}.capacity()}}`)"),
        });
        main.Statements.Add(Print($"{r}.write"));
        main.Statements.Add(Print($"{r}.read"));
        scope.Add(new Variable($"{r}.read", result, false, false));
    }

    /// <summary>Of value kind: sending moves the binding.</summary>
    private GeneratedType MessageType() => Chance(50) ? new ListOf(AnyType(1)) : new PairOf(new ListOf(GeneratedType.Int), AnyType(1));

    private string DeclareWriter(GeneratedType message, string end)
    {
        var outer = scope.ToList();
        scope.Clear();
        work = 1;
        var name = Fresh("write");
        var (i, m) = (Fresh("i"), Fresh("msg"));
        var body = new Block();
        body.Statements.Add(Statement.Of("let sent = 0"));
        var round = Within([new Variable(i, GeneratedType.Int, false, false)], 6, () =>
        {
            var block = new Block();
            Fill(block, Pick(3), 1);
            block.Statements.Add(Statement.Of($"let {m}: {message.Text} = {Expression(message, 2)}"));
            var use = $"print(`{{{m}}}`)";
            var send = new Statement(new TextPiece($"tx.send({m})")) { Sent = (m, use) };
            if (Chance(30)) block.Statements.Add(new Statement(new TextPiece($"if {i} % 2 == 0 then "), new BlockPiece(new Block { Result = $"tx.send({m})" })) { Sent = (m, use) });
            else block.Statements.Add(send);
            block.Statements.Add(Statement.Of("sent = sent + 1"));
            if (Chance(25)) block.Statements.Add(Statement.Of($"if {i} > {1 + Pick(3)} then break"));
            return block;
        });
        body.Statements.Add(new Statement(new TextPiece($"for {i} in 0..rounds do "), new BlockPiece(round)));
        if (Chance(40)) body.Statements.Add(new Statement(new TextPiece("tx.close()")) { Sent = ("tx", "print(`{tx.capacity()}`)") });
        // Moved on one way only: a drop flag decides at the end.
        else if (Chance(40)) body.Statements.Add(new Statement(new TextPiece($"if sent > {Pick(4)} then tx.close()")) { Sent = ("tx", "print(`{tx.capacity()}`)") });
        body.Result = "sent";
        RemoveOutput(body);
        program.Functions.Add(new GeneratedFunction($"@{name} (tx: {end}<{message.Text}>, rounds: int) -> int uses Async", body));
        scope.Clear();
        scope.AddRange(outer);
        return name;
    }

    private string DeclareReader(GeneratedType message, out GeneratedType result)
    {
        var outer = scope.ToList();
        scope.Clear();
        work = 1;
        var name = Fresh("read");
        var m = Fresh("msg");
        var seen = new ListOf(Chance(50) ? message : AnyType(1));
        result = seen;
        var body = new Block();
        body.Statements.Add(Statement.Of($"let mut got: {seen.Text} = []"));
        var round = Within([new Variable(m, message, false, false)], 6, () =>
        {
            var block = new Block();
            Fill(block, Pick(2), 1);
            block.Statements.Add(Statement.Of($"got = got.append({(seen.Item.Equals(message) ? m : Expression(seen.Item, 2))})"));
            return block;
        });
        if (Chance(60)) body.Statements.Add(new Statement(new TextPiece($"for {m} in rx do "), new BlockPiece(round)));
        else body.Statements.Add(new Statement(new TextPiece($"loop(match(rx.receive(), Some({m}) -> "), new BlockPiece(round), new TextPiece(", None -> break))")));
        body.Result = "got";
        RemoveOutput(body);
        program.Functions.Add(new GeneratedFunction($"@{name} (rx: Consumer<{message.Text}>) -> {seen.Text} uses Async", body));
        scope.Clear();
        scope.AddRange(outer);
        return name;
    }

    /// <summary>Tasks print nothing: the order of their output is not said.</summary>
    private static void RemoveOutput(Block block)
    {
        block.Statements.RemoveAll(s => s.Pieces is [TextPiece { Text: var text }] && text.Contains("print(", StringComparison.Ordinal));
        foreach (var inner in block.Statements.SelectMany(s => s.Pieces).OfType<BlockPiece>()) RemoveOutput(inner.Block);
    }
}
