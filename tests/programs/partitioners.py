"""Where records go: shuffle, rebalance, rescale, broadcast, forward, and chaining calls."""
# output: sorted
import json

from pyflink.common import Types
from pyflink.datastream import SlotSharingGroup, StreamExecutionEnvironment
from pyflink.datastream.functions import MapFunction, RuntimeContext


def show(env, title):
    print("0", title)
    nodes = json.loads(env.get_execution_plan())["nodes"]
    order = {node["id"]: i for i, node in enumerate(nodes)}
    for node in nodes:
        edges = [
            (order[edge["id"]], edge["ship_strategy"]) for edge in node.get("predecessors", [])
        ]
        print("0", title, order[node["id"]], node["pact"], "|", node["type"], "|", node["contents"],
              "|", node["parallelism"], edges)


class Subtask(MapFunction):
    def __init__(self, name):
        self.name = name

    def open(self, runtime_context: RuntimeContext):
        self.subtask = runtime_context.get_index_of_this_subtask()

    def map(self, value):
        # Where rebalance begins is not promised.
        return "%s" % value if self.name == "rebalance" else "%d in %d" % (value, self.subtask)


def environment():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(2)
    return env, env.from_collection([0, 1, 2, 3, 4, 5], Types.INT())


for how in ("rebalance", "rescale", "broadcast"):
    env, numbers = environment()
    getattr(numbers.map(lambda x: x, Types.INT()).set_parallelism(1), how)().map(
        Subtask(how), Types.STRING()).print(how).set_parallelism(1)
    show(env, how)
    env.execute()

env, numbers = environment()
numbers.shuffle().map(lambda x: x, Types.INT()).forward().map(
    lambda x: x + 1, Types.INT()).print("shuffle").set_parallelism(1)
show(env, "shuffle")
env.execute()

env, numbers = environment()
numbers.map(lambda x: x, Types.INT()).name("A").start_new_chain().map(
    lambda x: x, Types.INT()).name("B").disable_chaining().map(
    lambda x: x + 1, Types.INT()).name("C").map(lambda x: x, Types.INT()).name(
    "D").start_new_chain().filter(lambda x: x).slot_sharing_group("other").flat_map(
    lambda x: [x], Types.INT()).set_description("what it does").print("chaining")
show(env, "chaining")

env, numbers = environment()
env.disable_operator_chaining()
numbers.map(lambda x: x, Types.INT()).filter(lambda x: x).flat_map(
    lambda x: [x], Types.INT()).key_by(lambda x: x).sum().print("chaining off")
print("0 chaining enabled:", env.is_chaining_enabled())
show(env, "chaining off")

env, numbers = environment()
group = SlotSharingGroup.builder("named").set_cpu_cores(0.5).set_task_heap_memory_mb(10).build()
numbers.map(lambda x: x, Types.INT()).slot_sharing_group(group).map(
    lambda x: x + 1, Types.INT()).slot_sharing_group("default").print("groups")
show(env, "groups")
