"""The runtime mode from the API, the configuration, and chosen by Flink."""
# output: sorted
from pyflink.common import Configuration, Types
from pyflink.datastream import RuntimeExecutionMode, StreamExecutionEnvironment


def run(env, name):
    env.set_parallelism(1)
    words = env.from_collection(["a", "b", "a", "a"], Types.STRING())
    words.map(lambda w: (w, 1), Types.TUPLE([Types.STRING(), Types.INT()])).key_by(
        lambda t: t[0], Types.STRING()).sum(1).print(name)
    env.execute(name)


def configured(mode):
    configuration = Configuration()
    configuration.set_string("execution.runtime-mode", mode)
    return StreamExecutionEnvironment.get_execution_environment(configuration)


for mode in (RuntimeExecutionMode.STREAMING, RuntimeExecutionMode.BATCH, RuntimeExecutionMode.AUTOMATIC):
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_runtime_mode(mode)
    run(env, mode.name + " by set_runtime_mode")
    run(configured(mode.name), mode.name + " by configuration")
    # What the program sets last counts.
    env = configured("STREAMING")
    env.set_runtime_mode(mode)
    run(env, mode.name + " over STREAMING")
run(StreamExecutionEnvironment.get_execution_environment(), "default")
