"""The environment's settings: what is set, by call or by configuration, is what is read back."""

from pyflink.common import Configuration, RestartStrategies, Types
from pyflink.datastream import (
    CheckpointingMode,
    RuntimeExecutionMode,
    StreamExecutionEnvironment,
    TimeCharacteristic,
)

config = Configuration()
config.set_string("parallelism.default", "2").set_string("pipeline.max-parallelism", "16")
config.set_string("execution.buffer-timeout.interval", "7 ms").set_string(
    "pipeline.operator-chaining.enabled", "false"
)
config.set_string("execution.checkpointing.interval", "5 s").set_string(
    "pipeline.object-reuse", "true"
)
env = StreamExecutionEnvironment.get_execution_environment(config)
print(
    env.get_parallelism(),
    env.get_max_parallelism(),
    env.get_buffer_timeout(),
    env.is_chaining_enabled(),
)
print(
    env.get_checkpoint_interval(),
    env.get_config().is_object_reuse_enabled(),
    env.get_config().get_max_parallelism(),
)

env = StreamExecutionEnvironment.get_execution_environment()
print(
    env.set_parallelism(4) is env,
    env.get_parallelism(),
    env.set_max_parallelism(32) is env,
    env.get_max_parallelism(),
)
print(
    env.set_buffer_timeout(0) is env,
    env.get_buffer_timeout(),
    env.set_buffer_timeout(-1).get_buffer_timeout(),
)
print(
    env.is_chaining_enabled(), env.is_chaining_of_operators_with_different_max_parallelism_enabled()
)
print(env.disable_operator_chaining() is env, env.is_chaining_enabled())
print(
    env.get_checkpoint_interval(),
    env.get_checkpointing_mode(),
    env.is_unaligned_checkpoints_enabled(),
    env.is_force_unaligned_checkpoints(),
)
env.enable_checkpointing(6000, CheckpointingMode.AT_LEAST_ONCE)
print(
    env.get_checkpoint_interval(),
    env.get_checkpointing_mode(),
    env.get_checkpointing_consistency_mode(),
)
print(
    env.get_default_savepoint_directory(),
    env.set_default_savepoint_directory("file:///tmp/kept").get_default_savepoint_directory(),
)
print(env.get_stream_time_characteristic())
env.set_stream_time_characteristic(TimeCharacteristic.ProcessingTime)
print(env.get_stream_time_characteristic())
env.set_restart_strategy(RestartStrategies.fixed_delay_restart(3, 500))
print(type(env.get_restart_strategy()).__name__)
before = env.get_default_local_parallelism()
env.set_default_local_parallelism(5)
print(env.get_default_local_parallelism())
env.set_default_local_parallelism(before)
other = Configuration()
other.set_string("parallelism.default", "3").set_string("pipeline.auto-watermark-interval", "5 s")
env.configure(other)
print(
    env.get_parallelism(), env.get_config().get_auto_watermark_interval(), env.get_max_parallelism()
)
env.set_runtime_mode(RuntimeExecutionMode.AUTOMATIC)
for name, call in (
    ("parallelism", lambda: env.set_parallelism(0)),
    ("max parallelism", lambda: env.set_max_parallelism(40000)),
    ("buffer timeout", lambda: env.set_buffer_timeout(-5)),
    ("interval", lambda: env.enable_checkpointing(-1)),
):
    try:
        call()
        print(name, "accepted")
    except Exception as error:
        print(name, type(error).__name__, "IllegalArgumentException" in str(error))
stream = env.from_collection([1], Types.INT()).name("numbers").uid("n")
print(
    stream.get_name(),
    stream.get_execution_environment().get_parallelism(),
    stream.get_execution_config().get_parallelism(),
)
mapped = (
    stream.map(lambda x: x, Types.INT())
    .set_parallelism(2)
    .set_max_parallelism(8)
    .set_buffer_timeout(5)
    .set_description("d")
)
print(
    mapped.get_name(),
    mapped._j_data_stream.getParallelism(),
    mapped.start_new_chain() is mapped,
    mapped.disable_chaining() is mapped,
)
print(mapped.force_non_parallel()._j_data_stream.getParallelism())
