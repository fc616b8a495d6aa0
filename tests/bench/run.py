"""Benchmarks against the peers: both sides in one run, interleaved, medians, ratios.

usage: run.py --build FOLDER [--quick] [--only NAME,...] [--rounds N] [--large] [--output FILE]

Names: throughput (or map chain wc pickled), operators, chains, state (or keyed growth rocksdb),
collect, start, small, calls, latency, scale, kernel, shell.
PYFLINK_SHELL_BENCH_VENV names a venv that has the peers already.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import statistics
from typing import Any, Callable

import kernel
import operators
import peers
import shell
import state
from report import Report, machine, number, table, versions
from sides import Failed, Sides

WORKS = ("map", "chain", "wc", "pickled")
# Source records of (a warm-up, a small, a large) job; a sentence of wc has ten words.
COUNTS: dict[str, dict[str, tuple[int, ...]]] = {
    "map": {
        "shell": (2_000_000, 1_000_000, 16_000_000),
        "process": (20_000, 20_000, 260_000),
        "thread": (50_000, 50_000, 850_000),
        "bytewax": (500_000, 1_000_000, 20_000_000),
        "java": (2_000_000, 2_000_000, 100_000_000),
        "plain": (1_000_000, 5_000_000),
    },
    "chain": {
        "shell": (2_000_000, 1_000_000, 12_000_000),
        "process": (20_000, 20_000, 220_000),
        "thread": (50_000, 50_000, 850_000),
        "bytewax": (200_000, 500_000, 6_000_000),
        "java": (2_000_000, 2_000_000, 100_000_000),
        "plain": (1_000_000, 4_000_000),
    },
    "wc": {
        "shell": (100_000, 50_000, 650_000),
        "process": (100, 100, 1_300),
        "thread": (500, 500, 10_500),
        "java": (50_000, 50_000, 850_000),
        "plain": (10_000, 60_000),
    },
    "pickled": {
        "shell": (200_000, 100_000, 1_500_000),
        "process": (10_000, 10_000, 150_000),
        "thread": (30_000, 30_000, 530_000),
        "plain": (200_000, 700_000),
    },
}
BELOW = {"map": "none", "chain": "none", "wc": "sentences", "pickled": "none"}
BELOW_COUNTS = {
    "none": (2_000_000, 2_000_000, 300_000_000),
    "sentences": (200_000, 200_000, 30_000_000),
}
SCRIPTS = {"bytewax": "bytewax_flows.py", "plain": "loops.py"}
# work → (times process mode, times thread mode)
RATIOS = {"map": (100, 30), "chain": (100, 30), "pickled": (25, 6), "wc": (300, 40)}
SHELL, PROCESS, THREAD, JAVA = "shell", "process", "thread", "java"
NAMES = {
    SHELL: "pyflink-shell",
    PROCESS: "PyFlink process",
    THREAD: "PyFlink thread",
    JAVA: "Java Flink",
    "bytewax": "Bytewax",
    "plain": "plain Python loop",
}


class Bench:
    """One run of the chosen benchmarks."""

    def __init__(self, sides: Sides, report: Report, rounds: int, quick: bool, large: bool) -> None:
        self.sides, self.report, self.rounds = sides, report, rounds
        self.quick, self.large = quick, large
        self.broken_here: set[str] = set()

    def interleaved(
        self,
        runs: dict[str, Callable[[], float]],
        rounds: int | None = None,
    ) -> dict[str, float]:
        """The median for each side; one that fails is reported and left out."""
        values: dict[str, list[float]] = {side: [] for side in runs}
        for _ in range(rounds or self.rounds):
            for side, run in runs.items():
                if side not in self.broken_here:
                    try:
                        values[side].append(run())
                    except Failed as error:
                        if "noisy" not in str(error):
                            self.broken_here.add(side)
                        self.report.failures.append(str(error))
                        print(error, flush=True)
        return {side: statistics.median(got) for side, got in values.items() if got}

    def slope(
        self, side: str, work: str, counts: tuple[int, ...], per: int = 1, parallelism: int = 1
    ) -> float:
        """Records a second in the steady state: between a small and a large job."""
        text = ",".join(str(n // 2 if self.quick else n) for n in counts)
        if side == JAVA:
            args: tuple[Any, ...] = ("", work, text)
        elif side in SCRIPTS:
            args = (SCRIPTS[side], work, text)
        else:
            args = ("streams.py", work, side, text, parallelism)
        for _ in range(2):
            results, _, _ = self.sides.run(side, *args)
            small, big = results[-2], results[-1]
            if big["s"] >= 1.3 * small["s"]:
                return per * (big["n"] - small["n"]) / (big["s"] - small["s"])
        seconds = f"{small['s']:.2f} s and {big['s']:.2f} s"
        raise Failed(f"{side} {work} {text}: too noisy twice, {seconds}")

    def throughput(self, works: list[str]) -> None:
        rows = []
        for work in works:
            self.broken_here = set()
            per = 10 if work == "wc" else 1
            runs = {
                side: (lambda side=side: self.slope(side, work, COUNTS[work][side], per))
                for side in COUNTS[work]
            }
            below = BELOW[work]
            runs["below"] = lambda: self.slope(JAVA, below, BELOW_COUNTS[below], per)
            rate = self.interleaved(runs)
            limit = (
                1 / (1 / rate["below"] + 1 / rate["plain"])
                if rate.keys() >= {"below", "plain"}
                else 0
            )
            own = rate.get(SHELL, 0)
            rows.append(
                [work]
                + [number(rate[s]) if s in rate else "" for s in NAMES]
                + [number(rate.get("below", 0)), number(limit)]
            )
            print(rows[-1], flush=True)
            for side, wanted in zip((PROCESS, THREAD), RATIOS[work]):
                if side in rate:
                    self.report.aim(f"{work}: times {NAMES[side]}", own / rate[side], wanted)
            if work == "chain" and "bytewax" in rate:
                self.report.aim("chain: times Bytewax", own / rate["bytewax"], 1)
            if work == "wc" and JAVA in rate:
                self.report.aim("wc: times Java Flink", own / rate[JAVA], 0.7)
            if limit:
                self.report.aim(f"{work}: share of the limit T", own / limit, 0.6)
        self.report.add(
            "Throughput, records/s (wc: words/s), parallelism 1, steady state",
            table(
                ["", *NAMES.values(), "Java pipeline without the function", "limit T"],
                rows,
            )
            + "\nT: the Java pipeline without the function, and then the same functions in a plain "
            "Python loop.\n",
        )

    def collect(self) -> None:
        self.broken_here = set()
        counts = {
            SHELL: 200_000 if self.quick else 1_000_000,
            PROCESS: 5_000,
            THREAD: 5_000,
        }

        def rate(side: str) -> float:
            result = self.sides.run(side, "collect.py", side, counts[side])[0][0]
            return float(result["n"] / result["s"])

        got = self.interleaved({side: (lambda side=side: rate(side)) for side in counts})
        self.report.add(
            "execute_and_collect of (int, str) tuples, rows/s",
            table(
                ["", "rows", "rows/s"],
                [[NAMES[s], f"{counts[s]:,}", number(r)] for s, r in got.items()],
            ),
        )
        if got.keys() >= {SHELL, PROCESS}:
            self.report.aim("collect: times PyFlink process", got[SHELL] / got[PROCESS], 100)

    def start(self) -> None:
        self.broken_here = set()
        memory: dict[str, list[float]] = {}

        def run(side: str) -> float:
            args = ("", "first", "0") if side == JAVA else ("small.py", side, 1)
            _, seconds, peak = self.sides.run(side, *args, memory=True)
            memory.setdefault(side, []).append(peak)
            return seconds

        sides = (SHELL, PROCESS, THREAD, JAVA)
        got = self.interleaved(
            {side: (lambda side=side: run(side)) for side in sides},
            rounds=2 if self.quick else 5,
        )
        peak = {side: statistics.median(values) for side, values in memory.items()}
        self.report.add(
            "Word count of five records, start to exit",
            table(
                ["", "seconds", "peak resident memory with children, MB"],
                [[NAMES[s], f"{v:.2f}", f"{peak[s]:.0f}"] for s, v in got.items()],
            ),
        )
        own = got.get(SHELL, 0)
        for side, wanted in ((PROCESS, 0.25), (THREAD, 1 / 3), (JAVA, 1.0)):
            if side in got:
                self.report.aim(
                    f"start to exit: part of {NAMES[side]}",
                    own / got[side],
                    wanted,
                    at_least=False,
                )
        self.report.aim("start to exit: peak memory, MB", peak.get(SHELL, 0), 350, at_least=False)

    def small(self) -> None:
        self.broken_here = set()
        jobs = {SHELL: 20, PROCESS: 5, THREAD: 10}

        def run(side: str) -> float:
            times = self.sides.run(side, "small.py", side, jobs[side])[0][0]["times"]
            return statistics.median(times[1:]) * 1000

        got = self.interleaved({side: (lambda side=side: run(side)) for side in jobs})
        self.report.add(
            "A further small job in the same process",
            table(["", "median, ms"], [[NAMES[s], number(v)] for s, v in got.items()]),
        )
        self.report.aim("further small job, ms", got.get(SHELL, 0), 150, at_least=False)

    def calls(self) -> None:
        self.broken_here = set()
        kinds = ("static", "instance", "constructor", "python")
        found: dict[str, dict[str, list[float]]] = {}

        def run(side: str) -> float:
            kind = {SHELL: "gateway", "jep": "jep", "py4j": "py4j"}[side]
            result = self.sides.run(side, "calls.py", kind)[0][0]
            for name in kinds:
                found.setdefault(side, {}).setdefault(name, []).append(result[name])
            return float(result["static"])

        sides = [SHELL, "py4j"] + (["jep"] if (self.sides.python.parent / "jep").exists() else [])
        self.interleaved({side: (lambda side=side: run(side)) for side in sides})
        got = {
            side: {name: statistics.median(v) for name, v in times.items()}
            for side, times in found.items()
        }
        self.report.add(
            "A Java call from Python, µs",
            table(
                [
                    "",
                    "static currentTimeMillis()",
                    "instance size()",
                    "constructor ArrayList()",
                    "a Python lambda that does nothing",
                ],
                [[side] + [f"{times[name]:.2f}" for name in kinds] for side, times in got.items()],
            ),
        )
        for name in kinds[:3]:
            if got.keys() >= {SHELL, "py4j"}:
                self.report.aim(
                    f"{name} call: times py4j",
                    got["py4j"][name] / got[SHELL][name],
                    100,
                )
            if got.keys() >= {SHELL, "jep"}:
                self.report.aim(
                    f"{name} call: part of jep's time",
                    got[SHELL][name] / got["jep"][name],
                    1.0,
                    at_least=False,
                )

    def latency(self) -> None:
        self.broken_here = set()
        counts = {SHELL: 1000, THREAD: 500, PROCESS: 500}
        tails: dict[str, list[tuple[float, float]]] = {}

        def run(side: str) -> float:
            result = self.sides.run(side, "latency.py", side, counts[side])[0][0]
            tails.setdefault(side, []).append((result["p99"], result["max"]))
            return float(result["p50"])

        got = self.interleaved({side: (lambda side=side: run(side)) for side in counts})
        rows = [
            [
                NAMES[s],
                f"{v:.2f}",
                *(f"{statistics.median(t):.2f}" for t in zip(*tails[s])),
            ]
            for s, v in got.items()
        ]
        self.report.add(
            "One record through one map at 100 records/s, ms",
            table(["", "p50", "p99", "longest"], rows),
        )
        if SHELL in tails:
            p99 = statistics.median(p for p, _ in tails[SHELL])
            self.report.aim("latency p99, ms", p99, 5, at_least=False)

    def scale(self) -> None:
        self.broken_here = set()
        records = [1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000]
        records = (
            records[:3]
            if self.quick
            else records + ([50_000_000, 100_000_000] if self.large else [])
        )
        sizes = {
            "operators": [1, 3, 10, 30, 100, 300, 1000],
            "slots": [1, 2, 4, 8, 16, 32, 64],
        }
        try:
            text = ",".join(map(str, [records[0], *records, *records]))
            results, _, _ = self.sides.run(SHELL, "streams.py", "map", SHELL, text, timeout=3600)
            self.growth("records", results[1:])
            for what, steps in sizes.items():
                text = ",".join(map(str, steps[:-2] if self.quick else steps))
                results, _, _ = self.sides.run(SHELL, "scale.py", what, text, timeout=1800)
                self.growth(what, results[1:])
        except Failed as error:
            self.report.failures.append(str(error))
            print(error, flush=True)

    def growth(self, what: str, results: list[dict[str, Any]]) -> None:
        """Time for each size, the best of its runs, and whether it grows more than linearly."""
        best: dict[int, float] = {}
        for result in results:
            seconds = result["s"] + result.get("build", 0)
            best[result["n"]] = min(seconds, best.get(result["n"], seconds))
        sizes = sorted(best)
        self.report.add(
            f"Growth with {what}",
            table(
                [what, "seconds"],
                [[f"{size:,}", f"{best[size]:.3f}"] for size in sizes],
            ),
        )
        # What one more costs up to the largest size, against up to about a third of it.
        first, last = sizes[0], sizes[-1]
        middle = min(sizes[1:-1], key=lambda size: abs(size - last / 3))
        costs = [max(best[size] - best[first], 0.02) / (size - first) for size in (middle, last)]
        self.report.aim(
            f"growth with {what}: cost of one more at {last:,} against at {middle:,}",
            costs[1] / costs[0],
            1.5,
            at_least=False,
        )


def only_kernel(build: pathlib.Path, args: argparse.Namespace) -> None:
    """The kernel beside its peers, and nothing else."""
    rounds = args.rounds or (1 if args.quick else 3)
    report = Report("Benchmarks of the kernel", f"{machine()}. Medians of {rounds} rounds")
    before = os.getloadavg()[0]
    kernel.bench_kernel(build, report, rounds, args.quick)
    report.load = (before, os.getloadavg()[0])
    print("\n" + report.markdown())


def only_shell(build: pathlib.Path, args: argparse.Namespace) -> None:
    """The shell beside PyFlink's, and nothing else."""
    rounds = args.rounds or (1 if args.quick else 3)
    report = Report("Benchmarks of the shell", f"{machine()}. Medians of {rounds} rounds")
    venv = pathlib.Path(os.environ.get("PYFLINK_SHELL_BENCH_VENV", build / "bench-peers"))
    before = os.getloadavg()[0]
    shell.bench_shell(build, peers.make_venv(venv), report, rounds)
    report.load = (before, os.getloadavg()[0])
    print("\n" + report.markdown())


def main() -> None:
    cli = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cli.add_argument("--build", type=pathlib.Path, required=True)
    cli.add_argument("--quick", action="store_true", help="smaller counts, one round")
    cli.add_argument("--only", default="", help="names, separated by commas")
    cli.add_argument("--rounds", type=int, default=0, help="default 3, quick 1")
    cli.add_argument("--large", action="store_true", help="up to 100 M records")
    cli.add_argument(
        "--output",
        type=pathlib.Path,
        help="default: RESULTS.md beside this, unless --quick or --only is given",
    )
    args = cli.parse_args()
    build = args.build.resolve()
    names = [name for name in args.only.split(",") if name]
    if names == ["kernel"]:  # needs neither PyFlink nor the Java workloads
        only_kernel(build, args)
        return
    if names == ["shell"]:
        only_shell(build, args)
        return
    venv = pathlib.Path(os.environ.get("PYFLINK_SHELL_BENCH_VENV", build / "bench-peers"))
    python = peers.make_venv(venv)
    jar = peers.make_jar(build / "bench-java", build / "jars")
    sides = Sides(build, python, jar)
    rounds = args.rounds or (1 if args.quick else 3)
    report = Report(
        "Benchmarks",
        f"{machine()}. {versions(sides.shell, python)}. Medians of {rounds} interleaved rounds",
    )
    bench = Bench(sides, report, rounds, args.quick, args.large)
    before = os.getloadavg()[0]
    works = [w for w in WORKS if not names or w in names or "throughput" in names]
    if works:
        bench.throughput(works)
    for name in ("operators", "chains"):
        if not names or name in names:
            getattr(operators, name)(bench)
    for name, part in state.PARTS.items():
        if not names or name in names or "state" in names:
            part(bench)
    for name in ("collect", "start", "small", "calls", "latency", "scale"):
        if not names or name in names:
            getattr(bench, name)()
    if not names or "shell" in names:
        shell.bench_shell(build, python, report, rounds)
    if (build / "pyflink-kernel").exists() and (not names or "kernel" in names):
        kernel.bench_kernel(build, report, rounds, args.quick)
    report.load = (before, os.getloadavg()[0])
    text = report.markdown()
    output = args.output
    if output is None and not (args.quick or names):
        output = pathlib.Path(__file__).resolve().parent / "RESULTS.md"
    if output is not None:
        output.write_text(text, encoding="utf-8")
    print("\n" + text)
    missed = [target for target in report.targets if not target.met]
    print(f"{len(report.targets) - len(missed)} of {len(report.targets)} targets met")


if __name__ == "__main__":
    main()
