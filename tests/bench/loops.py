"""The functions of the workloads in a plain Python loop: what any engine with CPython has to pay.

usage: loops.py WORK N,N,...
"""

import json
import sys
import time


def sentences(count):
    """The lines that Sentences.java makes; 64-bit arithmetic as Java does it."""
    mask = (1 << 64) - 1
    for value in range(1, count + 1):
        h = value * 0x9E3779B97F4A7C15 & mask
        parts = []
        for _ in range(10):
            h ^= h >> 29
            h = h * 0xBF58476D1CE4E5B9 & mask
            h ^= h >> 32
            parts.append("w%d" % ((h & 0x7FFFFFFF) % 1000))
        yield " ".join(parts)


def run_map(data):
    f = lambda x: x + 1  # noqa: E731
    for x in data:
        f(x)


def run_chain(data):
    f, g, h = lambda x: x + 1, lambda x: x % 2 == 0, lambda x: x * 3
    for x in data:
        y = f(x)
        if g(y):
            h(y)


def run_wc(data):
    split, pair = lambda line: line.split(" "), lambda word: (word, 1)
    key, add = lambda p: p[0], lambda a, b: (a[0], a[1] + b[1])
    state = {}
    for line in data:
        for word in split(line):
            value = pair(word)
            k = key(value)
            old = state.get(k)
            state[k] = value if old is None else add(old, value)


def run_pickled(data):
    f = lambda x: {"id": x, "name": "n%d" % (x % 100), "v": x * 0.5}  # noqa: E731
    g, h = lambda d: {**d, "w": d["v"] + 1}, lambda d: d["id"] % 2 == 0
    for x in data:
        h(g(f(x)))


def run_maps(data, count):
    """A call of each of so many functions for each record, written out as a program would."""
    names = ["f%d" % i for i in range(count)]
    source = "def loop(data, %s):\n    for x in data:\n" % ", ".join(names)
    source += "".join("        x = %s(x)\n" % name for name in names)
    scope = {}
    exec(source, scope)
    # Each its own function object, as in a chain.
    scope["loop"](data, *[eval("lambda x: x + 1") for _ in names])


def run_keys(data, keys):
    """The state is a dict."""
    key, counts = lambda x: x % keys, {}

    def process(value, of):
        count = (counts.get(of) or 0) + 1
        counts[of] = count
        yield count

    for x in data:
        for _ in process(x, key(x)):
            pass


class Functions:
    """The methods of the program's assigner and aggregate function."""

    def extract_timestamp(self, value, record_timestamp):
        return value

    def add(self, value, accumulator):
        return accumulator + 1


def run_window(data):
    """The program's functions; the windows themselves are Java's."""
    stamp, key, add = Functions().extract_timestamp, lambda x: x % 100, Functions().add
    total = 0
    for x in data:
        stamp(x, 0)
        key(x)
        total = add(x, total)


def main():
    work, counts = sys.argv[1], [int(n) for n in sys.argv[2].split(",")]
    for count in counts:
        data = list(sentences(count)) if work == "wc" else list(range(1, count + 1))
        begun = time.perf_counter()
        if work.startswith("maps"):
            run_maps(data, int(work[4:]))
        elif work.startswith("keys"):
            run_keys(data, int(work[4:]))
        else:
            globals()["run_" + work](data)
        print(
            "RESULT " + json.dumps({"n": count, "s": time.perf_counter() - begun}),
            flush=True,
        )


main()
