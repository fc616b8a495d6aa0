"""Typed and untyped streams on either side of a connect, and typed and untyped results."""

# output: sorted
from pyflink.common import Types
from pyflink.datastream import CoMapFunction, StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
pair = Types.TUPLE([Types.INT(), Types.STRING()])


class Swap(CoMapFunction):
    def map1(self, value):
        return value[1] + "1", value[0]

    def map2(self, value):
        return value[1] + "2", value[0]


def untyped(stream):
    return stream.map(lambda value: (value[0], value[1]))


def typed(stream):
    return stream.map(lambda value: (value[0] + 10, value[1]), pair)


def keyed(stream):
    return stream.key_by(lambda value: value[0] % 2)


def keyed_typed(stream):
    return stream.key_by(lambda value: value[0] % 2, Types.INT())


swapped = Types.TUPLE([Types.STRING(), Types.INT()])
source = env.from_collection([(1, "a"), (2, "b")])
source_typed = env.from_collection([(3, "c"), (4, "d")], pair)
number = 0
for first in (untyped(source), typed(source_typed)):
    for second in (untyped(source_typed), typed(source)):
        for output_type in (None, swapped):
            for key in (lambda stream: stream, keyed, keyed_typed):
                result = key(first).connect(key(second)).map(Swap(), output_type)
                number += 1
                result.print("%02d" % number)
                print("%02d" % number, "type", result.get_type())
# A typed result may feed an untyped one and the other way round.
source.connect(source_typed).map(Swap()).map(lambda v: v[0], Types.STRING()).print("then typed")
source.connect(source_typed).map(Swap(), swapped).map(lambda v: v[0]).print("then untyped")
env.execute()
