"""State by keys whose type is not declared: tuples, text, numbers, and records of dicts."""
# output: sorted

from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction
from pyflink.common import Types
from pyflink.datastream.state import ValueStateDescriptor


class Keep(KeyedProcessFunction):
    def open(self, runtime_context):
        self.all = runtime_context.get_state(
            ValueStateDescriptor("all", Types.PICKLED_BYTE_ARRAY())
        )

    def process_element(self, value, ctx):
        texts = (self.all.value() or []) + [value["text"]]
        self.all.update(texts)
        yield repr((ctx.get_current_key(), texts))


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
records = [{"id": i % 3, "text": "t%d" % i, "pair": ("p", i % 2)} for i in range(9)]
stream = env.from_collection(records)
stream.key_by(lambda d: d["pair"]).process(Keep()).print("pairs")
stream.key_by(lambda d: d["id"]).process(Keep()).print("numbers")
stream.key_by(lambda d: d["text"][:1]).process(Keep()).print("texts")
env.execute()
