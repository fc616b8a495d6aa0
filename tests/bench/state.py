"""Benchmarks of keyed state, timers and windows, and how their cost grows with their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report import number, table
from sides import Failed

if TYPE_CHECKING:
    from run import Bench

SHELL, PROCESS, THREAD, JAVA = "shell", "process", "thread", "java"
BYTEWAX, PLAIN = "bytewax", "plain"
NAMES = {
    SHELL: "pyflink-shell",
    PROCESS: "PyFlink process",
    THREAD: "PyFlink thread",
    BYTEWAX: "Bytewax",
    JAVA: "Java Flink",
    PLAIN: "plain Python loop",
}
JAVA_COUNTS = (1_000_000, 1_000_000, 11_000_000)
# work: source records of (a warm-up, a small, a large) job on each side. keysN counts by N keys,
# timersN has N timers at a time, entriesN writes N entries of one map state.
COUNTS: dict[str, dict[str, tuple[int, ...]]] = {
    "keys1000": {
        SHELL: (500_000, 250_000, 5_250_000),
        PROCESS: (300, 300, 4_300),
        THREAD: (5_000, 5_000, 85_000),
        BYTEWAX: (100_000, 100_000, 1_100_000),
        JAVA: JAVA_COUNTS,
        PLAIN: (500_000, 1_000_000, 4_000_000),
    },
    "window": {
        SHELL: (500_000, 200_000, 4_200_000),
        THREAD: (3_000, 3_000, 53_000),
        JAVA: JAVA_COUNTS,
        PLAIN: (500_000, 1_000_000, 4_000_000),
    },
    "entries1000000": {SHELL: (500_000, 250_000, 3_250_000), JAVA: JAVA_COUNTS},
    "append": {SHELL: (500_000, 250_000, 3_250_000), JAVA: JAVA_COUNTS},
    "timers1000000": {
        SHELL: (300_000, 500_000, 2_500_000),
        JAVA: (500_000, 500_000, 4_500_000),
    },
}
# work → the least times faster than a side
TIMES = {"keys1000": {PROCESS: 400, THREAD: 40, BYTEWAX: 1}, "window": {THREAD: 30}}
LIMIT = 0.5
SIZES = (1_000, 10_000, 100_000, 1_000_000)
# The small job has each key once, so that the rate is that of keys that are there.
GROWTH = {SHELL: (200_000, 1_000_000, 3_000_000), JAVA: (500_000, 1_000_000, 9_000_000)}
GROWTH_OF_LARGEST = {
    SHELL: (200_000, 1_000_000, 2_500_000),
    JAVA: (500_000, 1_000_000, 4_000_000),
}
# Each record of the large job has a key of its own.
ROCKS, ROCKS_COUNTS, ROCKS_MEMORY = 10_000_000, (300_000, 300_000, 10_000_000), 2048


def keyed(bench: Bench) -> None:
    """Each work on each side, one after the other."""
    rows = []
    for work, counts in COUNTS.items():
        bench.broken_here = set()
        rate = bench.interleaved(
            {side: (lambda side=side: bench.slope(side, work, counts[side])) for side in counts},
            rounds=max(1, bench.rounds // 3),
        )
        limit = 1 / (1 / rate[JAVA] + 1 / rate[PLAIN]) if rate.keys() >= {JAVA, PLAIN} else 0
        rows.append(
            [work]
            + [number(rate[s]) if s in rate else "" for s in NAMES]
            + [number(limit) if limit else ""]
        )
        print(rows[-1], flush=True)
        for side, wanted in TIMES.get(work, {}).items():
            if rate.keys() >= {SHELL, side}:
                bench.report.aim(f"{work}: times {NAMES[side]}", rate[SHELL] / rate[side], wanted)
        if limit and SHELL in rate:
            bench.report.aim(f"{work}: share of the limit", rate[SHELL] / limit, LIMIT)
    bench.report.add(
        "State, timers and windows, records/s",
        table(["", *NAMES.values(), "limit"], rows)
        + "\nThe limit: the same pipeline in Java, and then the same functions in a plain Python "
        "loop.\n",
    )


def growth(bench: Bench) -> None:
    """The rate with more and more keys, timers and windows, beside Java's."""
    for what in ("keys", "timers", "windows"):
        _growth(bench, what)


def _growth(bench: Bench, what: str) -> None:
    rates: dict[str, dict[int, float]] = {SHELL: {}, JAVA: {}}
    for size in SIZES[:-1] if bench.quick else SIZES:
        counts = GROWTH_OF_LARGEST if size == SIZES[-1] else GROWTH
        bench.broken_here = set()
        got = bench.interleaved(
            {
                side: (lambda side=side: bench.slope(side, f"{what}{size}", counts[side]))
                for side in rates
            },
            rounds=1,
        )
        for side, rate in got.items():
            rates[side][size] = rate
    rows = []
    for size in SIZES:
        found = [rates[side].get(size) for side in rates]
        ratio = f"{found[0] / found[1]:.2f}" if found[0] and found[1] else ""
        rows.append([f"{size:,}", *(number(rate) if rate else "" for rate in found), ratio])
    bench.report.add(
        f"Growth with the number of {what} at a time, records/s",
        table([what, *(NAMES[side] for side in rates), "ratio"], rows),
    )


def rocksdb(bench: Bench) -> None:
    """A count by as many keys as there are records, and the process's memory."""
    divisor = 10 if bench.quick else 1
    text = ",".join(str(n // divisor) for n in ROCKS_COUNTS)
    work = f"rocks{ROCKS // divisor}"
    found = {}
    for side, script, *more in ((SHELL, "streams.py", SHELL), (JAVA, "")):
        args = (work, *more, text)
        try:
            results, _, memory = bench.sides.run(side, script, *args, memory=True)
        except Failed as error:
            bench.report.failures.append(str(error))
            print(error, flush=True)
            continue
        small, big = results[-2], results[-1]
        found[side] = ((big["n"] - small["n"]) / (big["s"] - small["s"]), memory)
    bench.report.add(
        f"A count by {ROCKS // divisor:,} keys in RocksDB",
        table(
            ["", "records/s", "memory of the process, MB"],
            [[NAMES[s], number(rate), f"{memory:.0f}"] for s, (rate, memory) in found.items()],
        ),
    )
    if SHELL in found:
        memory = found[SHELL][1]
        bench.report.aim("RocksDB: memory, MB", memory, ROCKS_MEMORY, at_least=False)
    if found.keys() >= {SHELL, JAVA}:
        bench.report.aim("RocksDB: times Java Flink", found[SHELL][0] / found[JAVA][0], LIMIT)


PARTS = {"keyed": keyed, "growth": growth, "rocksdb": rocksdb}
