"""The four ways in which typed and untyped operators follow each other."""

from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
source = env.from_collection([(1, "a"), (2, "b")])
pair = Types.TUPLE([Types.INT(), Types.STRING()])
row = Types.ROW_NAMED(["n", "s"], [Types.INT(), Types.STRING()])


def swap(value):
    return value[1], value[0]


for stream in (
    source.map(lambda x: (x[0] + 1, x[1])).map(swap),
    source.map(lambda x: (x[0] + 1, x[1]), pair).map(swap),
    source.map(lambda x: (x[0] + 1, x[1])).map(swap, Types.TUPLE([Types.STRING(), Types.INT()])),
    source.map(lambda x: x, pair).map(lambda x: Row(n=x[0], s=x[1]), row),
    source.map(lambda x: Row(n=x[0], s=x[1]), row).map(lambda x: x.s + str(x.n)),
    source.map(lambda x: x, pair).flat_map(lambda x: [x, x]).filter(lambda x: x[0] == 1),
    source.flat_map(lambda x: [x], pair).filter(lambda x: x[0] == 2),
    source.map(lambda x: x, pair).key_by(lambda x: x[1]).reduce(lambda a, b: a),
    source.key_by(lambda x: x[1]).reduce(lambda a, b: a),
    source.key_by(lambda x: x[0], Types.INT()).map(
        swap, Types.TUPLE([Types.STRING(), Types.INT()])
    ),
    source.map(lambda x: x, pair).key_by(lambda x: x[0], Types.INT()).map(swap),
):
    print(stream.get_type())
    stream.print()
    env.execute()
