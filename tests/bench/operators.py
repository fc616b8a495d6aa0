"""Benchmarks of single operators, of parallelism 2, and of a chain against its length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report import number, table

if TYPE_CHECKING:
    from run import Bench

SHELL, PROCESS, THREAD = "shell", "process", "thread"
NAMES = {SHELL: "pyflink-shell", PROCESS: "PyFlink process", THREAD: "PyFlink thread"}
TIMES_PROCESS, TIMES_THREAD = 20, 5
# (work, parallelism): source records of (a warm-up, a small, a large) job on each side.
COUNTS: dict[tuple[str, int], dict[str, tuple[int, ...]]] = {
    ("collection", 1): {
        SHELL: (100_000, 50_000, 1_000_000),
        PROCESS: (5_000, 5_000, 60_000),
        THREAD: (5_000, 5_000, 100_000),
    },
    ("generator", 1): {
        SHELL: (100_000, 50_000, 1_050_000),
        PROCESS: (2_000, 2_000, 22_000),
        THREAD: (5_000, 5_000, 55_000),
    },
    ("objects", 1): {
        SHELL: (50_000, 50_000, 1_050_000),
        PROCESS: (5_000, 5_000, 65_000),
        THREAD: (10_000, 10_000, 160_000),
    },
    ("arrays", 1): {
        SHELL: (20_000, 10_000, 210_000),
        PROCESS: (500, 500, 10_500),
        THREAD: (500, 500, 10_500),
    },
    ("connect", 1): {
        SHELL: (500_000, 250_000, 3_250_000),
        PROCESS: (10_000, 10_000, 60_000),
        THREAD: (20_000, 20_000, 160_000),
    },
    ("union", 1): {
        SHELL: (500_000, 250_000, 3_250_000),
        PROCESS: (10_000, 10_000, 110_000),
        THREAD: (20_000, 20_000, 220_000),
    },
    ("map", 2): {
        SHELL: (1_000_000, 500_000, 10_500_000),
        PROCESS: (20_000, 20_000, 220_000),
        THREAD: (20_000, 20_000, 320_000),
    },
    ("chain", 2): {
        SHELL: (1_000_000, 500_000, 8_500_000),
        PROCESS: (20_000, 20_000, 180_000),
        THREAD: (20_000, 20_000, 320_000),
    },
    ("wc", 2): {
        SHELL: (50_000, 50_000, 450_000),
        PROCESS: (100, 100, 1_100),
        THREAD: (500, 500, 6_500),
    },
    ("pickled", 2): {
        SHELL: (200_000, 100_000, 1_500_000),
        PROCESS: (10_000, 10_000, 130_000),
        THREAD: (20_000, 20_000, 220_000),
    },
}
LENGTHS = (1, 2, 4, 8, 16)
# Records of a large job, times the length of the chain and a part for the source.
CHAIN_CALLS, CHAIN_SOURCE = 40_000_000, 3


def operators(bench: Bench) -> None:
    """Each work on each side, one after the other, and how many times faster this project is."""
    rows = []
    for (work, parallelism), counts in COUNTS.items():
        bench.broken_here = set()
        name = work if parallelism == 1 else f"{work}, parallelism {parallelism}"
        rate = bench.interleaved(
            {
                side: (lambda side=side: bench.slope(side, work, counts[side], 1, parallelism))
                for side in counts
            },
            rounds=max(1, bench.rounds // 3),
        )
        rows.append([name] + [number(rate[s]) if s in rate else "" for s in NAMES])
        print(rows[-1], flush=True)
        for side, wanted in ((PROCESS, TIMES_PROCESS), (THREAD, TIMES_THREAD)):
            if rate.keys() >= {SHELL, side}:
                bench.report.aim(f"{name}: times {NAMES[side]}", rate[SHELL] / rate[side], wanted)
    bench.report.add(
        "Operators, source records/s (connect, union: of each input; wc: sentences)",
        table(["", *NAMES.values()], rows),
    )


def chains(bench: Bench) -> None:
    """What one more map in a chain costs, against one more call in a plain Python loop."""
    bench.broken_here = set()
    seconds: dict[str, dict[int, float]] = {SHELL: {}, "plain": {}}
    rounds = 1 if bench.quick else 3
    for length in LENGTHS:
        counts = (500_000, 250_000, CHAIN_CALLS // (length + CHAIN_SOURCE))
        work = f"maps{length}"
        got = bench.interleaved(
            {side: (lambda side=side: 1e9 / bench.slope(side, work, counts)) for side in seconds},
            rounds=rounds,
        )
        for side, nanos in got.items():
            seconds[side][length] = nanos
    bench.report.add(
        "A record through a chain of maps, ns",
        table(
            ["maps", NAMES[SHELL], "plain Python loop"],
            [
                [str(n)] + [f"{seconds[side].get(n, 0):.0f}" for side in seconds]
                for n in LENGTHS
            ],
        ),
    )
    if all(times.keys() >= set(LENGTHS) for times in seconds.values()):
        cost = {side: _per_function(times) for side, times in seconds.items()}
        bench.report.aim(
            "one more map in a chain: times one more call in a plain loop",
            cost[SHELL] / cost["plain"],
            1.3,
            at_least=False,
        )


def _per_function(times: dict[int, float]) -> float:
    """What a function adds, in ns, from the shortest to the longest chain."""
    return (times[LENGTHS[-1]] - times[LENGTHS[0]]) / (LENGTHS[-1] - LENGTHS[0])
