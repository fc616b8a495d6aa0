"""filter by lambda and by FilterFunction; truthy values; the type stays declared."""
from pyflink.common import Types
from pyflink.datastream import FilterFunction, StreamExecutionEnvironment


class Above(FilterFunction):
    def __init__(self, limit):
        self.limit = limit

    def filter(self, value):
        return value > self.limit


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([5, 1, 4, 2, 3], Types.INT())
for stream in (
    numbers.filter(Above(2)),
    numbers.filter(lambda x: x % 2),
    numbers.filter(lambda x: False),
    numbers.filter(lambda x: x > 1).filter(lambda x: x < 5).map(lambda x: x * 10, Types.INT()),
    env.from_collection(["", "a", "b"], Types.STRING()).filter(lambda s: s),
):
    stream.print()
    env.execute()
print(numbers.filter(Above(2)).get_type())
