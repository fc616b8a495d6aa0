"""How typed values look in files: the sink writes what the value's Java form prints."""

import decimal
import pathlib

from pyflink.common import Encoder, Row, Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import BucketAssigner, FileSink

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
CASES = [
    ("int", Types.INT(), [1, -5]),
    ("double", Types.DOUBLE(), [1.0, 1e100, 0.1]),
    ("boolean", Types.BOOLEAN(), [True, False]),
    ("string", Types.STRING(), ["a b", "\u20ac"]),
    ("decimal", Types.BIG_DEC(), [decimal.Decimal("1.50")]),
    ("tuple", Types.TUPLE([Types.STRING(), Types.INT()]), [("a", 1)]),
    (
        "nested",
        Types.TUPLE([Types.TUPLE([Types.INT(), Types.INT()]), Types.STRING()]),
        [((1, 2), "x")],
    ),
    ("row", Types.ROW([Types.STRING(), Types.INT()]), [Row("a", 1)]),
    ("named", Types.ROW_NAMED(["s", "n"], [Types.STRING(), Types.INT()]), [Row(s="a", n=1)]),
    ("map", Types.MAP(Types.STRING(), Types.INT()), [{"k": 1}]),
    ("list", Types.LIST(Types.INT()), [[1, 2, 3]]),
]
for name, type_info, values in CASES:
    sink = (
        FileSink.for_row_format(str(pathlib.Path(name).absolute()), Encoder.simple_string_encoder())
        .with_bucket_assigner(BucketAssigner.base_path_bucket_assigner())
        .build()
    )
    env.from_collection(values).map(lambda v: v, type_info).sink_to(sink)
env.execute()
for name, _, _ in CASES:
    for path in pathlib.Path(name).iterdir():
        print(name, path.read_text(encoding="utf-8").splitlines())
