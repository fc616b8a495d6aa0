"""Side outputs of process_element and of on_timer, typed and untyped."""
# output: sorted

from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import OutputTag, StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction
from pyflink.datastream.state import ReducingStateDescriptor

ODD = OutputTag("odd", Types.LONG())
ENDS = OutputTag("ends", Types.TUPLE([Types.STRING(), Types.LONG()]))


class Time(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value


class Split(KeyedProcessFunction):
    def open(self, runtime_context):
        self.sum = runtime_context.get_reducing_state(
            ReducingStateDescriptor("sum", lambda a, b: a + b, Types.LONG())
        )

    def process_element(self, value, ctx):
        self.sum.add(value)
        ctx.timer_service().register_event_time_timer(1000)
        if value % 2:
            yield ODD, value
        else:
            yield "even %d" % value

    def on_timer(self, timestamp, ctx):
        yield ENDS, (ctx.get_current_key(), self.sum.get())
        yield "end of %s at %d" % (ctx.get_current_key(), timestamp)


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
stream = env.from_collection(list(range(12)), Types.LONG())
strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Time())
split = (
    stream.assign_timestamps_and_watermarks(strategy)
    .key_by(lambda v: "key %d" % (v % 3), Types.STRING())
    .process(Split(), Types.STRING())
)
split.print("main")
split.get_side_output(ODD).map(lambda v: v * 10, Types.LONG()).print("odd")
split.get_side_output(ENDS).print("ends")
env.execute()
