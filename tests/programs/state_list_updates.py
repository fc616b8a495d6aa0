"""List state: add, add_all, update, and what iterating gives after each."""
# output: sorted

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction
from pyflink.datastream.state import ListStateDescriptor


class Keep(KeyedProcessFunction):
    def open(self, runtime_context):
        self.list = runtime_context.get_list_state(ListStateDescriptor("list", Types.LONG()))

    def process_element(self, value, ctx):
        if value % 5 == 0:
            self.list.update([value, value + 1])
        elif value % 5 == 1:
            self.list.add_all([value] * 3)
        elif value % 5 == 4:
            self.list.update([])
        else:
            self.list.add(value)
        first = list(self.list.get())
        self.list.add(-value)
        yield "%d %s %s %s" % (value, first, list(self.list), sum(self.list.get()))


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
stream = env.from_collection(list(range(1, 25)), Types.LONG())
stream.key_by(lambda v: v % 2, Types.LONG()).process(Keep(), Types.STRING()).print()
env.execute()
