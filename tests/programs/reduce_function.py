"""reduce with a lambda and with a ReduceFunction that has open and close."""
# output: sorted
from pyflink.common import Types
from pyflink.datastream import ReduceFunction, RuntimeContext, StreamExecutionEnvironment


class Longest(ReduceFunction):
    def open(self, runtime_context: RuntimeContext):
        self.prefix = "open"

    def reduce(self, value1, value2):
        longer = value1 if len(value1[1]) >= len(value2[1]) else value2
        return longer[0], longer[1] + "!" if self.prefix == "open" else "not opened"


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
words = [("x", "a"), ("y", "bb"), ("x", "ccc"), ("y", "d"), ("x", "ee")]
keyed = env.from_collection(words, Types.TUPLE([Types.STRING(), Types.STRING()])).key_by(
    lambda t: t[0], Types.STRING())
keyed.reduce(Longest()).print("class")
keyed.reduce(lambda a, b: (a[0], a[1] + b[1])).print("lambda")
keyed.reduce(lambda a, b: (a[0], a[1] + b[1])).map(lambda t: t[1].upper()).print("upper")
env.execute()
