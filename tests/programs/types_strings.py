"""Strings and characters: empty, long, unicode of every width, None."""

# output: sorted
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
texts = [
    "",
    "plain",
    "caf\u00e9 \u00ff",
    "\u4f60\u597d",
    "\U0001f600 smile",
    "tab\there",
    "x" * 300,
]
strings = env.from_collection(texts, Types.STRING())
strings.print("STRING")
strings.map(lambda s: s, Types.STRING()).print("STRING mapped")
strings.map(lambda s: len(s), Types.INT()).print("STRING length")
strings.map(lambda s: None if s == "plain" else s, Types.STRING()).map(lambda s: repr(s)).print(
    "STRING or null"
)
long_text = "0123456789" * 100_000
env.from_collection([long_text], Types.STRING()).map(lambda s: s + s, Types.STRING()).map(
    lambda s: f"{len(s)} {s[:3]} {s[-3:]}", Types.STRING()
).print("long")
env.execute()
