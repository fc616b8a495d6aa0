"""How long one record is on its way through one map, at 100 records a second.

usage: latency.py MODE COUNT
"""

import os
import sys

from pyflink.common import Configuration, Types
from pyflink.datastream import DataStream, StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway

mode, count = sys.argv[1], int(sys.argv[2])
config = Configuration()
if mode != "shell":
    config.set_string("python.execution-mode", mode)
env = StreamExecutionEnvironment.get_execution_environment(config)
env.set_parallelism(1)
env.set_buffer_timeout(0)
env.add_jars("file://" + os.environ["BENCH_JAR"])
jvm = get_gateway().jvm
long_type = Types.LONG().get_java_type_info()
ticks = DataStream(
    env._j_stream_execution_environment.addSource(jvm.bench.Ticker(count, 100), "ticks", long_type)
)
ticks.map(lambda x: x, Types.LONG())._j_data_stream.addSink(
    jvm.bench.LatencySink(count, min(200, count // 5))
)
env.execute("latency")
