"""The plan of partition_custom: its own nodes, their parallelism, the custom edge."""

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
    print('--')


def build():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(2)
    return env, env.from_collection([("a", 1)], Types.TUPLE([Types.STRING(), Types.INT()]))


env, source = build()
partitioned = source.partition_custom(lambda k, n: k % n, lambda x: x[1])
print(partitioned.get_type(), partitioned.get_name())
partitioned.print()
show(env)
env, source = build()
source.map(lambda x: x).set_parallelism(4).partition_custom(
    lambda k, n: k % n, lambda x: x[1]).map(lambda x: x).set_parallelism(3).print()
show(env)
env, source = build()
source.partition_custom(lambda k, n: k % n, lambda x: x[1]).key_by(lambda x: x[0]).sum(1).print()
show(env)
env, source = build()
source.key_by(lambda x: x[0]).print().set_parallelism(1)
show(env)
