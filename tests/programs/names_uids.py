"""Names and uids of operators, and what the stream says of itself."""
import json

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
stream = env.from_collection([1, 2], Types.INT()).name("numbers").uid("source-uid")
mapped = stream.map(lambda x: x, Types.INT()).name("double it").uid("map-uid")
print(stream.get_name(), "|", mapped.get_name(), "|", mapped.get_type())
filtered = mapped.filter(lambda x: True)
print(filtered.get_name())
filtered.print().name("out")
for node in json.loads(env.get_execution_plan())["nodes"]:
    print(node["pact"], "|", node["type"], "|", node["parallelism"])
print(mapped.get_execution_environment().get_parallelism())
hashed = env.from_collection([1]).map(lambda x: x).set_uid_hash("0123456789abcdef0123456789abcdef")
print(hashed.get_name())
env.execute()
