"""Timers of a KeyedBroadcastProcessFunction in a stream, when the broadcast stream is complete."""

# output: sorted unprefixed
from pyflink.common import Types
from pyflink.datastream import KeyedBroadcastProcessFunction, StreamExecutionEnvironment
from pyflink.datastream.state import ListStateDescriptor, MapStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(2)
prices = MapStateDescriptor("prices", Types.STRING(), Types.DOUBLE())
sales = env.from_collection(
    [("ann", "tea"), ("bob", "jam"), ("ann", "jam"), ("cid", "oil"), ("ann", "tea")],
    Types.TUPLE([Types.STRING(), Types.STRING()]),
)
list_of_prices = env.from_collection(
    [("tea", 2.5), ("jam", 4.0), ("oil", 9.0), ("jam", 3.5)],
    Types.TUPLE([Types.STRING(), Types.DOUBLE()]),
)


class Bill(KeyedBroadcastProcessFunction):
    def open(self, runtime_context):
        self.goods = runtime_context.get_list_state(ListStateDescriptor("goods", Types.STRING()))

    def process_element(self, value, ctx):
        self.goods.add(value[1])
        ctx.timer_service().register_event_time_timer(100)
        ctx.timer_service().register_event_time_timer(200)
        ctx.timer_service().register_event_time_timer(300)
        ctx.timer_service().delete_event_time_timer(200)

    def process_broadcast_element(self, value, ctx):
        ctx.get_broadcast_state(prices).put(value[0], value[1])

    def on_timer(self, timestamp, ctx):
        price = ctx.get_broadcast_state(prices)
        goods = sorted(self.goods.get())
        yield "%d %s %s %s %s" % (
            timestamp,
            ctx.time_domain().name,
            ctx.get_current_key(),
            goods,
            sum(price.get(good) for good in goods),
        )
        self.goods.clear()


sales.key_by(lambda sale: sale[0]).connect(list_of_prices.broadcast(prices)).process(
    Bill(), Types.STRING()
).print()
env.execute()
