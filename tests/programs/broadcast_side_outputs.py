"""Side outputs of both sides of broadcast process functions, and of their timers."""

# output: sorted unprefixed
from pyflink.common import Types
from pyflink.datastream import (
    BroadcastProcessFunction,
    KeyedBroadcastProcessFunction,
    OutputTag,
    StreamExecutionEnvironment,
)
from pyflink.datastream.state import MapStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(2)
seen = MapStateDescriptor("seen", Types.INT(), Types.INT())
odd = OutputTag("odd", Types.INT())
log = OutputTag("log", Types.STRING())
numbers = env.from_collection(range(8), Types.INT())
rules = env.from_collection([100, 200], Types.INT())


class Split(BroadcastProcessFunction):
    def process_element(self, value, ctx):
        if value % 2:
            yield odd, value
        else:
            yield value

    def process_broadcast_element(self, value, ctx):
        yield value
        yield log, "rule %d" % value


class SplitByKey(KeyedBroadcastProcessFunction):
    def process_element(self, value, ctx):
        ctx.timer_service().register_event_time_timer(value % 2)
        yield odd if value % 2 else log, value if value % 2 else str(value)

    def process_broadcast_element(self, value, ctx):
        ctx.get_broadcast_state(seen).put(value, value)
        yield log, "keyed rule %d" % value

    def on_timer(self, timestamp, ctx):
        rules = sorted(ctx.get_broadcast_state(seen).keys())
        yield log, "timer %d of %d: %s" % (timestamp, ctx.get_current_key(), rules)
        yield timestamp


plain = numbers.connect(rules.broadcast(seen)).process(Split(), Types.INT())
plain.print("plain")
plain.get_side_output(odd).print("odd")
plain.get_side_output(log).print("log")
keyed = (
    numbers.key_by(lambda n: n % 4, Types.INT())
    .connect(rules.broadcast(seen))
    .process(SplitByKey(), Types.INT())
)
keyed.print("keyed")
keyed.get_side_output(odd).map(lambda n: -n, Types.INT()).print("keyed-odd")
keyed.get_side_output(log).print("keyed-log")
env.execute()
