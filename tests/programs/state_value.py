"""ValueState of several types: absent at first, updated, cleared, apart for each key."""
# output: sorted

from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import ValueStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Keep(KeyedProcessFunction):
    def open(self, runtime_context: RuntimeContext):
        def state(name, type_info):
            return runtime_context.get_state(ValueStateDescriptor(name, type_info))

        self.count = state("count", Types.LONG())
        self.last = state("last", Types.STRING())
        self.pair = state("pair", Types.TUPLE([Types.STRING(), Types.INT()]))
        self.row = state("row", Types.ROW([Types.INT(), Types.STRING()]))
        self.any = state("any", Types.PICKLED_BYTE_ARRAY())
        self.flag = state("flag", Types.BOOLEAN())

    def process_element(self, value, ctx):
        before = (
            self.count.value(),
            self.last.value(),
            self.pair.value(),
            self.row.value(),
            self.any.value(),
            self.flag.value(),
        )
        yield "%s: %r" % (value, before)
        if value[1] % 4 == 3:
            for state in (self.count, self.last, self.pair, self.row, self.any, self.flag):
                state.clear()
            yield "%s: cleared, %r" % (value, self.count.value())
            return
        self.count.update((self.count.value() or 0) + 1)
        self.last.update("%s%d é €" % value)
        self.pair.update(value)
        self.row.update(Row(value[1], value[0]))
        self.any.update({"all": (self.any.value() or {"all": []})["all"] + [value[1]]})
        self.flag.update(value[1] % 2 == 0)


env.from_collection(
    [("abc"[i % 3], i) for i in range(24)], Types.TUPLE([Types.STRING(), Types.INT()])
).key_by(lambda v: v[0], Types.STRING()).process(Keep(), Types.STRING()).print()
env.execute("state_value")
