"""CoProcessFunction: timestamps, times, timers that need keys, results of all forms."""

# output: sorted
import time

from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import CoProcessFunction, StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([1, 2, 3], Types.INT())
words = env.from_collection(["a", "bb"], Types.STRING())


class ByLength(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return len(value) * 1000


class Times(CoProcessFunction):
    def process_element1(self, value, ctx: CoProcessFunction.Context):
        yield "number", value, ctx.timestamp()

    def process_element2(self, value, ctx: CoProcessFunction.Context):
        service = ctx.timer_service()
        near = abs(service.current_processing_time() / 1000 - time.time()) < 600
        return [("word", value, ctx.timestamp(), service.current_watermark(), near)]


class Nothing(CoProcessFunction):
    def process_element1(self, value, ctx):
        pass

    def process_element2(self, value, ctx):
        return [value] if len(value) > 1 else None


class Timers(CoProcessFunction):
    def process_element1(self, value, ctx):
        service = ctx.timer_service()
        for method in (
            service.register_event_time_timer,
            service.register_processing_time_timer,
            service.delete_event_time_timer,
            service.delete_processing_time_timer,
        ):
            try:
                method(5)
            except Exception as error:
                yield method.__name__, type(error).__name__

    def process_element2(self, value, ctx):
        return iter(())


times = numbers.connect(
    words.assign_timestamps_and_watermarks(
        WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(ByLength())
    )
).process(Times())
print(times.get_name(), times.get_type())
times.print("times")
numbers.connect(words).process(Nothing(), Types.STRING()).print("nothing")
numbers.filter(lambda n: n == 1).connect(words).process(Timers()).print("timers")
env.execute()
