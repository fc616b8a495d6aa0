"""Metrics that functions make are Flink's own: Java reads them where reporters find them."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from pyflink.common import Types
from pyflink.datastream import (
    FlatMapFunction,
    KeySelector,
    MapFunction,
    ReduceFunction,
    RuntimeContext,
    StreamExecutionEnvironment,
)


def registered(group: Any) -> Dict[str, Any]:
    """What a Java metric group has registered, with its subgroups: values by name."""
    from pyflink.java_gateway import get_gateway

    loader = get_gateway().jvm.java.lang.Class
    base = loader.forName("org.apache.flink.runtime.metrics.groups.AbstractMetricGroup")

    def field(owner: Any, name: str) -> Any:
        found = base.getDeclaredField(name)
        found.setAccessible(True)
        return found.get(owner)

    values: Dict[str, Any] = {}
    metrics, groups = field(group, "metrics"), field(group, "groups")
    for name in list(metrics.keySet()):
        metric = metrics.get(name)
        for read in ("getValue", "getCount"):
            if hasattr(metric, read):
                values[str(name)] = getattr(metric, read)()
                break
    for name in list(groups.keySet()):
        for inner, value in registered(groups.get(name)).items():
            values[f"{name}.{inner}"] = value
    return values


class Measured(MapFunction):
    def open(self, runtime_context: RuntimeContext) -> None:
        group = runtime_context.get_metrics_group()
        self.java = group._java  # type: ignore[attr-defined]
        self.counter = group.counter("records")
        self.inner = group.add_group("inner").add_group("deep").counter("sum")
        self.by_key = group.add_group("key", "value").counter("records")
        self.meter = group.meter("rate")
        self.distribution = group.distribution("sizes")
        self.last = 0
        group.gauge("last", lambda: self.last)
        group.gauge("text", lambda: "text %d" % self.last)

    def map(self, value: int) -> Dict[str, Any]:
        self.counter.inc()
        self.inner.inc(value)
        self.by_key.inc(5)
        self.by_key.dec()
        self.meter.mark_event(2)
        self.distribution.update(value)
        self.last = value
        return registered(self.java)


def test_values_in_flinks_registry() -> None:
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    stream = env.from_collection([3, 1, 2], Types.INT()).map(Measured())
    with stream.execute_and_collect() as results:
        seen: List[Dict[str, Any]] = list(results)
    expected = {
        "records": 3,
        "inner.deep.sum": 6,
        "key.value.records": 12,
        "rate": 6,
        "last": 2,
        "text": "text 2",
        "sizes.sum": 6,
        "sizes.count": 3,
        "sizes.min": 1,
        "sizes.max": 3,
    }
    assert {name: seen[-1][name] for name in expected} == expected
    assert seen[0]["sizes.max"] == seen[0]["last"] == 3 and seen[0]["records"] == 1


class Names:
    def open(self, runtime_context: RuntimeContext) -> None:
        group = runtime_context.get_metrics_group()
        self.counter = group.counter("calls")
        java = group._java  # type: ignore[attr-defined]
        variables = java.getAllVariables()
        self.place = (
            str(variables.get("<operator_name>")),
            str(variables.get("<subtask_index>")),
            str(java.getMetricIdentifier("calls")).endswith(".calls"),
        )


class NamesFlat(Names, FlatMapFunction):
    def flat_map(self, value: int) -> Any:
        self.counter.inc()
        yield value, self.place, self.counter.get_count()


class NamesKey(Names, KeySelector):
    def get_key(self, value: Tuple[Any, ...]) -> int:
        self.counter.inc()
        return 0


class NamesReduce(Names, ReduceFunction):
    def reduce(self, value1: Any, value2: Any) -> Any:
        self.counter.inc()
        return value1[0], self.place, self.counter.get_count()


def test_every_kind_of_function_has_a_group() -> None:
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    stream = env.from_collection([1, 2], Types.INT()).flat_map(NamesFlat()).name("flat")
    reduced = stream.key_by(NamesKey()).reduce(NamesReduce()).name("reducer")
    with reduced.execute_and_collect() as results:
        first, second = results
    assert first[2] == 1 and second[2] == 1
    assert second[1][0] == "reducer" and second[1][1:] == ("0", True)
    assert "flat" in first[1][0] and first[1][1:] == ("0", True)
