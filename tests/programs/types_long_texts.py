"""Texts and bytes longer than 64 KiB and than 1 MB, over an exchange and as keys."""

# output: sorted
import zlib

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


def check(value):
    data = value if isinstance(value, bytes) else value.encode()
    return f"{type(value).__name__} {len(value)} {len(data)} {zlib.crc32(data)}"


texts = ["x" * 65_535, "x" * 65_536, "\u00e9" * 70_000, "\u4f60\u597d" * 40_000]
texts += ["a\U0001f600" * 400_000, "0123456789" * 150_000]
numbers = env.from_collection(list(range(len(texts))))
strings = numbers.map(lambda i: texts[i], Types.STRING())
strings.map(lambda s: s + "!", Types.STRING()).map(check, Types.STRING()).print("STRING")
strings.rebalance().map(lambda s: s, Types.STRING()).map(check, Types.STRING()).print("rebalanced")
strings.map(lambda s: (s, 1), Types.TUPLE([Types.STRING(), Types.INT()])).key_by(
    lambda p: p[0], Types.STRING()
).reduce(lambda a, b: (a[0], a[1] + b[1])).map(lambda p: check(p[0]), Types.STRING()).print("key")
strings.map(lambda s: {s: [s]}, Types.MAP(Types.STRING(), Types.LIST(Types.STRING()))).map(
    lambda m: check(next(iter(m.values()))[0]), Types.STRING()
).print("MAP")
numbers.map(lambda i: texts[i]).map(check).print("untyped")
numbers.map(lambda i: texts[i].encode(), Types.PRIMITIVE_ARRAY(Types.BYTE())).map(
    check, Types.STRING()
).print("bytes")
numbers.map(lambda i: [i / 2] * 200_000, Types.PRIMITIVE_ARRAY(Types.DOUBLE())).map(
    lambda a: f"{len(a)} {sum(a)}", Types.STRING()
).print("doubles")
env.execute()
