"""BATCH runtime mode: every operator gives its final results once."""
# output: sorted unprefixed
from pyflink.common import Row, Types
from pyflink.datastream import (
    OutputTag,
    ProcessFunction,
    RuntimeExecutionMode,
    StreamExecutionEnvironment,
)

tag = OutputTag("even", Types.STRING())
triple = Types.TUPLE([Types.STRING(), Types.INT(), Types.DOUBLE()])


class Even(ProcessFunction):
    def process_element(self, value, ctx):
        if value[1] % 2 == 0:
            yield tag, value[0]
        yield value[0], value[1] * 2


def build(env):
    data = [("a", 3, 1.5), ("b", 1, 2.5), ("a", 1, 0.5), ("c", 7, 1.0), ("b", 4, 2.5),
            ("a", 2, 9.0)]
    return env.from_collection(data, triple)


env = StreamExecutionEnvironment.get_execution_environment()
env.set_runtime_mode(RuntimeExecutionMode.BATCH)
env.set_parallelism(2)
source = build(env)
source.map(lambda t: t[0] * t[1], Types.STRING()).print("map")
source.flat_map(lambda t: [t[0]] * t[1]).print("flat_map")
source.filter(lambda t: t[1] > 2).print("filter")
source.project(2, 0).print("project")
env.execute("one input")

keyed = source.key_by(lambda t: t[0], Types.STRING())
keyed.reduce(lambda a, b: (a[0], a[1] + b[1], max(a[2], b[2]))).print("reduce")
keyed.sum(1).print("sum")
keyed.min(1).print("min")
keyed.max(2).print("max")
keyed.min_by(1).print("min_by")
keyed.max_by(2).print("max_by")
keyed.map(lambda t: t[1], Types.INT()).print("keyed map")
source.map(lambda t: Row(t[0], t[1])).key_by(lambda r: r[0]).reduce(
    lambda a, b: Row(a[0], a[1] + b[1])).print("untyped rows")
env.execute("by key")

source.union(build(env), build(env)).key_by(lambda t: t[0]).sum(1).map(
    lambda t: t[:2], Types.TUPLE([Types.STRING(), Types.INT()])).print("union")
source.map(lambda t: t[1], Types.INT()).union(
    build(env).map(lambda t: -t[1], Types.INT())).print("both")
env.execute("union")

for how in ("shuffle", "rebalance", "rescale", "broadcast", "forward"):
    stream = source.map(lambda t: t[1], Types.INT())
    getattr(stream, how)().map(lambda x: x * 10, Types.INT()).print(how)
source.partition_custom(lambda key, n: key % n, lambda t: t[1]).map(
    lambda t: t[1]).print("custom").set_parallelism(1)
env.execute("partitions")

processed = source.process(Even(), Types.TUPLE([Types.STRING(), Types.INT()]))
processed.print("process")
processed.get_side_output(tag).print("side")
processed.get_side_output(tag).key_by(lambda s: s).map(
    lambda s: s * 2, Types.STRING()).print("keyed side")
processed.key_by(lambda t: t[0]).sum(1).print("main by key")
env.execute("process")
