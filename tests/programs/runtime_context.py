"""What a function sees of its task: names and numbers of the runtime context."""
from pyflink.common import Types
from pyflink.datastream import MapFunction, RuntimeContext, StreamExecutionEnvironment


class Show(MapFunction):
    def open(self, runtime_context: RuntimeContext):
        self.text = "/".join(str(part) for part in (
            runtime_context.get_number_of_parallel_subtasks(),
            runtime_context.get_max_number_of_parallel_subtasks(),
            runtime_context.get_index_of_this_subtask(),
            runtime_context.get_attempt_number(),
            runtime_context.get_job_parameter("who", "nobody"),
            runtime_context.get_job_parameter("absent", "default")))

    def map(self, value):
        return f"{value} {self.text}"


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.get_config().set_global_job_parameters({"who": "me"})
env.from_collection([1, 2], Types.INT()).map(Show(), Types.STRING()).print()
env.execute()
