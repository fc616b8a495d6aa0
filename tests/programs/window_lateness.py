"""Records that come late: in time for another result of their window, or for the side output."""
# output: sorted

import time

from pyflink.common import Configuration, Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import OutputTag, StreamExecutionEnvironment
from pyflink.datastream.functions import ProcessWindowFunction
from pyflink.datastream.window import TumblingEventTimeWindows

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.get_config().set_auto_watermark_interval(5)
settings = Configuration()
settings.set_string("python.fn-execution.bundle.size", "1")
env.configure(settings)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


def slowly(value):
    time.sleep(0.12)
    return value


RECORDS = [("a", 1), ("a", 12), ("a", 3), ("b", 4), ("a", 17), ("a", 5), ("b", 18), ("a", 26)]


class Show(ProcessWindowFunction):
    def process(self, key, context, elements):
        yield "%s %s %s" % (key, context.window(), sorted(elements))


stream = (
    env.from_collection(
        # The watermark gets on while records of another key come.
        [v for record in RECORDS for v in [record] + [("z", record[1])] * 3],
        Types.TUPLE([Types.STRING(), Types.INT()]),
    )
    .map(slowly, Types.TUPLE([Types.STRING(), Types.INT()]))
    .assign_timestamps_and_watermarks(
        WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
    )
    .filter(lambda v: v[0] != "z")
)
late = OutputTag("late", Types.TUPLE([Types.STRING(), Types.INT()]))
results = (
    stream.key_by(lambda v: v[0])
    .window(TumblingEventTimeWindows.of(Time.milliseconds(10)))
    .allowed_lateness(5)
    .side_output_late_data(late)
    .process(Show(), Types.STRING())
)
results.print("window")
results.get_side_output(late).print("late")
env.execute("window_lateness")
