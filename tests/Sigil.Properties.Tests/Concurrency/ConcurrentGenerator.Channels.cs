namespace Sigil.Properties.Tests.Concurrency;

// Channels: chains of tasks, shared ends, a channel used by one task, select.
internal sealed partial class ConcurrentGenerator
{
    private readonly Dictionary<Kind, string> stages = [];

    /// <summary>The functions that feed, relay and add up messages of a kind; they stand before the function that is being written.</summary>
    private string Stages(Kind kind)
    {
        if (stages.TryGetValue(kind, out var known)) return known;
        var id = $"{kind.Id}s";
        stages[kind] = id;
        // Functions are declared before @main: a place is made for their lines.
        var main = pending.FindIndex(l => l.Text.StartsWith("@main ", StringComparison.Ordinal));
        var tail = pending.GetRange(main, pending.Count - main);
        pending.RemoveRange(main, pending.Count - main);

        var feed = Add(0, $"@feed{id} (tx: Producer<{kind.Text}>, from: int, count: int) -> int uses Async = run(");
        Add(1, "for i in 0..count do run(");
        Add(2, $"let mut item = make{kind.Id}(from + i),");
        var sent = Add(2, Pick((string[])["tx.send(item),", "tx.offer(item),", "tx.send_timeout(item, .after: 1h),"]));
        if (kind.Nature is Nature.Unique or Nature.Value)
        {
            Mistake("alias kept after send", null, After(sent, $"let bad = {kind.LookCall("item")}, //~ E6001"));
            Mistake("sent twice", null, After(sent, "tx.send(item), //~ E6001"));
            Mistake("alias kept in a list before send", null, Before(sent, kind.Nature == Nature.Unique ? "let kept = [item]," : "tx.send(item),"), Instead(sent, sent.Text + " //~ E6001"));
            if (kind.Touches(2, 3).FirstOrDefault() is { } touch) Mistake("written after send", null, After(sent, touch.Text("item") + ", //~ E6001"));
        }
        Mistake("role swapped", null, After(sent, "let bad = tx.receive(), //~ E6004"));
        Mistake("role swapped", null, After(sent, "let bad = tx.try_receive(), //~ E6004"));
        Mistake("end cloned without share", null, After(sent, "let bad = tx.clone(), //~ E6003"));
        Add(2, "void,");
        Add(1, "),");
        var done = Add(1, "count,");
        Mistake("end used after close", null, Before(done, "tx.close(),"), Before(done, "let bad = tx.len(), //~ E6001"));
        Add(0, ")");
        MistakeEffect(feed, "feed" + id, $"(tx: Producer<{kind.Text}>, from: int, count: int) -> int", sent);

        Add(0, $"@relay{id} (rx: Consumer<{kind.Text}>, tx: &Producer<{kind.Text}>) -> int uses Async = run(");
        Add(1, "let mut count = 0,");
        Add(1, "for item in rx do run(");
        var passed = Add(2, $"tx.send(pass{kind.Id}(item)),");
        Add(2, "count = count + 1,");
        Add(1, "),");
        var end = Add(1, "count,");
        Mistake("borrowed end stored", null, Before(end, "let bad = [tx], //~ E6008"));
        Mistake("borrowed end captured", null, Before(end, "let bad = () -> tx.len(), //~ E6008"));
        Mistake("borrowed end closed", null, Before(end, "tx.close(), //~ E6008"));
        Mistake("borrowed end in a task", null, Before(end, "let bad = parallel(.t: run(let z = tx.len(), z)), //~ E6008"));
        if (kind.Nature == Nature.Unique) Mistake("received value used after it was sent on", null, After(passed, $"let bad = {kind.LookCall("item")}, //~ E6001"));
        Add(0, ")");

        Add(0, $"@stage{id} (rx: Consumer<{kind.Text}>, tx: Producer<{kind.Text}>) -> int uses Async = relay{id}(rx, &tx)");

        Add(0, $"@sink{id} (rx: Consumer<{kind.Text}>) -> int uses Async = run(");
        Add(1, "let mut sum = 0,");
        Line loop;
        if (Chance(50))
        {
            loop = Add(1, $"for item in rx do sum = (sum + weigh{kind.Id}(item)) % {Kind.Modulus},");
            Mistake("consumer used after it was drained", null, After(loop, "let bad = rx.receive(), //~ E6001"));
        }
        else
        {
            loop = Add(1, $"loop(match(rx.receive(), Some(item) -> sum = (sum + weigh{kind.Id}(item)) % {Kind.Modulus}, None -> break)),");
            Mistake("role swapped", null, After(loop, $"let bad = rx.send(make{kind.Id}(1)), //~ E6004"));
            Mistake("end cloned without share", null, After(loop, "let bad = rx.clone(), //~ E6003"));
        }
        Add(1, "sum,");
        Add(0, ")");

        pending.AddRange(tail);
        return id;
    }

    private void MistakeEffect(Line head, string name, string signature, Line wait) =>
        Mistake("waiting not declared", null, Instead(head, $"@{name} {signature} = run("), Instead(wait, wait.Text + " //~ E5010"));

    private string ChannelOf(Kind kind, string share = "") => $"channel<{kind.Text}>(.buffer: {Pick(4)}{share})";

    private Kind Message() => AnyKind(k => k.Nature != Nature.Local);

    private void AddPipeline(Region region)
    {
        var kind = Message();
        var id = Stages(kind);
        var (from, count, relays) = (NumberOf(region, 1), Pick(5), Pick(3));
        var ends = Enumerable.Range(0, relays + 1).Select(_ => (Tx: Fresh("tx"), Rx: Fresh("rx"))).ToList();
        Line line = null!;
        foreach (var (tx, rx) in ends) line = Add(region, $"let {{ producer: {tx}, consumer: {rx} }} = {ChannelOf(kind)},");
        Mistake("end cloned without share", null, After(line, $"let bad = {ends[^1].Tx}.clone(), //~ E6003"));
        Mistake("role swapped", null, After(line, $"let bad = {ends[^1].Rx}.send(make{kind.Id}(1)), //~ E6004"));
        Mistake("role swapped", null, After(line, $"let bad: Consumer<{kind.Text}> = {ends[^1].Tx}, //~ E3001"));
        var r = Fresh("r");
        Add(region, $"let {r} = parallel(");
        Add(region.Depth + 1, $".feed: feed{id}({ends[0].Tx}, {from.Text}, {count}),");
        for (var i = 0; i < relays; i++) Add(region.Depth + 1, $".stage{i}: stage{id}({ends[i].Rx}, {ends[i + 1].Tx}),");
        Add(region.Depth + 1, $".sink: sink{id}({ends[^1].Rx}),");
        line = Add(region, "),");
        Mistake("end used after a task took it", null, After(line, $"let bad = {ends[0].Tx}.len(), //~ E6001"));
        Mistake("end used after a task took it", null, After(line, $"let bad = {ends[^1].Rx}.receive(), //~ E6001"));
        var v = Declare(region, "n", null);
        Add(region, $"let mut {v.Name} = ({r}.sink + {r}.feed) % {Kind.Modulus},", m => m.Set(v.Name, (Sum(from.Value(m), count) + count) % Kind.Modulus));
    }

    private static long Sum(long from, int count) => Enumerable.Range(0, count).Sum(i => from + i) % Kind.Modulus;

    // Several writers, several readers, or both.
    private void AddSharedEnds(Region region)
    {
        var kind = Message();
        var id = Stages(kind);
        var (from, count) = (NumberOf(region, 1), Pick(5));
        var share = Pick(3);
        var (tx, rx, r) = (Fresh("tx"), Fresh("rx"), Fresh("r"));
        var line = Add(region, $"let {{ producer: {tx}, consumer: {rx} }} = {ChannelOf(kind, ", .share: " + (share == 0 ? "Producers" : share == 1 ? "Consumers" : "Both"))},");
        Mistake(share == 1 ? "end cloned without share" : "role swapped", null, After(line, share == 1 ? $"let bad = {tx}.clone(), //~ E6003" : $"let bad = {tx}.receive(), //~ E6004"));
        var (writers, readers) = (share == 1 ? 1 : 2 + Pick(2), share == 0 ? 1 : 2 + Pick(2));
        Add(region, $"let {r} = parallel(");
        for (var i = 0; i < writers; i++) Add(region.Depth + 1, $".w{i}: feed{id}({(i < writers - 1 ? tx + ".clone()" : tx)}, {from.Text}, {count}),");
        for (var i = 0; i < readers; i++) Add(region.Depth + 1, $".r{i}: sink{id}({(i < readers - 1 ? rx + ".clone()" : rx)}),");
        line = Add(region, "),");
        Mistake("end used after a task took it", null, After(line, $"let bad = {tx}.len(), //~ E6001"));
        Mistake("end cloned after a task took it", null, After(line, $"let bad = {rx}.{(share == 0 ? "len" : "clone")}(), //~ E6001"));
        var v = Declare(region, "n", null);
        Add(region, $"let mut {v.Name} = ({string.Join(" + ", Enumerable.Range(0, readers).Select(i => $"{r}.r{i}"))}) % {Kind.Modulus},",
            m => m.Set(v.Name, writers * Sum(from.Value(m), count) % Kind.Modulus));
    }

    // A task sends to itself.
    private void AddMailbox(Region region)
    {
        if (Movable(region) is not { } v)
        {
            MakeVariable(region, holder);
            return;
        }
        var (box, w, kind) = (Fresh("box"), Fresh("v"), v.Kind!);
        Add(region, $"let {box} = channel<{kind.Text}>(.buffer: 1),");
        var line = Add(region, Pick((string[])[$"{box}.producer.send({v.Name}),", $"{box}.producer.try_send({v.Name}),", $"select({box}.producer.send({v.Name}) -> ()),"]));
        Gone(v, line, "it was sent");
        var got = Chance(50) ? $"{box}.consumer.receive().unwrap()" : $"match({box}.consumer.try_receive(), Ok(e) -> e, Err(_) -> make{kind.Id}(0))";
        line = Add(region, $"let mut {w}: {kind.Text} = {got},", m => m[w] = m[v.Name]);
        Mistake("role swapped", null, After(line, $"let bad = {box}.consumer.send(make{kind.Id}(1)), //~ E6004"));
        region.Variables.Add(new Variable(w, kind, region));
        if (Chance(50))
        {
            line = Add(region, $"{box}.producer.close(),");
            Mistake("end used after close", null, After(line, $"let bad = {box}.producer.capacity(), //~ E6001"));
            Mistake("pair used after a part of it went", null, After(line, $"let bad = [{box}], //~ E6001"));
        }
    }

    private void AddSelect(Region region)
    {
        var kind = Message();
        var id = Stages(kind);
        var (a, b, r) = (Fresh("c"), Fresh("c"), Fresh("r"));
        var (from, first, second) = (NumberOf(region, 1), Pick(4), Pick(4));
        Add(region, $"let {a} = {ChannelOf(kind)},");
        Add(region, $"let {b} = {ChannelOf(kind)},");
        Add(region, $"let {r} = parallel(");
        Add(region.Depth + 1, $".a: feed{id}({a}.producer, {from.Text}, {first}),");
        Add(region.Depth + 1, $".b: feed{id}({b}.producer, {from.Text}, {second}),");
        Add(region.Depth + 1, ".both: run(");
        Add(region.Depth + 2, $"let (one, two) = ({a}.consumer, {b}.consumer),");
        Add(region.Depth + 2, "let mut sum = 0,");
        Add(region.Depth + 2, "loop(select(");
        Add(region.Depth + 3, Chance(50) ? ".fair: [" : ".priority: [");
        var arm = Add(region.Depth + 4, $"one.receive() -> x -> sum = (sum + weigh{kind.Id}(x)) % {Kind.Modulus},");
        Add(region.Depth + 4, $"two.receive() -> x -> sum = (sum + weigh{kind.Id}(x)) % {Kind.Modulus},");
        Add(region.Depth + 3, "],");
        if (Chance(50)) Add(region.Depth + 3, ".timeout: 1h -> sum = 0,");
        Add(region.Depth + 3, ".closed: break,");
        Add(region.Depth + 2, ")),");
        Add(region.Depth + 2, "sum,");
        Add(region.Depth + 1, "),");
        var line = Add(region, "),");
        Mistake("role swapped", null, Instead(arm, $"one.send(make{kind.Id}(1)) -> sum = 0, //~ E6004"));
        Mistake("end used after a task took it", null, After(line, $"let bad = {a}.consumer.receive(), //~ E6001"));
        if (kind.Nature == Nature.Unique) Mistake("received value used twice", null, Instead(arm, $"one.receive() -> x -> sum = weigh{kind.Id}(x) + weigh{kind.Id}(x), //~ E6001"));
        var v = Declare(region, "n", null);
        Add(region, $"let mut {v.Name} = {r}.both,", m => m.Set(v.Name, (Sum(from.Value(m), first) + Sum(from.Value(m), second)) % Kind.Modulus));
    }
}
