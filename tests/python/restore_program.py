"""A job with every kind of state that is stopped, killed and started again in several ways.

usage: restore_program.py FOLDER PARALLELISM (run|wait|stop|drain|save) [WORD|KEY=VALUE]...

Each record writes a line that depends on all that its key had before, each timer another one, so
that the lines of all runs together are known beforehand: `check` compares them. A `run` goes on to
the end. The others go slowly from the middle on; `wait` until it is killed. Words: `more` adds
operators, `renamed` gives the stateful one another uid, `blocked` makes that one slow, and not the
source, so that records pile up in front of it.
"""

from __future__ import annotations

import pathlib
import sys
import time

from pyflink.common import Configuration, Encoder, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import FileSink
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.datastream.functions import AggregateFunction, KeyedProcessFunction
from pyflink.datastream.state import (
    AggregatingStateDescriptor,
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    ValueStateDescriptor,
)

COUNT, KEYS = 4_000, 23
END = 10**9


class Mean(AggregateFunction):
    def create_accumulator(self):
        return 0, 0

    def add(self, value, accumulator):
        return accumulator[0] + value, accumulator[1] + 1

    def get_result(self, accumulator):
        return accumulator[0] / accumulator[1]

    def merge(self, acc_a, acc_b):
        return acc_a[0] + acc_b[0], acc_a[1] + acc_b[1]


class Everything(KeyedProcessFunction):
    def __init__(self, slow):
        self.slow = slow

    def open(self, runtime_context):
        get = runtime_context
        self.count = get.get_state(ValueStateDescriptor("count", Types.LONG()))
        self.any = get.get_state(ValueStateDescriptor("any", Types.PICKLED_BYTE_ARRAY()))
        self.list = get.get_list_state(ListStateDescriptor("list", Types.LONG()))
        self.map = get.get_map_state(MapStateDescriptor("map", Types.STRING(), Types.LONG()))
        self.max = get.get_reducing_state(ReducingStateDescriptor("max", max, Types.LONG()))
        pair = Types.TUPLE([Types.LONG(), Types.LONG()])
        self.mean = get.get_aggregating_state(AggregatingStateDescriptor("mean", Mean(), pair))

    def process_element(self, value, ctx):
        if self.slow:
            slowly(self.slow, value)
        self.count.update((self.count.value() or 0) + 1)
        before = (self.any.value() or {}).get("last")
        self.any.update({"last": value})
        if self.count.value() % 10 == 0:
            self.list.clear()
        self.list.add(value)
        name = "m%d" % (value % 7)
        self.map.put(name, (self.map.get(name) or 0) + 1)
        self.max.add(-value if value % 3 else value)
        self.mean.add(value)
        timers = ctx.timer_service()
        timers.register_event_time_timer(value + 500)
        timers.delete_event_time_timer(value - KEYS + 500)
        timers.register_event_time_timer(END)
        yield line("record", value, self.count.value(), before, list(self.list), self.map.items(),
                   self.max.get(), self.mean.get())  # fmt: skip

    def on_timer(self, timestamp, ctx):
        if timestamp == END:
            yield line("end", ctx.get_current_key(), self.count.value(), self.any.value()["last"],
                       list(self.list), self.map.items(), self.max.get(),
                       self.mean.get())  # fmt: skip
        else:
            yield line("timer", ctx.get_current_key(), timestamp)


def slowly(mark, value):
    if value > COUNT // 2:
        pathlib.Path(mark).touch()
    # Batches become short before they take long.
    time.sleep(0.005 if value > COUNT // 2 else 0.0002)
    return value


def line(*values):
    return " ".join(
        str(sorted(value) if hasattr(value, "__iter__") and not isinstance(value, str) else value)
        for value in values
    ).replace("\n", " ")


def expected():
    lines = []
    for key in range(KEYS):
        values = list(range(key, COUNT + 1, KEYS))
        kept, names, largest, before = [], {}, None, None
        for number, value in enumerate(values, 1):
            kept = [value] if number % 10 == 0 else kept + [value]
            names["m%d" % (value % 7)] = names.get("m%d" % (value % 7), 0) + 1
            signed = -value if value % 3 else value
            largest = signed if largest is None else max(largest, signed)
            mean = sum(values[:number]) / number
            lines.append(line("record", value, number, before, kept, names.items(), largest, mean))
            before = value
        lines.append(line("timer", key, values[-1] + 500))
        lines.append(line("end", key, len(values), before, kept, names.items(), largest, mean))
    return sorted(lines)


class Number(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value


def program(folder, parallelism, action, words):
    config = Configuration()
    config.set_string("execution.checkpointing.dir", (folder / "checkpoints").as_uri())
    config.set_string(
        "execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION"
    )
    # State leaves the cache all the time, and goes to files of its own.
    config.set_string("python.state.cache-size", "50")
    config.set_string("execution.checkpointing.data-inline-threshold", "1 kb")
    for word in words:
        if "=" in word:
            config.set_string(*word.split("=", 1))
    env = StreamExecutionEnvironment.get_execution_environment(config)
    env.set_parallelism(1)
    env.enable_checkpointing(50)
    numbers = env.from_source(
        NumberSequenceSource(0, COUNT), WatermarkStrategy.no_watermarks(), "numbers", Types.LONG()
    ).uid("numbers")
    strategy = WatermarkStrategy.for_monotonous_timestamps()
    stream = numbers.assign_timestamps_and_watermarks(strategy.with_timestamp_assigner(Number()))
    if "more" in words:
        stream = stream.map(lambda value: value, Types.LONG()).uid("before")
    mark = None if action == "run" else str(folder / "slow")
    if mark and "blocked" not in words:
        stream = stream.map(lambda value: slowly(mark, value), Types.LONG())
        mark = None
    stream = (
        stream.key_by(lambda value: value % KEYS, Types.LONG())
        .process(Everything(mark), Types.STRING())
        .set_parallelism(parallelism)
        .uid("renamed" if "renamed" in words else "everything")
    )
    if "more" in words:
        stream = stream.map(lambda text: text, Types.STRING()).uid("after")
        stream = stream.set_parallelism(parallelism)
    sink = FileSink.for_row_format(str(folder / "out"), Encoder.simple_string_encoder()).build()
    stream.sink_to(sink).set_parallelism(parallelism).uid("sink")
    return env


def main():
    folder, parallelism, action = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    env = program(folder, parallelism, action, sys.argv[4:])
    if action == "run":
        env.execute("restored")
        print("done")
        return
    client = env.execute_async("slow")
    completed = "checkpoints/%s/chk-*/_metadata" % client.get_job_id()
    while not ((folder / "slow").exists() and list(folder.glob(completed))):
        time.sleep(0.02)
    if action == "wait":
        print("waiting", flush=True)
        client.get_job_execution_result().result()
    target = str(folder / "savepoints")
    if action == "save":
        print(client.trigger_savepoint(target).result(), flush=True)
        client.cancel().result()
    else:
        print(client.stop_with_savepoint(action == "drain", target).result(), flush=True)
        client.get_job_execution_result().result()


def written(folder):
    """The lines of all parts that were completed."""
    files = [path for path in (folder / "out").rglob("part-*") if "inprogress" not in path.name]
    return sorted(text for path in files for text in path.read_text().splitlines())


if __name__ == "__main__":
    main()
