"""Rows of bench/run for processes and the channels between them."""
import statistics

# title, Sigil workload, its further arguments, Go's command, C#'s command, size, repetitions, unit, its factor, goal, the peer of the goal
ROWS = [
    ("19 spawn a process, warm (one every 200 ms)", "process_spawn", ["200"], ["procspawn"], ["procspawn"], 10, 4, "ms", 1e3, 1.0, "Go"),
    ("19 spawn a process, back to back", "process_spawn", ["0"], ["procspawn"], ["procspawn"], 20, 4, "ms", 1e3, 1.2, "C#"),
    ("20 64-byte struct, one way", "ipc_stream", [], ["ipcpipe", "size=64"], ["ipcpipe", "size=64"], 1_000_000, 8, "ns", 1e9, 0.17, "Go"),
    ("21 round trip", "ipc_round_trip", [], ["ipcrtt", "size=8"], ["ipcrtt", "size=8"], 50_000, 8, "µs", 1e6, 0.5, "Go"),
    ("22 list of a megabyte", "ipc_blob", [], ["ipcpipe", "size=1048576"], ["ipcpipe", "size=1048576"], 500, 8, "µs", 1e6, 0.25, "Go"),
]


def measure(bench, wanted):
    """The rows whose titles contain one of the wanted words, as a table; `bench` is concurrency.Bench."""
    out = []
    for title, name, extra, go, csharp, n, reps, unit, factor, goal, peer in ROWS:
        if wanted and not any(w in title for w in wanted):
            continue
        program = bench.build_sigil(name)
        if program is None:
            out.append(f"| {title} | does not build | | | | | | | no |")
            continue
        commands = {"Sigil": [program, str(n), str(reps), *extra]}
        if bench.go:
            commands["Go"] = [bench.go, *go, f"n={n}", f"reps={reps}"]
        if bench.csharp:
            commands["C#"] = [bench.csharp, *csharp, f"n={n}", f"reps={reps}"]
        # What the sums add up differs between the peers' messages; only that each repeats its own is of interest here.
        samples, _, line = bench.times(commands)
        mid = {k: statistics.median([s for s, _ in v]) for k, v in samples.items() if v}
        if "Sigil" not in mid:
            out.append(f"| {title} | fails | | | | | | | no |")
            continue
        show = lambda s: f"{s / n * factor:.{1 if unit == 'ns' else 2}f} {unit}"
        spread = [s for s, _ in samples["Sigil"]]
        ratio = {k: mid["Sigil"] / mid[k] for k in mid if k != "Sigil"}
        held = "–" if peer not in ratio else "yes" if ratio[peer] <= goal else "no"
        cell = lambda k: show(mid[k]) if k in mid else "–"
        out.append(f"| {title} | {show(mid['Sigil'])} ({show(min(spread))}–{show(max(spread))}) | {show(samples['Sigil'][0][1])} | {cell('Go')} | {cell('C#')} | "
                   f"{' / '.join(f'{ratio[k]:.2f} {k}' for k in ratio) or '–'} | {f'{line:.0f}' if line else '–'} | ≤ {goal} × {peer} | {held} |")
        print(out[-1], flush=True)
    if not out:
        return []
    return ["", "Processes: a start, message or round trip (spread); Go's and C#'s messages go through pipes. *line* as above.", "",
            "| workload | Sigil | first iteration | Go | C# | ratios | line ns | goal | holds |", "|---|--:|--:|--:|--:|--:|--:|---|---|"] + out
