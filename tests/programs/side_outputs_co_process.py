"""Side outputs of a function on two streams."""
# output: sorted
from pyflink.common import Types
from pyflink.datastream import OutputTag, StreamExecutionEnvironment
from pyflink.datastream.functions import CoProcessFunction

first, second = OutputTag("first", Types.INT()), OutputTag("second")


class Both(CoProcessFunction):
    def process_element1(self, value, ctx):
        yield first, value
        yield "one %d" % value

    def process_element2(self, value, ctx):
        yield second, [value]
        yield "two %s" % value


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([1, 2], Types.INT())
words = env.from_collection(["a", "b"], Types.STRING())
both = numbers.connect(words).process(Both(), Types.STRING())
both.map(lambda s: s.upper(), Types.STRING()).print("main")
both.get_side_output(first).print("first")
both.get_side_output(second).map(lambda x: x[0], Types.STRING()).print("second")
env.execute()
