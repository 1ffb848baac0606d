namespace Sigil.Properties.Tests.Concurrency;

/// <summary>What a variable holds at run time. Aliases of one object have one cell.</summary>
internal sealed class Cell
{
    public long Content { get; set; }
}

/// <summary>The variables of the modelled run, by name; names are unique in a program.</summary>
internal sealed class Memory
{
    private readonly Dictionary<string, Cell> cells = [];

    public System.Text.StringBuilder Output { get; } = new();

    public Cell this[string name]
    {
        get => cells[name];
        set => cells[name] = value;
    }

    public void Set(string name, long content) => cells[name] = new Cell { Content = content };
}

internal sealed class Variable(string name, Kind? kind, Region home)
{
    public string Name { get; } = name;

    /// <summary>Null: an int.</summary>
    public Kind? Kind { get; } = kind;

    public Region Home { get; } = home;

    public bool IsGone { get; set; }
}

internal enum Border
{
    /// <summary>Runs where it stands, perhaps not at all.</summary>
    Block,

    /// <summary>May run again: what is outside is not moved.</summary>
    Loop,

    /// <summary>A lambda that is lent.</summary>
    Lambda,

    /// <summary>Another task: what is unique or local outside is not mentioned.</summary>
    Task,
}

/// <summary>Statements that are being made, with their names and what they mean.</summary>
internal sealed class Region(Region? outer, Border border, int depth, bool canWait)
{
    public Region? Outer { get; } = outer;
    public Border Border { get; } = border;
    public int Depth { get; } = depth;
    public bool CanWait { get; } = canWait;
    public List<Variable> Variables { get; } = [];
    public List<Action<Memory>> Actions { get; } = [];

    public void Run(Memory memory)
    {
        foreach (var action in Actions) action(memory);
    }

    /// <summary>The names that may be mentioned here.</summary>
    public IEnumerable<Variable> Visible()
    {
        var crossed = false;
        for (var region = this; region is not null; region = region.Outer)
        {
            foreach (var v in region.Variables)
                if (!v.IsGone && (!crossed || v.Kind is null || v.Kind.Nature is Nature.Copy or Nature.Value)) yield return v;
            crossed |= region.Border == Border.Task;
        }
    }

    /// <summary>Whether a name of an outer region may be given away here.</summary>
    public bool MayMove(Variable v) => Reaches(v, Border.Loop, Border.Lambda, Border.Task);

    /// <summary>Whether it may be written into here.</summary>
    public bool MayWrite(Variable v) => v.Kind is { IsReference: true } ? Reaches(v, Border.Task) : Reaches(v, Border.Lambda, Border.Task);

    /// <summary>Whether it may be lent for writing: the callee may assign it, which a lambda may not do to what is outside.</summary>
    public bool MayLendForWriting(Variable v) => Reaches(v, Border.Lambda, Border.Task);

    private bool Reaches(Variable v, params Border[] stops)
    {
        for (var region = this; region != v.Home; region = region!.Outer)
            if (region is null || stops.Contains(region.Border)) return false;
        return true;
    }
}
