"""All that a BroadcastState can do, and what a read-only one shows."""

# output: exact
from pyflink.common import Types
from pyflink.datastream import (
    BroadcastProcessFunction,
    RuntimeExecutionMode,
    StreamExecutionEnvironment,
)
from pyflink.datastream.state import BroadcastState, MapStateDescriptor, ReadOnlyBroadcastState

env = StreamExecutionEnvironment.get_execution_environment()
env.set_runtime_mode(RuntimeExecutionMode.BATCH)
env.set_parallelism(1)
numbers = MapStateDescriptor("numbers", Types.STRING(), Types.LONG())
steps = env.from_collection(["put", "all", "item", "remove", "look", "clear", "again"])
looks = env.from_collection([1, 2], Types.INT())


def shown(state):
    return (
        sorted(state.keys()),
        sorted(state.values()),
        sorted(state.items()),
        sorted(state),
        state.contains("a"),
        "a" in state,
        "zz" in state,
        state.get("a"),
        state["b"],
    )


class Steps(BroadcastProcessFunction):
    def process_element(self, value, ctx):
        state = ctx.get_broadcast_state(numbers)
        yield "%d reads %s" % (value, shown(state))
        yield isinstance(state, ReadOnlyBroadcastState), isinstance(state, BroadcastState)
        try:
            state.put("a", 1)
        except AttributeError:
            yield "no put"
        try:
            state.remove("a")
        except AttributeError:
            yield "no remove"
        try:
            state["a"] = 1
        except TypeError:
            yield "no item"

    def process_broadcast_element(self, value, ctx):
        state = ctx.get_broadcast_state(numbers)
        if value == "put":
            state.put("a", 1)
            state.put("a", 2)
            state.put("b", 2 ** 40)
        elif value == "all":
            state.put_all([("c", 3), ("d", 4), ("b", -2 ** 40)])
        elif value == "item":
            state["e"] = 5
            state["a"] = state["a"] + 10
        elif value == "remove":
            state.remove("c")
            state.remove("never there")
        elif value == "clear":
            state.clear()
        elif value == "again":
            state.put("a", 7)
        yield value, shown(state), isinstance(state, BroadcastState)


looks.connect(steps.broadcast(numbers)).process(Steps()).print()
env.execute()
