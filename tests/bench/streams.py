"""One workload from a sequence source into a discarding sink; the same file on the peer and here.

usage: streams.py WORK MODE N,N,... [PARALLELISM]

WORK: a key of WORKLOADS, mapsK for a chain of K maps, keysK for a count by K keys (rocksK: in
RocksDB), timersK or windowsK for K timers or windows at a time, entriesK for a map state of K
entries; MODE: process thread shell.
One job per N, one line of JSON for each. N counts source records; wc makes ten words of each,
generator ten numbers. The time of collection includes from_collection.
"""

import json
import os
import sys
import time

from pyflink.common import Configuration, Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import CoMapFunction, DataStream, StreamExecutionEnvironment
from pyflink.datastream.functions import AggregateFunction, KeyedProcessFunction
from pyflink.datastream.state import (
    ListStateDescriptor,
    MapStateDescriptor,
    ValueStateDescriptor,
)
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.datastream.window import TumblingEventTimeWindows
from pyflink.java_gateway import get_gateway

WORK, MODE, COUNTS = sys.argv[1], sys.argv[2], [int(n) for n in sys.argv[3].split(",")]
PARALLELISM = int(sys.argv[4]) if len(sys.argv) > 4 else 1
LONG, STRING = Types.LONG, Types.STRING


def PAIR():
    return Types.TUPLE([Types.LONG(), Types.STRING()])


def numbers(count, name="numbers"):
    """The sequence from 1 to count."""
    source = NumberSequenceSource(1, count)
    stream = env.from_source(source, WatermarkStrategy.no_watermarks(), name, LONG())
    stream.count = count
    return stream


def words(stream):
    jvm = get_gateway().jvm
    lines = DataStream(
        stream._j_data_stream.map(jvm.bench.Sentences(), STRING().get_java_type_info())
    )
    return (
        lines.flat_map(lambda line: line.split(" "), STRING())
        .map(lambda word: (word, 1), Types.TUPLE([STRING(), Types.INT()]))
        .key_by(lambda pair: pair[0], STRING())
        .reduce(lambda a, b: (a[0], a[1] + b[1]))
    )


class Count(KeyedProcessFunction):
    """How many records each key had."""

    def open(self, ctx):
        self.count = ctx.get_state(ValueStateDescriptor("count", LONG()))

    def process_element(self, value, ctx):
        count = (self.count.value() or 0) + 1
        self.count.update(count)
        yield count


def counted(stream, keys=1000):
    return stream.key_by(lambda x: x % keys, LONG()).process(Count(), LONG())


class Append(KeyedProcessFunction):
    """A list for each key, which is emptied now and then."""

    def open(self, ctx):
        self.list = ctx.get_list_state(ListStateDescriptor("list", LONG()))

    def process_element(self, value, ctx):
        if value % 100_000 < 1000:
            self.list.clear()
        self.list.add(value)


class Entries(KeyedProcessFunction):
    """One map of many entries."""

    def __init__(self, count):
        self.count = count

    def open(self, ctx):
        self.map = ctx.get_map_state(MapStateDescriptor("map", LONG(), LONG()))

    def process_element(self, value, ctx):
        self.map.put(value % self.count, value)


class Timed(KeyedProcessFunction):
    """A timer for each record, which fires that many records later."""

    def __init__(self, later):
        self.later = later

    def process_element(self, value, ctx):
        ctx.timer_service().register_event_time_timer(value + self.later)

    def on_timer(self, timestamp, ctx):
        yield timestamp


class Number(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value


def stamped(stream):
    strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Number())
    return stream.assign_timestamps_and_watermarks(strategy)


def timed(stream, timers):
    return stamped(stream).key_by(lambda x: x % 1000, LONG()).process(Timed(timers), LONG())


class CountAll(AggregateFunction):
    def create_accumulator(self):
        return 0

    def add(self, value, accumulator):
        return accumulator + 1

    def get_result(self, accumulator):
        return accumulator

    def merge(self, a, b):
        return a + b


def windowed(stream, keys=100, each=100):
    """Windows of so many keys, of so many records each."""
    return (
        stamped(stream)
        .key_by(lambda x: x % keys, LONG())
        .window(TumblingEventTimeWindows.of(Time.milliseconds(keys * each)))
        .aggregate(CountAll(), accumulator_type=LONG(), output_type=LONG())
    )


def dicts(stream):
    return (
        stream.map(lambda x: {"id": x, "name": "n%d" % (x % 100), "v": x * 0.5})
        .map(lambda d: {**d, "w": d["v"] + 1})
        .filter(lambda d: d["id"] % 2 == 0)
    )


def ten(x):
    for i in range(10):
        yield x + i


class Both(CoMapFunction):
    def map1(self, value):
        return value + 1

    def map2(self, value):
        return value - 1


def arrays(stream):
    kind = Types.PRIMITIVE_ARRAY(Types.DOUBLE())
    made = stream._j_data_stream.map(
        get_gateway().jvm.bench.Doubles(), kind.get_java_type_info()
    )
    return DataStream(made).map(lambda array: array, kind)


def maps(count):
    def chain(stream):
        for _ in range(count):
            stream = stream.map(lambda x: x + 1)
        return stream.filter(lambda x: False)

    return chain


WORKLOADS = {
    "none": lambda s: s,
    "collection": lambda s: s.map(lambda pair: (pair[0] + 1, pair[1]), PAIR()),
    "generator": lambda s: s.flat_map(ten, LONG()),
    "objects": lambda s: (
        s.map(lambda x: {"id": x, "text": "%01000d" % x})
        .map(lambda d: {**d, "seen": True})
        .filter(lambda d: d["id"] % 2 == 0)
    ),
    "arrays": arrays,
    "connect": lambda s: s.connect(numbers(s.count, "others")).map(Both(), LONG()),
    "union": lambda s: s.union(numbers(s.count, "others")).map(lambda x: x + 1, LONG()),
    "map": lambda s: s.map(lambda x: x + 1, LONG()),
    "chain": lambda s: (
        s.map(lambda x: x + 1, LONG()).filter(lambda x: x % 2 == 0).map(lambda x: x * 3, LONG())
    ),
    "wc": words,
    "pickled": dicts,
    "state": counted,
    "window": windowed,
    "append": lambda s: s.key_by(lambda x: x % 1000, LONG()).process(Append(), LONG()),
}

config = Configuration()
if MODE != "shell":
    config.set_string("python.execution-mode", MODE)
if WORK.startswith("rocks"):
    config.set_string("state.backend.type", "rocksdb")
env = StreamExecutionEnvironment.get_execution_environment(config)
env.set_parallelism(PARALLELISM)
if WORK in ("wc", "arrays"):
    env.add_jars("file://" + os.environ["BENCH_JAR"])
SIZED = {
    "maps": maps,
    "keys": lambda size: lambda s: counted(s, size),
    "rocks": lambda size: lambda s: counted(s, size),
    "timers": lambda size: lambda s: timed(s, size),
    "windows": lambda size: lambda s: windowed(s, size, 10),
    "entries": lambda size: lambda s: (
        s.key_by(lambda x: 0, LONG()).process(Entries(size), LONG())
    ),
}
KIND = WORK.rstrip("0123456789")
if KIND in SIZED:
    WORKLOADS[WORK] = SIZED[KIND](int(WORK[len(KIND) :]))
for count in COUNTS:
    begun = time.perf_counter()
    if WORK == "collection":
        pairs = [(i, "name %d" % (i % 1000)) for i in range(count)]
        begun = time.perf_counter()
        stream = env.from_collection(pairs, PAIR())
    else:
        stream = numbers(count)
    WORKLOADS[WORK](stream)._j_data_stream.sinkTo(
        get_gateway().jvm.org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink()
    )
    if WORK != "collection":
        begun = time.perf_counter()
    env.execute(WORK)
    print(
        "RESULT " + json.dumps({"n": count, "s": time.perf_counter() - begun}),
        flush=True,
    )
