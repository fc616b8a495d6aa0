"""Word count with types, at one subtask: every intermediate count is printed in order."""
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
lines = env.from_collection(["a b c", "b c", "c d", "a", "d d"], Types.STRING())
(lines.flat_map(lambda line: line.split(" "), Types.STRING())
      .map(lambda word: (word, 1), Types.TUPLE([Types.STRING(), Types.INT()]))
      .key_by(lambda pair: pair[0], Types.STRING())
      .reduce(lambda a, b: (a[0], a[1] + b[1]))
      .print())
env.execute("word count")
