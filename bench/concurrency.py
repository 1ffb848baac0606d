"""Rows of bench/run for tasks and channels: time, memory of waiting tasks, speed-up on two cores."""
import statistics

# title, Sigil workload, its further arguments, Go's and C#'s command, size, repetitions, goal as a ratio to Go
ROWS = [
    ("1 exclusive channel, buffer 1024", "spsc", ["1024"], ["spsc", "buf=1024"], ["spsc", "v=1", "buf=1024"], 10_000_000, 8, 0.12),
    ("2 exclusive channel, buffer 10", "spsc", ["10"], ["spsc", "buf=10"], ["spsc", "v=1", "buf=10"], 4_000_000, 8, 0.3),
    ("3 fan-in 4 to 1, buffer 1024", "fan_in", ["1024"], ["mpmc", "p=4", "c=1"], ["mpmc", "v=1", "p=4", "c=1"], 4_000_000, 8, 0.5),
    ("4 fan-out 1 to 4, buffer 1024", "fan_out", ["1024"], ["mpmc", "p=1", "c=4"], ["mpmc", "v=1", "p=1", "c=4"], 4_000_000, 8, 0.6),
    ("5 many to many 4 to 4, buffer 1024", "many", ["1024"], ["mpmc", "p=4", "c=4"], ["mpmc", "v=1", "p=4", "c=4"], 4_000_000, 8, 0.6),
    ("6 ping-pong, buffer 1, round trip", "pingpong", ["1"], ["pingpong", "buf=1"], ["pingpong", "v=0", "buf=1"], 1_000_000, 8, 0.45),
    ("7 spawn and join in one scope", "spawn", [], ["spawn"], ["spawn", "v=0"], 1_000_000, 8, 0.5),
    ("7 spawn and join in a task_group", "spawn_group", [], ["spawn"], ["spawn", "v=0"], 1_000_000, 8, 0.5),
    ("9 skynet, a million leaves, a leaf", "skynet", [], ["skynet"], ["skynet", "v=0"], 1_000_000, 6, 0.35),
    ("10 prime sieve, 2000 tasks, buffer 64", "sieve", ["64"], ["sieve", "buf=64"], ["sieve", "buf=64"], 17_393, 6, 0.7),
    ("11 ring of 503 tasks, a hop", "ring", ["1"], ["ring", "buf=1"], ["ring", "buf=1"], 1_000_000, 6, 0.4),
    ("12 select over 4 channels, a message", "select4", ["1024"], ["select"], ["select", "v=0"], 4_000_000, 8, 0.4),
    ("18 cancel a million waiting tasks, a task", "cancel_all", [], ["cancelall"], ["cancelall"], 1_000_000, 4, 0.5),
]

# title, own channels, goal in bytes a task
MEMORY = [
    ("8 memory of a task waiting on a shared channel", 0, 200),
    ("8 memory of a task waiting on its own channel", 1, 450),
]

# A cache line's round trip between the cores above this (twice the usual) means that the host has placed us badly.
BAD_LINE = 2.0


class Bench:
    def __init__(self, sh, steady, build_sigil, go, csharp, rounds):
        self.sh, self.steady, self.build_sigil = sh, steady, build_sigil
        self.go, self.csharp, self.rounds = go, csharp, rounds
        self.best_line = None

    def line(self):
        """Nanoseconds of a cache line's round trip between the cores just now; None without Go."""
        if not self.go:
            return None
        seconds, _, _ = self.steady([self.go, "bounce", "n=20000", "reps=3"])
        ns = seconds * 1e9 / 20_000 if seconds else None
        if ns and (self.best_line is None or ns < self.best_line):
            self.best_line = ns
        return ns

    def good_line(self):
        """Waits a few rounds for an ordinary placement, then takes what there is."""
        for _ in range(4):
            ns = self.line()
            if ns is None or ns <= BAD_LINE * self.best_line:
                break
        return ns

    def times(self, commands, env=None):
        """Each command in turn, so that a drifting machine hits all of them."""
        samples, sums, lines = {k: [] for k in commands}, {}, []
        for _ in range(self.rounds):
            lines.append(self.good_line())
            for label, command in commands.items():
                s, first, check = self.steady(command, env if label.startswith("Sigil") else None)
                if s is not None:
                    samples[label].append((s, first))
                    sums[label] = check
        note = "" if len(set(sums.values())) <= 1 else f"checksums differ: {sums}"
        lines = [x for x in lines if x]
        return samples, note, statistics.median(lines) if lines else None

    def memory(self, command):
        r = self.sh(command)
        rows = [l.split() for l in r.stdout.splitlines() if l.startswith("M ")]
        return float(rows[-1][-1]) if r.returncode == 0 and rows else None

    def measure(self, wanted):
        out = []
        chosen = lambda title: not wanted or any(w in title for w in wanted)
        med = lambda xs: statistics.median([s for s, _ in xs]) if xs else None
        unit = lambda s, n: f"{s / n * 1e9:.1f}" if s else "–"
        for title, name, extra, go, csharp, n, reps, goal in ROWS:
            if not chosen(title):
                continue
            program = self.build_sigil(name)
            if program is None:
                out.append(f"| {title} | does not build | | | | | | | no |")
                continue
            commands = {"Sigil": [program, str(n), str(reps), *extra]}
            if self.go:
                commands["Go"] = [self.go, *go, f"n={n}", f"reps={reps}"]
            if self.csharp:
                commands["C#"] = [self.csharp, *csharp, f"n={n}", f"reps={reps}"]
            samples, note, line = self.times(commands)
            s, g, c = (med(samples.get(k)) for k in ("Sigil", "Go", "C#"))
            if s is None:
                out.append(f"| {title} | fails | | | | | | | no |")
                continue
            spread = [x for x, _ in samples["Sigil"]]
            ratio = s / g if g else None
            out.append(f"| {title} | {unit(s, n)} ({unit(min(spread), n)}–{unit(max(spread), n)}) | {unit(samples['Sigil'][0][1], n)} | {unit(g, n)} | {unit(c, n)} | "
                       f"{f'{ratio:.2f}' if ratio else '–'} | {f'{line:.0f}' if line else '–'} | ≤ {goal} | {'–' if ratio is None else 'yes' if ratio <= goal else 'no'}{' ' + note if note else ''} |")
            print(out[-1], flush=True)
        for title, own, goal in MEMORY:
            if not chosen(title):
                continue
            program = self.build_sigil("waiting")
            n = 1_000_000
            s = self.memory([program, str(n), "1", str(own)]) if program else None
            g = self.memory([self.go, "idle", f"n={n}", f"own={own}"]) if self.go else None
            c = self.memory([self.csharp, "idle", f"n={n}", f"own={own}"]) if self.csharp else None
            f = lambda x: f"{x:.0f} B" if x else "–"
            out.append(f"| {title} | {f(s)} | | {f(g)} | {f(c)} | {f'{s / g:.2f}' if s and g else '–'} | | ≤ {goal} B | {'yes' if s and s <= goal else 'no'} |")
            print(out[-1], flush=True)
        self.speed_up(out, chosen)
        if not out:
            return []
        return ["", "Tasks and channels: nanoseconds a message, task, hop or round trip (spread); *line* is a cache line's round trip between the cores at the time.", "",
                "| workload | Sigil | first iteration | Go | C# | ratio to Go | line ns | goal | holds |", "|---|--:|--:|--:|--:|--:|--:|---|---|"] + out

    def speed_up(self, out, chosen):
        title, n = "13 map-reduce, two cores against one", 4_000_000
        if not chosen(title):
            return
        program = self.build_sigil("mapreduce")
        if program is None:
            out.append(f"| {title} | does not build | | | | | | | no |")
            return
        sigil = [program, str(n), "6"]
        one, note1, _ = self.times({"Sigil": sigil, **({"Go": [self.go, "mapreduce", f"n={n}", "w=1", "reps=6"]} if self.go else {})}, {"SIGIL_WORKERS": "1"})
        two, note2, line = self.times({"Sigil": sigil, **({"Go": [self.go, "mapreduce", f"n={n}", "w=2", "reps=6"]} if self.go else {}),
                                       **({"C#": [self.csharp, "mapreduce", f"n={n}", "w=2", "reps=6"]} if self.csharp else {})}, {"SIGIL_WORKERS": "2"})
        med = lambda xs: statistics.median([s for s, _ in xs]) if xs else None
        s1, s2, g1, g2, c2 = med(one["Sigil"]), med(two["Sigil"]), med(one.get("Go")), med(two.get("Go")), med(two.get("C#"))
        if not s1 or not s2:
            out.append(f"| {title} | fails | | | | | | | no |")
            return
        up, goup = s1 / s2, g1 / g2 if g1 and g2 else None
        holds = (goup is None or up >= 0.95 * goup) and (not c2 or s2 <= 1.1 * c2)
        out.append(f"| {title} | {s2:.3f} s, {up:.2f} times as fast as on one | | {f'{g2:.3f} s, {goup:.2f} times' if goup else '–'} | {f'{c2:.3f} s' if c2 else '–'} | {f'{s2 / g2:.2f}' if g2 else '–'} | "
                   f"{f'{line:.0f}' if line else '–'} | speed-up ≥ 0.95 × Go's, time ≤ 1.1 × C#'s | {'yes' if holds else 'no'}{' ' + (note1 or note2) if note1 or note2 else ''} |")
        print(out[-1], flush=True)
