"""Side outputs: typed and untyped tags, several readers, tags that nobody reads, timestamps."""
# output: sorted
from pyflink.common import Row, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import OutputTag, ProcessFunction, StreamExecutionEnvironment

small = OutputTag("small", Types.INT())
words = OutputTag("words", Types.STRING())
anything = OutputTag("anything")
rows = OutputTag("rows", Types.ROW_NAMED(["n", "text"], [Types.INT(), Types.STRING()]))
unread = OutputTag("unread", Types.INT())


class Split(ProcessFunction):
    def process_element(self, value, ctx: ProcessFunction.Context):
        yield value * 10
        if value < 3:
            yield small, value
        yield words, "word %d" % value
        yield anything, {"value": value}
        yield (rows, Row(n=value, text="r%d" % value))
        yield unread, value
        # A tag is known by its name, whichever object it is.
        yield OutputTag("small", Types.INT()), value + 100
        # Only the first place of a tuple counts.
        yield [value, small.tag_id]


class Stamped(ProcessFunction):
    def process_element(self, value, ctx: ProcessFunction.Context):
        yield "%s at %d" % (value, ctx.timestamp())


class FromValue(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value * 1000


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([1, 2, 3, 4], Types.INT()).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(FromValue()))
main = numbers.process(Split())
main.print("main")
main.get_side_output(small).print("small")
main.get_side_output(small).map(lambda x: x + 1, Types.INT()).print("small again")
main.get_side_output(words).process(Stamped(), Types.STRING()).print("words")
main.get_side_output(anything).map(lambda d: d["value"], Types.INT()).print("anything")
main.get_side_output(anything).print("untyped")
main.get_side_output(rows).print("rows")
main.get_side_output(rows).map(lambda r: r.text + str(r["n"]), Types.STRING()).print("row fields")
main.get_side_output(words).union(numbers.map(lambda x: str(x), Types.STRING())).key_by(
    lambda w: w[:1], Types.STRING()).map(lambda w: w.upper(), Types.STRING()).print("keyed")
print(main.get_side_output(small).get_type(), main.get_side_output(anything).get_type())
env.execute()
