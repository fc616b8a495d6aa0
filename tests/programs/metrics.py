"""Counters, meters, distributions, gauges and groups that a function makes."""

from pyflink.common import Types
from pyflink.datastream import MapFunction, RuntimeContext, StreamExecutionEnvironment


class Measured(MapFunction):
    def open(self, runtime_context: RuntimeContext):
        group = runtime_context.get_metrics_group()
        self.counter = group.counter("records")
        self.inner = group.add_group("inner").counter("records")
        self.by_key = group.add_group("key", "value").counter("records")
        self.meter = group.meter("rate")
        self.slow_meter = group.add_group("slow").meter("rate", time_span_in_seconds=120)
        self.distribution = group.distribution("sizes")
        self.last = 0
        group.gauge("last", lambda: self.last)

    def map(self, value):
        self.counter.inc()
        self.inner.inc(value)
        self.by_key.inc(10)
        self.by_key.dec(value)
        self.by_key.dec()
        self.meter.mark_event()
        self.slow_meter.mark_event(value)
        self.distribution.update(value)
        self.last = value
        return (value, self.counter.get_count(), self.inner.get_count(), self.by_key.get_count(),
                self.meter.get_count(), self.slow_meter.get_count())  # fmt: skip


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.from_collection([1, 2, 3], Types.INT()).map(Measured()).print()
env.execute()
