"""Sources, sinks and settings that FLIP-130 names and PyFlink lacks."""

# runs: here
import pathlib
import socket
import threading

from pyflink.common import ResourceSpec, Types, WriteMode
from pyflink.datastream import DataStreamUtils, SlotSharingGroup, StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
PAIR = Types.TUPLE([Types.STRING(), Types.INT()])


def serve(work):
    """One client of a TCP server; its port and its thread."""
    server = socket.create_server(("127.0.0.1", 0))

    def run():
        connection, _ = server.accept()
        with connection:
            work(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return server.getsockname()[1], thread


print("elements", list(env.from_elements(("a", 1), ("b", 2), type_info=PAIR).collect()))
print("sequence", list(env.from_sequence(1, 3).collect("named")))
print("generated", list(env.generate_sequence(4, 6).collect()))
print("generator", list(env.from_collection((c * 2 for c in "xy"), Types.STRING()).collect()))

port, thread = serve(lambda connection: connection.sendall(b"one two\nthree\n"))
words = env.socket_text_stream("127.0.0.1", port).flat_map(str.split, Types.STRING())
print("socket", DataStreamUtils.collect_bounded_stream(words))
thread.join()

received = []
port, thread = serve(lambda connection: received.extend(connection.makefile("r")))
env.from_collection(["to\n", "a server\n"], Types.STRING()).write_to_socket("127.0.0.1", port)
env.execute("socket sink")
thread.join()
print("received", received)

pairs = env.from_collection([("a", 1), ("b", 2), ("a", None)], PAIR)
for path, mode in (("text", None), ("csv", WriteMode.NO_OVERWRITE), ("csv2", WriteMode.OVERWRITE)):
    if path == "text":
        pairs.write_as_text(path)
    elif path == "csv":
        pairs.write_as_csv(path, mode)
    else:
        pairs.write_as_csv(path, mode, "!\n", "; ")
env.execute("files")
for path in ("text", "csv", "csv2"):
    print(path, pathlib.Path(path).read_text().splitlines())
pairs.write_as_text("text")
try:
    env.execute("files that are there")
except Exception as error:
    print("exists", "already exists" in str(error))
pairs.filter(lambda p: p[0] == "b").write_as_text("text", WriteMode.OVERWRITE)
env.execute("over them")
print("text", pathlib.Path("text").read_text().splitlines())

sums = pairs.filter(lambda p: p[1]).key_by(lambda p: p[0], Types.STRING()).sum(1)
again = DataStreamUtils.reinterpret_as_keyed_stream(sums, lambda p: p[0], Types.STRING())
print("reinterpreted", sorted(again.reduce(lambda a, b: max(a, b)).collect()))
records, client = DataStreamUtils.collect_with_client(env.from_sequence(1, 10**12))
print("first", next(records), len(str(client.get_job_id())))
records.close()
print(client.get_job_status().result())

spec = ResourceSpec.builder(0.5, 16).set_managed_memory_mb(4).build()
stream = env.from_sequence(1, 2).map(lambda x: -x, Types.LONG()).set_resource_spec(spec)
print("spec", stream.get_min_resources() == spec, stream.get_preferred_resources() == spec)
stream.print("with resources")
env.execute("resource specs")
group = SlotSharingGroup.builder("g").set_cpu_cores(1.0).set_task_heap_memory_mb(16).build()
env.from_sequence(3, 3).slot_sharing_group(group).print("in a group")
env.execute("slot sharing group")
