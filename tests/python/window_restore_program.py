"""A job with windows that is stopped, killed and started again.

usage: window_restore_program.py FOLDER PARALLELISM (run|wait|stop) [KEY=VALUE]...

Event time, three kinds of windows of the same stream: tumbling with an aggregate, sliding with a
process function that has state of its window and of its key, and sessions that merge. A `run` goes
on to the end; the others go slowly from the middle on, `wait` until it is killed.
"""

import pathlib
import sys
import time

from pyflink.common import Configuration, Duration, Encoder, Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import FileSink
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.datastream.functions import AggregateFunction, ProcessWindowFunction
from pyflink.datastream.state import ListStateDescriptor, ValueStateDescriptor
from pyflink.datastream.window import (
    CountTrigger,
    EventTimeSessionWindows,
    SlidingEventTimeWindows,
    TumblingEventTimeWindows,
)

COUNT, KEYS = 4_000, 23
SPREAD = 40  # how far records are out of order
LINE = Types.STRING()


def moment(value):
    """The event time of a record: out of order, with a gap after each 500 of them."""
    return value + (value * 7 % SPREAD) + value // 500 * 600


class Moment(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return moment(value)


class Sum(AggregateFunction):
    def create_accumulator(self):
        return 0, 0

    def add(self, value, accumulator):
        return accumulator[0] + value, accumulator[1] + 1

    def get_result(self, accumulator):
        return accumulator

    def merge(self, acc_a, acc_b):
        return acc_a[0] + acc_b[0], acc_a[1] + acc_b[1]


class Show(ProcessWindowFunction):
    def __init__(self, name):
        self.name = name

    def process(self, key, context, elements):
        window = context.window()
        for total, count in elements:
            yield "%s %d %d-%d %d %d" % (self.name, key, window.start, window.end, total, count)


class Firings(ProcessWindowFunction):
    """Counts the firings of each window and of each key, and remembers what a window showed."""

    NUMBER = ValueStateDescriptor("number", Types.LONG())
    NUMBER_OF_KEY = ValueStateDescriptor("number of the key", Types.LONG())
    SHOWN = ListStateDescriptor("shown", Types.LONG())

    def process(self, key, context, elements):
        shown = context.window_state().get_list_state(self.SHOWN)
        firings = context.window_state().get_state(self.NUMBER)
        all_of_key = context.global_state().get_state(self.NUMBER_OF_KEY)
        firings.update((firings.value() or 0) + 1)
        all_of_key.update((all_of_key.value() or 0) + 1)
        before = list(shown)
        values = sorted(elements)
        shown.add(values[-1])
        window = context.window()
        yield "sliding %d %d-%d %d %d %s %s" % (
            key, window.start, window.end, firings.value(), all_of_key.value(), before, values,
        )  # fmt: skip

    def clear(self, context):
        context.window_state().get_list_state(self.SHOWN).clear()
        context.window_state().get_state(self.NUMBER).clear()


def program(folder, parallelism, action, words):
    config = Configuration()
    config.set_string("execution.checkpointing.dir", (folder / "checkpoints").as_uri())
    config.set_string(
        "execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION"
    )
    config.set_string("python.state.cache-size", "20")
    config.set_string("execution.checkpointing.data-inline-threshold", "1 kb")
    for word in words:
        config.set_string(*word.split("=", 1))
    env = StreamExecutionEnvironment.get_execution_environment(config)
    env.set_parallelism(1)
    env.enable_checkpointing(50)
    numbers = env.from_source(
        NumberSequenceSource(0, COUNT), WatermarkStrategy.no_watermarks(), "numbers", Types.LONG()
    ).uid("numbers")
    mark = None if action == "run" else str(folder / "slow")
    if mark:
        numbers = numbers.map(lambda value: slowly(mark, value), Types.LONG())
    # No record is late, however the watermarks come.
    strategy = WatermarkStrategy.for_bounded_out_of_orderness(Duration.of_millis(SPREAD))
    strategy = strategy.with_timestamp_assigner(Moment())
    timed = numbers.assign_timestamps_and_watermarks(strategy).uid("times")
    keyed = timed.key_by(lambda value: value % KEYS, Types.LONG())
    tumbling = keyed.window(TumblingEventTimeWindows.of(Time.milliseconds(300)))
    tumbling = tumbling.aggregate(
        Sum(), Show("tumbling"), Types.TUPLE([Types.LONG(), Types.LONG()]), LINE
    )
    sliding = keyed.window(
        SlidingEventTimeWindows.of(Time.milliseconds(400), Time.milliseconds(200))
    )
    sliding = sliding.trigger(CountTrigger.of(4)).process(Firings(), LINE)
    sessions = keyed.window(EventTimeSessionWindows.with_gap(Time.milliseconds(200)))
    sessions = sessions.aggregate(Sum(), Show("session"), output_type=LINE)
    for name, stream in [("tumbling", tumbling), ("sliding", sliding), ("session", sessions)]:
        stream.set_parallelism(parallelism).uid(name)
        sink = FileSink.for_row_format(
            str(folder / "out" / name), Encoder.simple_string_encoder()
        ).build()
        stream.sink_to(sink).set_parallelism(parallelism).uid("sink " + name)
    return env


def slowly(mark, value):
    if value > COUNT // 2:
        pathlib.Path(mark).touch()
    time.sleep(0.005 if value > COUNT // 2 else 0.0002)
    return value


def main():
    folder, parallelism, action = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    env = program(folder, parallelism, action, sys.argv[4:])
    if action == "run":
        env.execute("restored")
        return
    client = env.execute_async("slow")
    completed = "checkpoints/%s/chk-*/_metadata" % client.get_job_id()
    while not ((folder / "slow").exists() and list(folder.glob(completed))):
        time.sleep(0.02)
    if action == "wait":
        print("waiting", flush=True)
        client.get_job_execution_result().result()
    print(client.stop_with_savepoint(False, str(folder / "savepoints")).result(), flush=True)
    client.get_job_execution_result().result()


if __name__ == "__main__":
    main()
