"""connect and map: results of both sides, None is no record, keyed and not, names, fused steps."""

# output: sorted
import json

from pyflink.common import Types
from pyflink.datastream import CoMapFunction, StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([1, 2, 3, 4], Types.INT())
words = env.from_collection(["x", "yy", "", "zzz"], Types.STRING())


class Evens(CoMapFunction):
    """Leaves odd numbers and the empty word out."""

    def map1(self, value):
        return None if value % 2 else value * 10

    def map2(self, value):
        return value.upper() if value else None


class Describe(CoMapFunction):
    def __init__(self, prefix):
        self.prefix = prefix

    def map1(self, value):
        return "%s first %r" % (self.prefix, value)

    def map2(self, value):
        return "%s second %r" % (self.prefix, value)


plain = numbers.connect(words).map(Evens())
print(plain.get_name(), plain.get_type())
plain.print("plain")
named = numbers.connect(words).map(Describe("named"), Types.STRING()).name("Describe").uid("d")
print(named.get_name(), named.get_type())
named.print("named")
keyed = numbers.key_by(lambda n: n % 2, Types.INT()).connect(words.key_by(len, Types.INT()))
keyed.map(Evens()).print("keyed")
again = numbers.key_by(lambda n: n).connect(words.key_by(lambda w: w)).key_by(lambda n: n % 2, len)
again.map(Describe("again")).print()
both = numbers.connect(numbers).map(Describe("self"), Types.STRING())
both.map(len, Types.INT()).filter(lambda n: n > 11).map(lambda n: -n).print("fused")
plan = json.loads(env.get_execution_plan())
names = {node["id"]: node["type"] for node in plan["nodes"]}
for node in plan["nodes"]:
    inputs = [(names[p["id"]], p["ship_strategy"]) for p in node.get("predecessors", [])]
    print("plan:", node["type"], node["parallelism"], inputs)
env.execute()
