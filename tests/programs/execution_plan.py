"""The execution plan: nodes, their parallelism, and how they are connected."""

import json

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment


def show(env):
    nodes = json.loads(env.get_execution_plan())["nodes"]
    order = {node["id"]: i for i, node in enumerate(nodes)}
    for node in nodes:
        edges = [
            (order[edge["id"]], edge["ship_strategy"]) for edge in node.get("predecessors", [])
        ]
        print(order[node["id"]], node["pact"], "|", node["type"], "|", node["parallelism"], edges)
    print()


def build():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(2)
    return env, env.from_collection([("a", 1)], Types.TUPLE([Types.STRING(), Types.INT()]))


env, source = build()
source.map(lambda x: x).flat_map(lambda x: [x]).filter(lambda x: True).print()
show(env)
env, source = build()
source.key_by(lambda x: x[0], Types.STRING()).reduce(lambda a, b: a).print()
show(env)
env, source = build()
source.map(lambda x: x).set_parallelism(3).key_by(lambda x: x[0]).map(lambda x: x).print()
show(env)
env, source = build()
source.union(env.from_collection([("b", 2)], Types.TUPLE([Types.STRING(), Types.INT()]))).key_by(
    lambda x: x[0]
).sum(1).print()
show(env)
