"""Processing-time timers in the past fire at once, once for each key and time."""
# output: sorted
# runs: here

import time

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment, TimeDomain
from pyflink.datastream.functions import KeyedProcessFunction, MapFunction

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Plan(KeyedProcessFunction):
    def process_element(self, value, ctx):
        timers = ctx.timer_service()
        if value[1] < 6:
            timers.register_processing_time_timer(1000 + value[1])
            timers.register_processing_time_timer(1000 + value[1])
            timers.register_processing_time_timer(2000 + value[1])
            timers.delete_processing_time_timer(2000 + value[1])
        elif value[1] < 9:
            timers.register_processing_time_timer(timers.current_processing_time() + 3_600_000)
        near = abs(timers.current_processing_time() - time.time() * 1000) < 60_000
        yield "element %s %s" % (value, near)

    def on_timer(self, timestamp, ctx):
        yield "timer %d %s %s" % (
            timestamp,
            ctx.get_current_key(),
            ctx.time_domain() == TimeDomain.PROCESSING_TIME,
        )


class Late(MapFunction):
    """Keeps the job alive after the last timer is due."""

    def map(self, value):
        time.sleep(2)
        return value


TYPE = Types.TUPLE([Types.STRING(), Types.INT()])
late = env.from_collection([("a", 9)], TYPE).map(Late(), TYPE)
env.from_collection([("abc"[i % 3], i) for i in range(9)], TYPE).union(late).key_by(
    lambda v: v[0]
).process(Plan(), Types.STRING()).print()
env.execute("timers_processing_time")
