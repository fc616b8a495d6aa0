"""The graph of broadcast process functions: names, types, exchanges, parallelism."""

# output: exact
import json

from pyflink.common import Types
from pyflink.datastream import (
    BroadcastConnectedStream,
    BroadcastProcessFunction,
    BroadcastStream,
    KeyedBroadcastProcessFunction,
    StreamExecutionEnvironment,
)
from pyflink.datastream.state import MapStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(3)
rules = MapStateDescriptor("rules", Types.STRING(), Types.STRING())
words = env.from_collection(["a", "b"], Types.STRING())
mapped = words.map(lambda w: w, Types.STRING()).name("rules").set_parallelism(2)


class Plain(BroadcastProcessFunction):
    def process_element(self, value, ctx):
        yield value

    def process_broadcast_element(self, value, ctx):
        yield value


class Keyed(KeyedBroadcastProcessFunction):
    def process_element(self, value, ctx):
        yield value

    def process_broadcast_element(self, value, ctx):
        yield value


broadcast = mapped.broadcast(rules)
print(isinstance(broadcast, BroadcastStream), type(mapped.broadcast()).__name__)
connected = words.connect(broadcast)
print(isinstance(connected, BroadcastConnectedStream))
first = connected.process(Plain())
print(first.get_name(), first.get_type())
second = words.key_by(lambda w: w).connect(broadcast).process(Keyed(), Types.STRING())
print(second.get_name(), second.get_type())
second.name("renamed").uid("an id").set_parallelism(1)
first.map(lambda w: w, Types.STRING()).print()
second.print()
plan = json.loads(env.get_execution_plan())
for node in plan["nodes"]:
    edges = [(edge["ship_strategy"]) for edge in node.get("predecessors", ())]
    print(node["pact"], "|", node["contents"], "|", node["parallelism"], edges)
