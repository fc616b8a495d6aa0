"""Side outputs in the middle of chains, from several operators, and from side outputs."""
# output: sorted
from pyflink.common import Types
from pyflink.datastream import OutputTag, ProcessFunction, StreamExecutionEnvironment

odd = OutputTag("odd", Types.LONG())
late = OutputTag("late", Types.STRING())


class Odd(ProcessFunction):
    def __init__(self, tag):
        self.tag = tag

    def process_element(self, value, ctx: ProcessFunction.Context):
        if value % 2:
            yield self.tag, value
        else:
            yield value


class Late(ProcessFunction):
    def process_element(self, value, ctx):
        return [value, (late, "late %d" % value)]


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection(list(range(1, 13)), Types.LONG())
# Two operators of one chain use a tag of the same name.
first = numbers.map(lambda x: x, Types.LONG()).process(Odd(odd), Types.LONG())
second = first.map(lambda x: x // 2, Types.LONG()).process(Odd(odd), Types.LONG())
third = second.filter(lambda x: x > 2).process(Late(), Types.LONG())
third.map(lambda x: x * 100, Types.LONG()).print("main")
first.get_side_output(odd).print("first")
second.get_side_output(odd).print("second")
third.get_side_output(late).print("late")
# A side output of a side output.
inner = first.get_side_output(odd).process(Odd(OutputTag("never")), Types.LONG())
inner.print("inner main")
inner.get_side_output(OutputTag("never")).map(lambda x: x + 1000, Types.LONG()).print("inner")
# The name, parallelism and id of the stream can be set.
third.get_side_output(late).name("Named").uid("side-1").set_parallelism(2).map(
    lambda s: len(s), Types.INT()).set_parallelism(1).print("length")
env.execute()

# Other operators route tagged tuples, too, where somebody reads the tag.
mapped = numbers.map(lambda x: (odd, x) if x % 2 else x)
mapped.print("mapped")
mapped.get_side_output(odd).print("from map")
flat = numbers.flat_map(lambda x: [(odd, x), x] if x % 2 else [])
flat.print("flat")
flat.get_side_output(odd).print("from flat_map")
env.execute()
