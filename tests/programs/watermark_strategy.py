"""Timestamps assigned in Python are seen by a process function."""

from pyflink.common import Duration, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import ProcessFunction, StreamExecutionEnvironment


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1] * 1000


class Show(ProcessFunction):
    def process_element(self, value, ctx):
        yield f"{value[0]} at {ctx.timestamp()}"


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
events = env.from_collection(
    [("a", 1), ("b", 5), ("c", 3)], Types.TUPLE([Types.STRING(), Types.LONG()])
)
for strategy in (
    WatermarkStrategy.for_monotonous_timestamps(),
    WatermarkStrategy.for_bounded_out_of_orderness(Duration.of_seconds(2)),
    WatermarkStrategy.for_bounded_out_of_orderness(Duration.of_millis(10)).with_idleness(
        Duration.of_seconds(1)
    ),
    WatermarkStrategy.no_watermarks(),
):
    events.assign_timestamps_and_watermarks(strategy.with_timestamp_assigner(Second())).process(
        Show(), Types.STRING()
    ).print()
    env.execute()
