"""Lines from a TCP server through Java's socket source."""

import socket
import threading

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import SourceFunction
from pyflink.java_gateway import get_gateway

server = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = server.accept()
    with connection:
        for part in (b"one t", b"wo\nthr", "ee\ncaf\u00e9\nunended".encode()):
            connection.sendall(part)


thread = threading.Thread(target=serve, daemon=True)
thread.start()
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
function = (
    get_gateway().jvm.org.apache.flink.streaming.api.functions.source.SocketTextStreamFunction(
        "127.0.0.1", server.getsockname()[1], "\n", 0
    )
)
lines = env.add_source(SourceFunction(function), "socket", Types.STRING())
lines.map(lambda line: "%d %s" % (len(line), line), Types.STRING()).print()
env.execute("socket")
thread.join()
print("served")
