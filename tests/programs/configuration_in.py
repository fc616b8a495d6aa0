"""A Configuration given to the environment, and options set on it later."""
from pyflink.common import Configuration
from pyflink.datastream import StreamExecutionEnvironment

conf = Configuration()
conf.set_integer("parallelism.default", 2)
conf.set_string("pipeline.max-parallelism", "32")
conf.set_boolean("pipeline.object-reuse", True)
conf.set_string("execution.buffer-timeout.interval", "25 ms")
conf.set_string("my.own.key", "kept")
env = StreamExecutionEnvironment.get_execution_environment(conf)
print(env.get_parallelism(), env.get_max_parallelism(), env.get_buffer_timeout())
print(env.get_config().is_object_reuse_enabled())

later = Configuration()
later.set_string("parallelism.default", "1")
later.set_string("execution.buffer-timeout.interval", "5 ms")
env.configure(later)
print(env.get_parallelism(), env.get_buffer_timeout())
env.from_collection([1, 2, 3]).map(lambda x: x * 2).print()
env.execute()
