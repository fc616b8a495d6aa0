"""Aggregating state: accumulators of tuples and of Python objects, results of another type."""
# output: sorted

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import AggregateFunction, KeyedProcessFunction
from pyflink.datastream.state import AggregatingStateDescriptor


class Spread(AggregateFunction):
    def create_accumulator(self):
        return None

    def add(self, value, accumulator):
        return (value, value) if accumulator is None else (
            min(accumulator[0], value),
            max(accumulator[1], value),
        )

    def get_result(self, accumulator):
        return "%d to %d" % accumulator

    def merge(self, acc_a, acc_b):
        return min(acc_a[0], acc_b[0]), max(acc_a[1], acc_b[1])


class Words(AggregateFunction):
    def create_accumulator(self):
        return {}

    def add(self, value, accumulator):
        accumulator["n%d" % value] = accumulator.get("n%d" % value, 0) + 1
        return accumulator

    def get_result(self, accumulator):
        return sorted(accumulator.items())

    def merge(self, acc_a, acc_b):
        return {**acc_a, **acc_b}


class Keep(KeyedProcessFunction):
    def open(self, runtime_context):
        self.spread = runtime_context.get_aggregating_state(
            AggregatingStateDescriptor("spread", Spread(), Types.PICKLED_BYTE_ARRAY())
        )
        self.words = runtime_context.get_aggregating_state(
            AggregatingStateDescriptor("words", Words(), Types.PICKLED_BYTE_ARRAY())
        )

    def process_element(self, value, ctx):
        self.spread.add(value)
        self.words.add(value % 3)
        yield "%s %s %s" % (ctx.get_current_key(), self.spread.get(), self.words.get())


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
stream = env.from_collection([5, 2, 9, 4, 7, 7, 0, 3], Types.LONG())
stream.key_by(lambda v: v % 2, Types.LONG()).process(Keep(), Types.STRING()).print()
env.execute()
