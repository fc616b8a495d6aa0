"""Several jobs from one environment, and from two, in order with Python's own prints."""

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
for job in range(3):
    print("before", job)
    env.from_collection([job * 10, job * 10 + 1], Types.INT()).map(lambda x: x, Types.INT()).print()
    result = env.execute(f"job {job}")
    print("after", job, result.get_net_runtime() >= 0)
other = StreamExecutionEnvironment.get_execution_environment()
other.set_parallelism(1)
other.from_collection(["other"], Types.STRING()).print()
other.execute()
try:
    other.execute()
except Exception as error:
    print("nothing to run" if "No operators" in str(error) else error)
