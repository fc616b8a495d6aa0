"""execute_async: the job's client, its result, its accumulators."""
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.from_collection([1, 2, 3], Types.INT()).map(lambda x: x + 1, Types.INT()).print()
client = env.execute_async("in the background")
result = client.get_job_execution_result().result()
print(type(client).__name__, len(str(client.get_job_id())), result.get_net_runtime() >= 0)
print(str(result.get_job_id()) == str(client.get_job_id()), result.get_all_accumulator_results())
try:
    print(client.get_job_status().result())
except Exception as error:
    print(type(error).__name__)
