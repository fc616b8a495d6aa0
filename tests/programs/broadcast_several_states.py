"""More than one broadcast state, one that broadcast() was not told of, and two broadcast streams."""

# output: sorted unprefixed
from pyflink.common import Types
from pyflink.datastream import (
    BroadcastProcessFunction,
    RuntimeExecutionMode,
    StreamExecutionEnvironment,
)
from pyflink.datastream.state import MapStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_runtime_mode(RuntimeExecutionMode.BATCH)
env.set_parallelism(2)
short = MapStateDescriptor("short", Types.STRING(), Types.INT())
long = MapStateDescriptor("long", Types.STRING(), Types.LONG())
told_nobody = MapStateDescriptor("told nobody", Types.LONG(), Types.STRING())
words = env.from_collection(["a", "bb", "to", "banana", "pomegranate"], Types.STRING())
asked = env.from_collection(["a", "banana", "plum"], Types.STRING())


class Lengths(BroadcastProcessFunction):
    def process_element(self, value, ctx):
        yield "%s: %s %s" % (
            value,
            ctx.get_broadcast_state(short).get(value),
            ctx.get_broadcast_state(long).get(value),
        )
        # A descriptor of the same name is the same state.
        again = MapStateDescriptor("short", Types.STRING(), Types.INT())
        yield sorted(ctx.get_broadcast_state(again).items()).__repr__()
        yield sorted(ctx.get_broadcast_state(told_nobody).items()).__repr__()

    def process_broadcast_element(self, value, ctx):
        if len(value) < 3:
            ctx.get_broadcast_state(short).put(value, len(value))
        else:
            ctx.get_broadcast_state(long).put(value, len(value))
            ctx.get_broadcast_state(told_nobody).put(len(value), value)


stream = asked.connect(words.broadcast(short, long))
print(type(stream).__name__, len(stream.broadcast_state_descriptors))
first = stream.process(Lengths(), Types.STRING())
first.print()


class Again(BroadcastProcessFunction):
    def process_element(self, value, ctx):
        yield "%d again" % len(value)

    def process_broadcast_element(self, value, ctx):
        return []


first.connect(words.broadcast(short)).process(Again(), Types.STRING()).print()
env.execute()
