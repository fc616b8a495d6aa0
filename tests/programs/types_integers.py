"""Integer types at their limits: printed, and through a declared map."""
# output: sorted
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
cases = [
    ("BYTE", Types.BYTE(), [-128, 0, 127]),
    ("SHORT", Types.SHORT(), [-32768, 0, 32767]),
    ("INT", Types.INT(), [-(2**31), 0, 2**31 - 1]),
    ("LONG", Types.LONG(), [-(2**63), 0, 2**63 - 1]),
    ("BOOLEAN", Types.BOOLEAN(), [True, False]),
]
for name, type_info, values in cases:
    stream = env.from_collection(values, type_info)
    stream.print(name)
    stream.map(lambda x: x, type_info).print(name + " mapped")
    stream.map(lambda x: f"{type(x).__name__} {x!r}", Types.STRING()).print(name + " in python")
env.execute()
