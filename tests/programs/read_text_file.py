"""read_text_file: the lines of a file, empty and non-ASCII ones included."""
# args: {data}/lines.txt
import sys

from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
lines = env.read_text_file(sys.argv[1])
lines.map(lambda line: f"{len(line)}:{line}").print()
env.execute()
print(lines.get_type())
