"""A stateless ProcessFunction: yields, several and no results, its context's timestamp."""
from pyflink.common import Types
from pyflink.datastream import ProcessFunction, RuntimeContext, StreamExecutionEnvironment


class Split(ProcessFunction):
    def open(self, runtime_context: RuntimeContext):
        self.count = 0

    def process_element(self, value, ctx: "ProcessFunction.Context"):
        self.count += 1
        if value % 2 == 0:
            return
        yield self.count, value, ctx.timestamp()
        yield self.count, -value, ctx.timestamp()


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([1, 2, 3, 4, 5], Types.INT())
numbers.process(Split()).print()
env.execute("untyped")
numbers.process(Split(), Types.TUPLE([Types.INT(), Types.INT(), Types.LONG()])).print()
env.execute("typed")
