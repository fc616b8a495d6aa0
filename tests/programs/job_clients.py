"""JobClient: an endless job seen from outside, cancelled, stopped with a savepoint."""

import pathlib
import time

from pyflink.common import JobStatus, Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import SinkFunction, SourceFunction
from pyflink.java_gateway import get_gateway
from pyflink.util.exceptions import JavaException


def endless(env):
    legacy = get_gateway().jvm.org.apache.flink.streaming.api.functions
    generator = legacy.source.datagen.RandomGenerator.intGenerator(1, 9)
    numbers = env.add_source(
        SourceFunction(legacy.source.datagen.DataGeneratorSource(generator, 100, None)),
        type_info=Types.INT(),
    )
    numbers.add_sink(SinkFunction(legacy.sink.DiscardingSink()))


def until(client, *wanted):
    end = time.time() + 60
    while time.time() < end:
        try:
            if client.get_job_status().result() in wanted:
                return True
        except KeyError:  # a status of Flink that PyFlink has no name for
            pass
        time.sleep(0.05)
    return False


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
endless(env)
client = env.execute_async("endless")
print(len(str(client.get_job_id())), until(client, JobStatus.RUNNING))
future = client.get_job_execution_result()
print(future.done(), future.cancelled(), future.exception())
print(client.get_accumulators().result())
print(client.cancel().result())
try:
    future.result()
except Exception as error:
    print(
        "JobCancellationException" in str(error),
        future.done(),
        future.cancelled(),
        type(error).__name__,
    )
error = future.exception()
print(isinstance(error, JavaException), "JobCancellationException" in error.stack_trace)

endless(env)
client = env.execute_async()
print(until(client, JobStatus.RUNNING))
time.sleep(0.5)
kept = pathlib.Path("kept").absolute()
where = client.trigger_savepoint(str(kept)).result()
print(where.startswith("file:"), [path.name.split("-")[0] for path in kept.iterdir()])
stopped = client.stop_with_savepoint(True, str(kept)).result()
print(stopped.startswith("file:"), stopped != where, len(list(kept.iterdir())))
result = client.get_job_execution_result().result()
print(
    type(result).__name__,
    result.get_net_runtime() > 0,
    str(result.get_job_id()) == str(client.get_job_id()),
    result.get_accumulator_result("none"),
)
