"""flat_map by generator, list, range, tuple, string and class; no output for a record."""
from pyflink.common import Types
from pyflink.datastream import FlatMapFunction, StreamExecutionEnvironment


class Repeat(FlatMapFunction):
    def open(self, runtime_context):
        self.opened = True

    def flat_map(self, value):
        for i in range(value):
            yield f"{value}.{i}.{self.opened}"


def words(line):
    yield from line.split()


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([1, 0, 3], Types.INT())
lines = env.from_collection(["to be or", "", "not"], Types.STRING())
for stream in (
    numbers.flat_map(Repeat(), Types.STRING()),
    numbers.flat_map(lambda n: range(n), Types.INT()),
    numbers.flat_map(lambda n: [n] * n),
    numbers.flat_map(lambda n: (n, -n), Types.INT()),
    lines.flat_map(words),
    lines.flat_map(lambda line: line.split(" "), output_type=Types.STRING()),
    lines.flat_map(lambda line: (ch for ch in line if ch != " "), Types.STRING()),
):
    stream.print()
    env.execute()
