"""What process_element and on_timer may give: generators, lists, tuples, None; with types."""
# output: sorted

from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Forms(KeyedProcessFunction):
    def process_element(self, value, ctx):
        ctx.timer_service().register_event_time_timer(value)
        if value % 4 == 0:
            return [Row(value, "list"), Row(value, "again")]
        if value % 4 == 1:
            return (Row(value, name) for name in ("generator",))
        if value % 4 == 2:
            return (Row(value, "tuple"),)
        return None

    def on_timer(self, timestamp, ctx):
        if timestamp % 3 == 0:
            yield Row(timestamp, "timer of %r" % (ctx.get_current_key(),))


ROW = Types.ROW_NAMED(["number", "what"], [Types.INT(), Types.STRING()])
stream = env.from_collection(list(range(12)), Types.INT())
stream.key_by(lambda v: v % 5, Types.INT()).process(Forms(), ROW).print()
stream.key_by(lambda v: (v % 2, None)).process(Forms()).map(
    lambda row: "%s|%s" % (row[0], row[1]), Types.STRING()
).filter(lambda text: "1" in text).print()
print([name for name in ("map", "process") if hasattr(stream, name)])
env.execute("keyed_process_outputs")
