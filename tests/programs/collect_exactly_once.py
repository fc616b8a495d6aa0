"""Each record is collected once though the job fails and restarts from checkpoints."""

import time

from pyflink.common import RestartStrategies, Types, WatermarkStrategy
from pyflink.datastream import MapFunction, RuntimeContext, StreamExecutionEnvironment
from pyflink.datastream.connectors.number_seq import NumberSequenceSource


class FailsAtFirst(MapFunction):
    def open(self, runtime_context: RuntimeContext):
        self.attempt = runtime_context.get_attempt_number()

    def map(self, value):
        time.sleep(0.002)
        if self.attempt < 2 and value == 400 + 200 * self.attempt:
            raise ValueError("attempt %d" % self.attempt)
        return value


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.enable_checkpointing(100)
env.set_restart_strategy(RestartStrategies.fixed_delay_restart(3, 0))
source = NumberSequenceSource(1, 1000)
numbers = env.from_source(source, WatermarkStrategy.no_watermarks(), "numbers", Types.LONG())
collected = list(numbers.map(FailsAtFirst(), Types.LONG()).execute_and_collect())
print(len(collected), collected == list(range(1, 1001)))
