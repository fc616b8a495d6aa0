"""Plans of programs that combine operators: names, kinds, parallelism, ship strategies."""

import json

from pyflink.common import Types, WatermarkStrategy
from pyflink.datastream import OutputTag, ProcessFunction, StreamExecutionEnvironment

pair = Types.TUPLE([Types.STRING(), Types.INT()])
tag = OutputTag("tag", Types.INT())


def show(env, title):
    print(title)
    nodes = json.loads(env.get_execution_plan())["nodes"]
    order = {node["id"]: i for i, node in enumerate(nodes)}
    for node in nodes:
        edges = [
            (order[edge["id"]], edge["ship_strategy"], edge["side"])
            for edge in node.get("predecessors", [])
        ]
        print(order[node["id"]], node["pact"], "|", node["type"], "|", node["contents"],
              "|", node["parallelism"], edges)


class Pass(ProcessFunction):
    def process_element(self, value, ctx):
        yield value


def environment(parallelism=2):
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(parallelism)
    return env, env.from_collection([("a", 1)], pair)


env, source = environment()
process = source.process(Pass(), pair)
process.print()
process.get_side_output(tag).map(lambda x: x, Types.INT()).print()
show(env, "side output")

env, source = environment()
left = source.map(lambda x: x, pair).name("left")
right = source.filter(lambda x: True).name("right").set_parallelism(3)
left.union(right, source).flat_map(lambda x: [x]).print()
show(env, "union")

env, source = environment()
source.key_by(lambda x: x[0]).map(lambda x: x, pair).key_by(lambda x: x[1]).reduce(
    lambda a, b: a).filter(lambda x: True).print("named").name("my sink")
show(env, "two keys")

env, source = environment(1)
source.assign_timestamps_and_watermarks(WatermarkStrategy.for_monotonous_timestamps()).map(
    lambda x: x).print()
show(env, "watermarks")

env, source = environment()
source.project(1, 0).map(lambda x: x).set_parallelism(1).set_max_parallelism(4).map(
    lambda x: x).set_parallelism(1).print()
show(env, "project")

env, source = environment(4)
fan = source.rebalance().map(lambda x: x, pair)
fan.print()
fan.key_by(lambda x: x[0], Types.STRING()).union(fan.key_by(lambda x: x[1])).print()
fan.rescale().map(lambda x: x, pair).broadcast().map(lambda x: x, pair).set_parallelism(2).print()
show(env, "fan out")

env, source = environment()
source.key_by(lambda x: x[0]).key_by(lambda x: x[1]).min_by(1).print()
show(env, "key_by twice")
