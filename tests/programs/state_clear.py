"""Each kind of state after clear(): as if nothing had been there, for this key only."""
# output: sorted

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import AggregateFunction, KeyedProcessFunction
from pyflink.datastream.state import (
    AggregatingStateDescriptor,
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    ValueStateDescriptor,
)


class Longest(AggregateFunction):
    def create_accumulator(self):
        return ""

    def add(self, value, accumulator):
        return max(value, accumulator, key=len)

    def get_result(self, accumulator):
        return accumulator.upper()

    def merge(self, acc_a, acc_b):
        return max(acc_a, acc_b, key=len)


class Keep(KeyedProcessFunction):
    def open(self, runtime_context):
        string, long = Types.STRING(), Types.LONG()
        self.value = runtime_context.get_state(ValueStateDescriptor("value", string))
        self.list = runtime_context.get_list_state(ListStateDescriptor("list", string))
        self.map = runtime_context.get_map_state(MapStateDescriptor("map", string, long))
        self.sum = runtime_context.get_reducing_state(
            ReducingStateDescriptor("sum", lambda a, b: a + b, string)
        )
        self.longest = runtime_context.get_aggregating_state(
            AggregatingStateDescriptor("longest", Longest(), string)
        )

    def process_element(self, value, ctx):
        key, word = value
        if word == "clear":
            for state in (self.value, self.list, self.map, self.sum, self.longest):
                state.clear()
        else:
            self.value.update(word)
            self.list.add(word)
            self.map.put(word, len(word))
            self.sum.add(word)
            self.longest.add(word)
        yield "%s %s: %s %s %s %s %s %s" % (
            key,
            word,
            self.value.value(),
            list(self.list.get()),
            sorted(self.map.items()),
            self.map.is_empty(),
            self.sum.get(),
            self.longest.get(),
        )


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
words = ["one", "three", "clear", "four", "clear", "clear", "seven"]
pairs = [(key, word) for word in words for key in ("a", "b") if (key, word) != ("b", "clear")]
stream = env.from_collection(pairs, Types.TUPLE([Types.STRING(), Types.STRING()]))
stream.key_by(lambda v: v[0], Types.STRING()).process(Keep(), Types.STRING()).print()
env.execute()
