"""A job with every kind of keyed state of declared types, stopped with a savepoint.

usage: savepoint_program.py FOLDER BACKEND COUNT KEYS

The records are 0 to COUNT - 1, the keys their rests by KEYS. Prints the path of the savepoint.
"""

import pathlib
import sys
import time

from pyflink.common import Configuration, Row, Types, WatermarkStrategy
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.datastream.functions import AggregateFunction, KeyedProcessFunction
from pyflink.datastream.state import (
    AggregatingStateDescriptor,
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    ValueStateDescriptor,
)


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
    def open(self, runtime_context):
        get = runtime_context
        self.count = get.get_state(ValueStateDescriptor("count", Types.LONG()))
        row = Types.ROW_NAMED(["name", "value"], [Types.STRING(), Types.DOUBLE()])
        self.row = get.get_state(ValueStateDescriptor("row", row))
        self.list = get.get_list_state(ListStateDescriptor("list", Types.LONG()))
        self.map = get.get_map_state(MapStateDescriptor("map", Types.STRING(), Types.LONG()))
        self.max = get.get_reducing_state(ReducingStateDescriptor("max", max, Types.LONG()))
        pair = Types.TUPLE([Types.LONG(), Types.LONG()])
        self.mean = get.get_aggregating_state(AggregatingStateDescriptor("mean", Mean(), pair))

    def process_element(self, value, ctx):
        self.count.update((self.count.value() or 0) + 1)
        self.row.update(Row(name="ä%d" % value, value=value / 4))
        self.list.add(value)
        name = "m%d" % (value % 3)
        self.map.put(name, (self.map.get(name) or 0) + value)
        self.max.add(value)
        self.mean.add(value)
        ctx.timer_service().register_event_time_timer(10**12 + value % 2)
        yield 1


def main():
    folder, backend = pathlib.Path(sys.argv[1]), sys.argv[2]
    count, keys = int(sys.argv[3]), int(sys.argv[4])
    config = Configuration()
    config.set_string("state.backend.type", backend)
    config.set_string("execution.checkpointing.dir", (folder / "checkpoints").as_uri())
    config.set_string("python.state.cache-size", "3")
    env = StreamExecutionEnvironment.get_execution_environment(config)
    env.set_parallelism(2)
    env.enable_checkpointing(20)
    stream = env.from_source(
        NumberSequenceSource(0, 2**40), WatermarkStrategy.no_watermarks(), "numbers", Types.LONG()
    ).set_parallelism(1)
    mark = folder / "mark"

    def slowly(value):
        if value == count:
            mark.touch()
        if value >= count:
            time.sleep(0.005)
        return value

    stream = stream.map(slowly, Types.LONG()).set_parallelism(1)
    stream = stream.filter(lambda value: value < count).set_parallelism(1)
    pair = Types.TUPLE([Types.STRING(), Types.LONG()])
    streams = {
        "string": stream.key_by(lambda value: "key%d" % (value % keys), Types.STRING()),
        "long": stream.key_by(lambda value: value % keys, Types.LONG()),
        "pair": stream.key_by(lambda value: ("key%d" % (value % keys), value % keys), pair),
    }
    for name, keyed in streams.items():
        out = keyed.process(Everything(), Types.LONG()).uid(name)
        out.filter(lambda value: False).print()
    client = env.execute_async("savepoint")
    # All tasks run when a checkpoint is complete.
    completed = "checkpoints/%s/chk-*/_metadata" % client.get_job_id()
    while not (mark.exists() and list(folder.glob(completed))):
        time.sleep(0.02)
    print(client.stop_with_savepoint(False, str(folder / "savepoints")).result(), flush=True)
    client.get_job_execution_result().result()


if __name__ == "__main__":
    main()
