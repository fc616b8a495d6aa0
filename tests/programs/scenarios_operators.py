"""map, flat_map, filter, key_by and reduce between typed and untyped streams: four ways each."""

# output: sorted
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
PAIR = Types.TUPLE([Types.STRING(), Types.INT()])
RECORDS = [("a", 1), ("b", 2), ("a", 3)]


def double(value):
    return value[0], value[1] * 2


def twice(value):
    yield value
    yield value[0] + "!", value[1]


def plus(left, right):
    return left[0], left[1] + right[1]


for before in (None, PAIR):
    for after in (None, PAIR):
        name = f"{'typed' if before else 'untyped'} to {'typed' if after else 'untyped'}"
        source = env.from_collection(RECORDS, before)

        def show(stream, what, name=name):
            print(name, what, stream.get_type())
            stream.print(f"{name} {what}")
            stream.map(lambda v: f"{type(v).__name__} {v!r}", Types.STRING()).print(
                f"{name} {what} in python"
            )

        show(source.map(double, after), "map")
        show(source.flat_map(twice, after), "flat_map")
        show(source.filter(lambda v: v[1] > 1).map(double, after), "filter")
        show(source.map(double, after).filter(lambda v: v[1] > 2), "filter behind map")
        key_type = Types.STRING() if after else None
        show(source.key_by(lambda v: v[0], key_type).map(double, after), "key_by and map")
        show(source.key_by(lambda v: v[0], key_type).filter(lambda v: v[1] < 3), "keyed filter")
        show(source.key_by(lambda v: v[0], key_type).reduce(plus), "reduce")
        show(source.map(double, after).key_by(lambda v: v[0], key_type).reduce(plus), "map, reduce")
env.execute()
