"""interval_join of two keyed streams, with bounds that belong to it and that do not."""

# output: sorted
# runs: here
from pyflink.common import Duration, Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import OutputTag, ProcessJoinFunction, StreamExecutionEnvironment


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
timed = Types.TUPLE([Types.STRING(), Types.LONG()])
clicks = env.from_collection(
    [("a", 10), ("b", 11), ("a", 20), ("a", 31)], timed
).assign_timestamps_and_watermarks(strategy)
views = env.from_collection(
    [("a", 5), ("a", 15), ("b", 16), ("a", 25)], timed
).assign_timestamps_and_watermarks(strategy)
clicks = clicks.key_by(lambda c: c[0], Types.STRING())
views = views.key_by(lambda v: v[0], Types.STRING())
far = OutputTag("far", Types.LONG())


class Distance(ProcessJoinFunction):
    def process_element(self, left, right, ctx: ProcessJoinFunction.Context):
        apart = ctx.get_right_timestamp() - ctx.get_left_timestamp()
        if apart > 4:
            yield far, apart
        yield "%s %d" % (ctx.get_current_key(), ctx.get_timestamp())


def join(lower, upper):
    return clicks.interval_join(views).between(lower, upper)


both = join(Time.milliseconds(-5), Duration.of_millis(5)).process(Distance(), Types.STRING())
print(both.get_name())
both.print("both")
both.get_side_output(far).print("far")
pair = Types.TUPLE([Types.LONG(), Types.LONG()])
join(-5, 5).lower_bound_exclusive().process(lambda c, v, ctx: [(c[1], v[1])], pair).print("upper")
join(-5, 5).upper_bound_exclusive().process(lambda c, v, ctx: [(c[1], v[1])], pair).print("lower")
join(0, 4).process(lambda c, v, ctx: None, pair).print("none")
env.execute()
