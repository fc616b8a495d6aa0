"""apply_to_keyed_state: a broadcast record changes what all keys have; the peer lacks it."""

# output: sorted
# runs: here
from pyflink.common import Types
from pyflink.datastream import KeyedBroadcastProcessFunction, StreamExecutionEnvironment
from pyflink.datastream.state import MapStateDescriptor, ValueStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
RULES = MapStateDescriptor("rules", Types.STRING(), Types.INT())
SUM = ValueStateDescriptor("sum", Types.INT())
sales = env.from_collection(
    [("ann", 1), ("bob", 2), ("ann", 3)], Types.TUPLE([Types.STRING(), Types.INT()])
)
factors = env.from_collection([10, 100], Types.INT())


class Sums(KeyedBroadcastProcessFunction):
    """Whatever comes first: a sale is multiplied by the factors that came and will come."""

    def open(self, runtime_context):
        self.sum = runtime_context.get_state(SUM)

    def process_element(self, value, ctx):
        factor = ctx.get_broadcast_state(RULES).get("factor") or 1
        self.sum.update((self.sum.value() or 0) + value[1] * factor)
        ctx.timer_service().register_event_time_timer(1)

    def process_broadcast_element(self, value, ctx: KeyedBroadcastProcessFunction.Context):
        rules = ctx.get_broadcast_state(RULES)
        rules.put("factor", (rules.get("factor") or 1) * value)
        ctx.apply_to_keyed_state(SUM, lambda key, state: state.update(state.value() * value))

    def on_timer(self, timestamp, ctx):
        yield ctx.get_current_key(), self.sum.value()


sales.key_by(lambda sale: sale[0]).connect(factors.broadcast(RULES)).process(
    Sums(), Types.TUPLE([Types.STRING(), Types.INT()])
).print()
env.execute()
