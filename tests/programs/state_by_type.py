"""Value state of many declared types: what comes back is what was put in, or its declared form."""
# output: sorted

import datetime
import decimal

from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction
from pyflink.datastream.state import ValueStateDescriptor

TYPES = [
    (Types.STRING(), "text"),
    (Types.BOOLEAN(), True),
    (Types.INT(), -7),
    (Types.LONG(), 2**40),
    (Types.DOUBLE(), 0.1),
    (Types.BIG_INT(), 2**60),
    (Types.SQL_DATE(), datetime.date(2024, 2, 29)),
    (Types.SQL_TIMESTAMP(), datetime.datetime(2024, 2, 29, 1, 2, 3, 4000)),
    (Types.TUPLE([Types.STRING(), Types.INT()]), ("a", 1)),
    (Types.ROW([Types.STRING(), Types.INT()]), Row("b", 2)),
    (Types.LIST(Types.LONG()), [1, 2, 3]),
    (Types.MAP(Types.STRING(), Types.INT()), {"k": 5}),
    (Types.PRIMITIVE_ARRAY(Types.BYTE()), b"bytes"),
    (Types.PICKLED_BYTE_ARRAY(), {"any": [1, ("x", None)]}),
    (Types.PICKLED_BYTE_ARRAY(), decimal.Decimal("1.50")),
]


class Keep(KeyedProcessFunction):
    def open(self, runtime_context):
        self.states = [
            runtime_context.get_state(ValueStateDescriptor("v%d" % number, type_info))
            for number, (type_info, _) in enumerate(TYPES)
        ]

    def process_element(self, value, ctx):
        for number, (_, example) in enumerate(TYPES):
            before = self.states[number].value()
            self.states[number].update(example)
            yield "%d %d %r %r" % (value, number, before, self.states[number].value())


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
stream = env.from_collection([1, 2, 3, 11], Types.INT())
stream.key_by(lambda v: v % 10, Types.INT()).process(Keep(), Types.STRING()).print()
env.execute()
