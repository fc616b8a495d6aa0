"""What follows an operator with side outputs joins its chain."""
from pyflink.common import Types
from pyflink.datastream import OutputTag, ProcessFunction, StreamExecutionEnvironment

pair = Types.TUPLE([Types.STRING(), Types.INT()])
tag = OutputTag("tag", Types.INT())


class Pass(ProcessFunction):
    def process_element(self, value, ctx):
        yield value


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(2)
process = env.from_collection([("a", 1)], pair).process(Pass(), pair).name("tagging")
process.map(lambda x: x, pair).print()
process.get_side_output(tag).print()
for vertex in env._generate_stream_graph(False).getJobGraph().getVerticesSortedTopologicallyFromSources():
    print("|", vertex.getName(), "|", vertex.getParallelism())
