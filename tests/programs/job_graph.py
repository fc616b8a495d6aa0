"""The vertices of the job graph: what runs in one task, names, parallelism, slot sharing."""

from pyflink.common import Types
from pyflink.datastream import OutputTag, ProcessFunction, StreamExecutionEnvironment

pair = Types.TUPLE([Types.STRING(), Types.INT()])
tag = OutputTag("tag", Types.INT())


class Pass(ProcessFunction):
    def process_element(self, value, ctx):
        yield value


def show(env, title):
    print(title)
    graph = env._generate_stream_graph(False).getJobGraph()
    for vertex in graph.getVerticesSortedTopologicallyFromSources():
        inputs = sorted(str(edge.getShipStrategyName()) for edge in vertex.getInputs())
        print("|", vertex.getName(), "|", vertex.getParallelism(), inputs)


def environment():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(2)
    return env, env.from_collection([("a", 1)], pair)


env, source = environment()
source.map(lambda x: x).filter(lambda x: True).flat_map(lambda x: [x]).print()
show(env, "chain")
env, source = environment()
source.key_by(lambda x: x[0]).reduce(lambda a, b: a).map(lambda x: x).print("named").name("Out")
show(env, "keyed")
env, source = environment()
source.set_parallelism(1).map(lambda x: x).set_parallelism(1).start_new_chain().map(
    lambda x: x).set_parallelism(1).disable_chaining().map(lambda x: x).set_parallelism(
    1).print().set_parallelism(1)
show(env, "chaining")
env, source = environment()
env.disable_operator_chaining()
source.map(lambda x: x).filter(lambda x: True).print()
show(env, "chaining off")
env, source = environment()
source.rebalance().map(lambda x: x, pair).rescale().map(lambda x: x, pair).broadcast().filter(
    lambda x: True).shuffle().map(lambda x: x, pair).shuffle().flat_map(lambda x: [x], pair).print()
show(env, "partitions")
env, source = environment()
source.partition_custom(lambda k, n: k, lambda x: x[1]).map(lambda x: x).set_parallelism(3).name(
    "after").print()
show(env, "custom")
env, source = environment()
process = source.process(Pass(), pair).name("tagging")
process.print()
process.get_side_output(tag).map(lambda x: x, Types.INT()).print()
show(env, "side output")
env, source = environment()
source.map(lambda x: x, pair).map(lambda x: x, pair).slot_sharing_group("two").map(
    lambda x: x, pair).print()
show(env, "groups")
