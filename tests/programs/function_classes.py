"""The function classes with open and close, inheritance, mixins and state of their own."""

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import (
    FilterFunction,
    FlatMapFunction,
    KeySelector,
    MapFunction,
    ProcessFunction,
    ReduceFunction,
    RuntimeContext,
)


class Opened:
    """A mixin: open and close of all functions below."""

    def __init__(self, start=0):
        self.start = start
        self.opened = 0

    def open(self, runtime_context: RuntimeContext):
        self.opened += 1
        self.seen = [runtime_context.get_index_of_this_subtask()]

    def close(self):
        self.seen = None


class Number(Opened, MapFunction):
    def map(self, value):
        self.seen.append(value)
        return value, len(self.seen), self.opened, self.start


class NumberAgain(Number):
    def open(self, runtime_context):
        super().open(runtime_context)
        self.start = "again"

    def map(self, value):
        return super().map(value) + ("sub",)


class Split(Opened, FlatMapFunction):
    def flat_map(self, value):
        for i in range(value):
            self.seen.append(i)
            yield value, i, len(self.seen)


class SplitToList(FlatMapFunction):
    def flat_map(self, value):
        return [value] * 2


class EverySecond(Opened, FilterFunction):
    def filter(self, value):
        self.seen.append(value)
        return len(self.seen) % 2 == 0


class Parity(Opened, KeySelector):
    def get_key(self, value):
        return (value + self.opened) % 2


class Join(Opened, ReduceFunction):
    def reduce(self, value1, value2):
        self.seen.append(value2)
        return value1 * 10 + value2


class Explain(Opened, ProcessFunction):
    def process_element(self, value, ctx: ProcessFunction.Context):
        if value % 2:
            yield value, "odd", len(self.seen)
        yield value, ctx.timestamp() is None or ctx.timestamp() < 0


class ReturnsList(ProcessFunction):
    def process_element(self, value, ctx):
        return [value, value * 2] if value != 2 else []


class CallableMap(MapFunction):
    """A function object that can also be called: which of the two is used?"""

    def map(self, value):
        return "map", value

    def __call__(self, value):
        return "call", value


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([1, 2, 3, 4], Types.INT())
for stream in (
    numbers.map(Number(7)),
    numbers.map(NumberAgain()),
    numbers.flat_map(Split()),
    numbers.flat_map(SplitToList()),
    numbers.filter(EverySecond()),
    numbers.key_by(Parity()).reduce(Join()),
    numbers.key_by(Parity(), Types.INT()).map(Number()),
    numbers.process(Explain()),
    numbers.process(ReturnsList(), Types.INT()),
    numbers.map(CallableMap()),
    numbers.map(Number()).map(lambda v: v[0]).filter(EverySecond()).flat_map(Split()),
):
    stream.print()
    env.execute()
