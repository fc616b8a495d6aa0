"""Broadcast state with keys and values of many types."""

# output: sorted unprefixed
import dataclasses
import datetime

from pyflink.common import Row, Types
from pyflink.datastream import (
    BroadcastProcessFunction,
    RuntimeExecutionMode,
    StreamExecutionEnvironment,
)
from pyflink.datastream.state import MapStateDescriptor


@dataclasses.dataclass(frozen=True)
class Rule:
    name: str
    limit: float


CASES = [
    (Types.INT(), Types.STRING(), {1: "one", -5: "", 2 ** 31 - 1: "größte"}),
    (Types.LONG(), Types.DOUBLE(), {2 ** 60: 1.5, 0: -0.25}),
    (Types.BOOLEAN(), Types.BOOLEAN(), {True: False, False: True}),
    (Types.STRING(), Types.LIST(Types.INT()), {"a": [1, 2], "empty": []}),
    (Types.STRING(), Types.MAP(Types.STRING(), Types.INT()), {"m": {"x": 1, "y": 2}}),
    (Types.STRING(), Types.TUPLE([Types.INT(), Types.STRING()]), {"t": (1, "x")}),
    (
        Types.STRING(),
        Types.ROW_NAMED(["n", "s"], [Types.INT(), Types.STRING()]),
        {"r": Row(n=1, s="x")},
    ),
    (Types.STRING(), Types.PICKLED_BYTE_ARRAY(), {"p": Rule("p", 0.5), "set": {1, 2}}),
    (Types.STRING(), Types.SQL_DATE(), {"d": datetime.date(2024, 2, 29)}),
    (Types.STRING(), Types.BIG_INT(), {"big": 2 ** 60}),
    (Types.PICKLED_BYTE_ARRAY(), Types.INT(), {(1, "a"): 1, "b": 2, 3: 3}),
]


class Keep(BroadcastProcessFunction):
    def __init__(self, descriptor, entries):
        self.descriptor = descriptor
        self.entries = entries

    def process_element(self, value, ctx):
        state = ctx.get_broadcast_state(self.descriptor)
        for key, expected in self.entries.items():
            found = state.get(key)
            yield "%s: %r -> %r %s" % (value, key, found, found == expected)
        yield "%s has %d" % (value, len(list(state.items())))
        yield "%s all %s" % (value, dict(state.items()) == self.entries)

    def process_broadcast_element(self, value, ctx):
        state = ctx.get_broadcast_state(self.descriptor)
        for key, entry in self.entries.items():
            state.put(key, entry)


env = StreamExecutionEnvironment.get_execution_environment()
env.set_runtime_mode(RuntimeExecutionMode.BATCH)
env.set_parallelism(1)
one = env.from_collection(["go"], Types.STRING())
for number, (key, value, entries) in enumerate(CASES):
    descriptor = MapStateDescriptor("case %d" % number, key, value)
    records = env.from_collection(["case %d" % number], Types.STRING())
    records.connect(one.broadcast(descriptor)).process(
        Keep(descriptor, entries), Types.STRING()
    ).print()
env.execute()
