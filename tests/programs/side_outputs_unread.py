"""What a process function tags is dropped when nobody reads the tag."""
# output: sorted
from pyflink.common import Types
from pyflink.datastream import OutputTag, ProcessFunction, StreamExecutionEnvironment

read, unread = OutputTag("read", Types.INT()), OutputTag("unread", Types.INT())


class Tagging(ProcessFunction):
    def process_element(self, value, ctx):
        yield value
        yield read, value * 10
        yield unread, value * 100


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([1, 2], Types.INT())
one_is_read = numbers.process(Tagging())
one_is_read.get_side_output(read).print("read")
one_is_read.map(lambda x: "tagged" if isinstance(x, tuple) else str(x), Types.STRING()).print("one")
none_is_read = numbers.process(Tagging())
none_is_read.map(lambda x: "tagged" if isinstance(x, tuple) else str(x), Types.STRING()).print("none")
env.execute()
