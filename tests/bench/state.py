"""Benchmarks of keyed state and timers, and how their cost grows with the number of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report import number, table

if TYPE_CHECKING:
    from run import Bench

SHELL, PROCESS, THREAD, JAVA, BYTEWAX = "shell", "process", "thread", "java", "bytewax"
NAMES = {
    SHELL: "pyflink-shell",
    PROCESS: "PyFlink process",
    THREAD: "PyFlink thread",
    BYTEWAX: "Bytewax",
    JAVA: "Java Flink",
}
# work: source records of (a warm-up, a small, a large) job on each side. keysN counts by N keys,
# timersN registers a timer with each record, entriesN writes N entries of one map state.
COUNTS: dict[str, dict[str, tuple[int, ...]]] = {
    "keys1000": {
        SHELL: (500_000, 250_000, 5_250_000),
        PROCESS: (1_000, 1_000, 6_000),
        THREAD: (10_000, 10_000, 120_000),
        BYTEWAX: (100_000, 100_000, 1_100_000),
        JAVA: (1_000_000, 1_000_000, 21_000_000),
    },
    "entries1000000": {
        SHELL: (500_000, 250_000, 3_250_000),
        JAVA: (1_000_000, 1_000_000, 11_000_000),
    },
    "append": {
        SHELL: (500_000, 250_000, 3_250_000),
        JAVA: (1_000_000, 1_000_000, 11_000_000),
    },
    "timers1000": {
        SHELL: (200_000, 100_000, 1_100_000),
        JAVA: (500_000, 500_000, 5_500_000),
    },
}
TIMES = {PROCESS: 400, THREAD: 40, BYTEWAX: 1}
SIZES = (1_000, 10_000, 100_000, 1_000_000)
GROWTH = {SHELL: (300_000, 1_000_000, 3_000_000), JAVA: (500_000, 1_000_000, 6_000_000)}


def state(bench: Bench) -> None:
    """Each work on each side, one after the other, then the growth with the number of keys."""
    rows = []
    for work, counts in COUNTS.items():
        bench.broken_here = set()
        rate = bench.interleaved(
            {side: (lambda side=side: bench.slope(side, work, counts[side])) for side in counts},
            rounds=max(1, bench.rounds // 3),
        )
        rows.append([work] + [number(rate[s]) if s in rate else "" for s in NAMES])
        print(rows[-1], flush=True)
        for side, wanted in TIMES.items():
            if rate.keys() >= {SHELL, side}:
                bench.report.aim(f"{work}: times {NAMES[side]}", rate[SHELL] / rate[side], wanted)
    bench.report.add("State, records/s", table(["", *NAMES.values()], rows))
    for what in ("keys", "timers"):
        _growth(bench, what)


def _growth(bench: Bench, what: str) -> None:
    rates: dict[str, dict[int, float]] = {SHELL: {}, JAVA: {}}
    for size in SIZES[:-1] if bench.quick else SIZES:
        bench.broken_here = set()
        got = bench.interleaved(
            {
                side: (lambda side=side: bench.slope(side, f"{what}{size}", GROWTH[side]))
                for side in rates
            },
            rounds=1,
        )
        for side, rate in got.items():
            rates[side][size] = rate
    bench.report.add(
        f"Growth with the number of keys ({what}), records/s",
        table(
            ["keys", *(NAMES[side] for side in rates)],
            [
                [f"{size:,}"] + [number(rates[s][size]) if size in rates[s] else "" for s in rates]
                for size in SIZES
            ],
        ),
    )
