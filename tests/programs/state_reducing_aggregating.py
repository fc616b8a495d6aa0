"""ReducingState and AggregatingState, with functions of users and callables."""
# output: sorted

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import (
    AggregateFunction,
    KeyedProcessFunction,
    ReduceFunction,
    RuntimeContext,
)
from pyflink.datastream.state import AggregatingStateDescriptor, ReducingStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Longest(ReduceFunction):
    def reduce(self, value1, value2):
        return value1 if len(value1) >= len(value2) else value2


class Mean(AggregateFunction):
    def create_accumulator(self):
        return 0, 0

    def add(self, value, accumulator):
        return accumulator[0] + value, accumulator[1] + 1

    def get_result(self, accumulator):
        return accumulator[0] / accumulator[1]

    def merge(self, acc_a, acc_b):
        return acc_a[0] + acc_b[0], acc_a[1] + acc_b[1]


class Distinct(AggregateFunction):
    def create_accumulator(self):
        return set()

    def add(self, value, accumulator):
        accumulator.add(value)
        return accumulator

    def get_result(self, accumulator):
        return sorted(accumulator)

    def merge(self, acc_a, acc_b):
        return acc_a | acc_b


class Keep(KeyedProcessFunction):
    def open(self, runtime_context: RuntimeContext):
        self.sum = runtime_context.get_reducing_state(
            ReducingStateDescriptor("sum", lambda a, b: a + b, Types.LONG())
        )
        self.longest = runtime_context.get_reducing_state(
            ReducingStateDescriptor("longest", Longest(), Types.STRING())
        )
        self.mean = runtime_context.get_aggregating_state(
            AggregatingStateDescriptor(
                "mean", Mean(), Types.TUPLE([Types.LONG(), Types.LONG()])
            )
        )
        self.distinct = runtime_context.get_aggregating_state(
            AggregatingStateDescriptor("distinct", Distinct(), Types.PICKLED_BYTE_ARRAY())
        )

    def process_element(self, value, ctx):
        states = (self.sum, self.longest, self.mean, self.distinct)
        yield "%s before %s" % (value, [state.get() for state in states])
        self.sum.add(value[1])
        self.longest.add("x" * (value[1] * 7 % 10))
        self.mean.add(value[1])
        self.distinct.add(value[1] % 4)
        yield "%s after %s" % (value, [state.get() for state in states])
        if value[1] % 8 == 7:
            for state in states:
                state.clear()


env.from_collection(
    [("abc"[i % 3], i) for i in range(30)], Types.TUPLE([Types.STRING(), Types.INT()])
).key_by(lambda v: v[0]).process(Keep(), Types.STRING()).print()
env.execute("state_reducing_aggregating")
