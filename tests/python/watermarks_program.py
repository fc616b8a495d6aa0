"""Watermarks as operators behind them see them; one JSON object per job.

Records come over sockets, and the next one is sent when what the last one leads to was seen, so
that nothing depends on how fast things go. What functions see goes to the module `seen`, which is
one object for all of them and the program.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
import types
from typing import Any, Callable

from pyflink.common import Duration, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import (
    TimestampAssigner,
    Watermark,
    WatermarkGenerator,
    WatermarkGeneratorSupplier,
)
from pyflink.datastream import (
    CoMapFunction,
    DataStream,
    KeyedProcessFunction,
    ProcessFunction,
    StreamExecutionEnvironment,
)
from pyflink.datastream.connectors.number_seq import NumberSequenceSource

CASES: dict[str, Callable[[], Any]] = {}
LOWEST = -(2**63)

seen: Any = types.ModuleType("seen")
sys.modules["seen"] = seen


def case(function: Callable[[], Any]) -> Callable[[], Any]:
    CASES[function.__name__] = function
    return function


class Feed:
    """A socket that the program writes lines to."""

    def __init__(self) -> None:
        self._server = socket.create_server(("localhost", 0))
        self._server.settimeout(60)
        self.port = self._server.getsockname()[1]
        self._peer: Any = None
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        self._peer = self._server.accept()[0]

    def send(self, line: Any) -> None:
        self._thread.join(60)
        self._peer.sendall(b"%s\n" % str(line).encode())

    def close(self) -> None:
        self._thread.join(60)
        self._peer.close()
        self._server.close()


class Number(TimestampAssigner):
    """The number that the line begins with."""

    def extract_timestamp(self, value: Any, record_timestamp: int) -> int:
        return int(value.split()[0])


class Show(KeyedProcessFunction):
    """A timer 600 ms before each record; timers and records, each with the watermark."""

    def process_element(self, value: str, ctx: KeyedProcessFunction.Context) -> Any:
        import seen

        seen.events.append([value, self.watermark(ctx)])
        ctx.timer_service().register_event_time_timer(ctx.timestamp() - 600)

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext) -> Any:
        import seen

        seen.events.append([timestamp, self.watermark(ctx)])

    @staticmethod
    def watermark(ctx: Any) -> Any:
        watermark = ctx.timer_service().current_watermark()
        return {LOWEST: "lowest", 2**63 - 1: "highest"}.get(watermark, watermark)


def watch(
    strategies: list[WatermarkStrategy], steps: list[tuple[int, Any, int]], pause: float = 0
) -> list[Any]:
    """What is seen behind the streams together.

    :param strategies: one for each stream.
    :param steps: the stream's number, the line to send, and how many events to wait for.
    :param pause: how long to wait for more before the streams end, in seconds.
    """
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    env.get_config().set_auto_watermark_interval(20)
    feeds = [Feed() for _ in strategies]
    streams = [
        env.socket_text_stream("localhost", feed.port).assign_timestamps_and_watermarks(
            strategy.with_timestamp_assigner(Number())
        )
        for feed, strategy in zip(feeds, strategies)
    ]
    together = streams[0].union(*streams[1:]) if len(streams) > 1 else streams[0]
    together.key_by(lambda line: 0, Types.INT()).process(Show()).print()
    seen.events = []
    client = env.execute_async()
    for stream, line, events in steps:
        feeds[stream].send(line)
        wait_for(lambda count=events: len(seen.events) >= count)
        if len(seen.events) < events:
            client.cancel().result()
            return ["not seen after", line, seen.events]
    time.sleep(pause)
    seen.before = len(seen.events)
    for feed in feeds:
        feed.close()
    client.get_job_execution_result().result()
    return seen.events


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)


# ---- built-in strategies ---------------------------------------------------------------------

ONE = [(0, 1000, 2), (0, 3000, 4), (0, 2000, 5)]


@case
def monotonous() -> Any:
    return watch([WatermarkStrategy.for_monotonous_timestamps()], ONE)


@case
def bounded_out_of_orderness() -> Any:
    strategy = WatermarkStrategy.for_bounded_out_of_orderness(Duration.of_millis(500))
    return watch([strategy], ONE)


@case
def no_watermarks() -> Any:
    return watch([WatermarkStrategy.no_watermarks()], [(0, 1000, 1), (0, 3000, 2)])


def silent_stream(silent: WatermarkStrategy) -> list[Any]:
    """The first stream is silent after one record; the second goes on."""
    steps = [(0, 1000, 1), (1, 1500, 4), (1, 5000, 6)]
    return watch([silent, WatermarkStrategy.for_monotonous_timestamps()], steps)


@case
def idleness() -> Any:
    return silent_stream(
        WatermarkStrategy.for_monotonous_timestamps().with_idleness(Duration.of_millis(100))
    )


@case
def without_idleness_nothing_goes_on() -> Any:
    """The last record's timer waits for the stream that is silent, until that ends."""
    steps = [(0, 1000, 1), (1, 1500, 4), (1, 5000, 5)]
    strategy = WatermarkStrategy.for_monotonous_timestamps()
    events = watch([strategy, strategy], steps, pause=0.3)
    return [events[: seen.before], [event for event, _ in events[seen.before :]]]


# ---- generators in Python ----------------------------------------------------------------------


class Periodic(WatermarkGenerator):
    """As for_bounded_out_of_orderness does it."""

    def __init__(self, millis: int = 500) -> None:
        self._millis = millis
        self._largest = LOWEST + millis + 1

    def on_event(self, event: Any, event_timestamp: int, output: Any) -> None:
        self._largest = max(self._largest, event_timestamp)

    def on_periodic_emit(self, output: Any) -> None:
        output.emit_watermark(Watermark(self._largest - self._millis - 1))


class Punctuated(WatermarkGenerator):
    """Does what the line says."""

    def on_event(self, event: Any, event_timestamp: int, output: Any) -> None:
        word = event.split()[-1]
        if word == "idle":
            output.mark_idle()
        elif word == "active":
            output.mark_active()
        elif word == "mark":
            output.emit_watermark(event_timestamp)

    def on_periodic_emit(self, output: Any) -> None:
        pass


@case
def periodic() -> Any:
    return watch([WatermarkStrategy.for_generator(Periodic)], ONE)


@case
def punctuated() -> Any:
    steps = [(0, "1000", 1), (0, "2000 mark", 4), (0, "1800 mark", 5), (0, "3000", 6)]
    return watch([WatermarkStrategy.for_generator(Punctuated)], steps)


@case
def marks_of_idleness() -> Any:
    """The second stream's watermark counts alone while the first is idle.

    As in Flink, a stream that is active again counts from when it has caught up.
    """
    steps = [
        (0, "1000 mark", 1),
        (1, "5000", 3),
        (0, "1100 idle", 6),
        (0, "6000 active", 7),
        (0, "6100 mark", 8),
        (1, "9000", 11),
        (0, "8500 mark", 14),
    ]
    first = WatermarkStrategy.for_generator(Punctuated)
    return watch([first, WatermarkStrategy.for_monotonous_timestamps()], steps)


@case
def generator_with_idleness() -> Any:
    return silent_stream(
        WatermarkStrategy.for_generator(lambda: Periodic(0)).with_idleness(Duration.of_millis(100))
    )


class Supplier(WatermarkGeneratorSupplier):
    def create_watermark_generator(self, context: Any) -> WatermarkGenerator:
        context.get_metric_group().counter("made").inc()
        return Periodic(100)


@case
def suppliers() -> Any:
    """A class, functions without and with the context, an object: what they do at the end."""
    answers = []
    for supplier in (Periodic, lambda: Periodic(1), lambda context: Periodic(2), Supplier()):
        events = watch([WatermarkStrategy.for_generator(supplier)], [(0, 1000, 2)])
        answers.append(events[1][1])
    return answers


class EachOne(WatermarkGenerator):
    def on_event(self, event: Any, event_timestamp: int, output: Any) -> None:
        output.emit_watermark(event_timestamp)

    def on_periodic_emit(self, output: Any) -> None:
        pass


class Value(TimestampAssigner):
    def extract_timestamp(self, value: Any, record_timestamp: int) -> int:
        return value


class Compare(ProcessFunction):
    """Records that do not see the watermark of the record before them, and only that one."""

    def process_element(self, value: int, ctx: Any) -> Any:
        watermark = ctx.timer_service().current_watermark()
        if watermark != (value - 1 if value > 1 else LOWEST) or ctx.timestamp() != value:
            yield [value, watermark, ctx.timestamp()]


@case
def each_record_its_watermark() -> Any:
    """Through whole batches, behind functions of the same chain, and over an exchange."""
    strategy = WatermarkStrategy.for_generator(EachOne).with_timestamp_assigner(Value())
    answers = []
    for exchange in (False, True):
        env = StreamExecutionEnvironment.get_execution_environment()
        env.set_parallelism(1)
        numbers = env.from_sequence(1, 5000).map(lambda v: v, Types.LONG())
        marked = numbers.assign_timestamps_and_watermarks(strategy)
        if exchange:
            marked = marked.rebalance()
        with marked.process(Compare()).execute_and_collect() as wrong:
            answers += list(wrong)
    return answers


class Tenfold(KeyedProcessFunction):
    """A timer at each record, which makes a record of ten times its time."""

    def process_element(self, value: int, ctx: KeyedProcessFunction.Context) -> Any:
        ctx.timer_service().register_event_time_timer(ctx.timestamp())

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext) -> Any:
        yield timestamp * 10


class See(ProcessFunction):
    def process_element(self, value: int, ctx: Any) -> Any:
        watermark = ctx.timer_service().current_watermark()
        yield [value, "lowest" if watermark == LOWEST else watermark]


@case
def behind_other_operators() -> Any:
    """In one chain with timers, behind an operator on two streams, and on a keyed stream."""
    strategy = WatermarkStrategy.for_generator(EachOne).with_timestamp_assigner(Value())
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    numbers = env.from_collection([1, 2, 3], Types.LONG())
    nothing = numbers.filter(lambda value: value > 3)
    streams = [
        numbers.assign_timestamps_and_watermarks(strategy)
        .key_by(lambda value: 0, Types.INT())
        .process(Tenfold(), Types.LONG()),
        numbers.connect(nothing).map(Both(), Types.LONG()),
        numbers.key_by(lambda value: 0, Types.INT()),
    ]
    answers = []
    for stream in streams:
        marked = stream.assign_timestamps_and_watermarks(strategy)
        with marked.process(See()).execute_and_collect() as results:
            answers.append(list(results))
    return answers


class Both(CoMapFunction):
    def map1(self, value: int) -> int:
        return value * 100

    def map2(self, value: int) -> int:
        return value


@case
def batch_mode_has_no_watermarks() -> Any:
    from pyflink.datastream import RuntimeExecutionMode

    class Lowest(ProcessFunction):
        def process_element(self, value: int, ctx: Any) -> Any:
            yield [ctx.timestamp(), ctx.timer_service().current_watermark() == LOWEST]

    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    env.set_runtime_mode(RuntimeExecutionMode.BATCH)
    strategy = WatermarkStrategy.for_generator(EachOne).with_timestamp_assigner(Value())
    stream = env.from_sequence(1, 3).assign_timestamps_and_watermarks(strategy)
    with stream.process(Lowest()).execute_and_collect() as results:
        return list(results)


@case
def generator_at_a_source() -> Any:
    strategy = WatermarkStrategy.for_generator(EachOne).with_timestamp_assigner(Value())
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    stream = env.from_source(NumberSequenceSource(1, 2000), strategy, "numbers", Types.LONG())
    with stream.process(Compare()).execute_and_collect() as wrong:
        return list(wrong)


# ---- alignment ---------------------------------------------------------------------------------


class Slow(TimestampAssigner):
    def __init__(self, pause: float, step: int) -> None:
        self._pause = pause
        self._step = step

    def extract_timestamp(self, value: int, record_timestamp: int) -> int:
        time.sleep(self._pause)
        return value * self._step


class Largest(WatermarkGenerator):
    def __init__(self) -> None:
        self._largest = LOWEST

    def on_event(self, event: Any, event_timestamp: int, output: Any) -> None:
        self._largest = max(self._largest, event_timestamp)

    def on_periodic_emit(self, output: Any) -> None:
        output.emit_watermark(self._largest)


def lead(make: Callable[[], WatermarkStrategy]) -> int:
    """How far the fast source was ahead of the slow one at its end, in event time."""
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    env.get_config().set_auto_watermark_interval(5)

    def source(name: str, count: int, pause: float, step: int) -> DataStream:
        strategy = make().with_timestamp_assigner(Slow(pause, step))
        aligned = strategy.with_watermark_alignment(
            "group", Duration.of_millis(200), Duration.of_millis(10)
        )
        numbers = env.from_source(NumberSequenceSource(1, count), aligned, name, Types.LONG())
        return numbers.map(lambda value: (name, value * step))

    both = source("fast", 1000, 0.001, 2).union(source("slow", 200, 0.01, 10))
    last = {"fast": 0, "slow": 0}
    leads = []
    with both.execute_and_collect() as results:
        for name, timestamp in results:
            last[name] = timestamp
            if last["fast"] == 2000:
                leads.append(last["fast"] - last["slow"])
    return leads[0]


@case
def alignment() -> Any:
    """Alone, the fast source takes half the time of the slow one."""
    ways = [
        WatermarkStrategy.for_monotonous_timestamps,
        lambda: WatermarkStrategy.for_generator(Largest),
    ]
    leads = [lead(way) for way in ways]
    return ["together" if ahead < 600 else ahead for ahead in leads]


# ---- failures ----------------------------------------------------------------------------------


class Fails(WatermarkGenerator):
    def __init__(self, event: Callable[[Any], Any], periodic: Callable[[Any], Any]) -> None:
        self._event = event
        self._periodic = periodic

    def on_event(self, event: Any, event_timestamp: int, output: Any) -> None:
        if event == 3:
            self._event(output)

    def on_periodic_emit(self, output: Any) -> None:
        self._periodic(output)


def nothing(output: Any) -> None:
    pass


FAILURES: dict[str, Callable[[], Any]] = {
    "event": lambda: Fails(lambda output: 1 // 0, nothing),
    "end": lambda: Fails(nothing, lambda output: 1 // 0),
    "text": lambda: Fails(lambda output: output.emit_watermark("now"), nothing),
    "large": lambda: Fails(lambda output: output.emit_watermark(2**63), nothing),
    "no_generator": lambda: 7,
    "supplier": lambda: 1 // 0,
}


def fail(name: str, source: bool = False) -> Callable[[], Any]:
    def run() -> Any:
        env = StreamExecutionEnvironment.get_execution_environment()
        env.set_parallelism(1)
        env.get_config().set_auto_watermark_interval(0)
        strategy = WatermarkStrategy.for_generator(FAILURES[name])
        if source:
            strategy = strategy.with_watermark_alignment("group", Duration.of_millis(200))
        numbers = env.from_source(NumberSequenceSource(1, 5), strategy, "numbers", Types.LONG())
        with numbers.execute_and_collect() as results:
            return list(results)

    return run


for _name in FAILURES:
    CASES["fails_" + _name] = fail(_name)
CASES["fails_event_at_source"] = fail("event", source=True)


@case
def bad_suppliers() -> Any:
    answers = []
    for supplier in (Periodic(), 7, None):
        try:
            WatermarkStrategy.for_generator(supplier)  # type: ignore[arg-type]
            answers.append("nothing")
        except TypeError as error:
            answers.append(str(error))
    return answers


def one(name: str) -> dict[str, Any]:
    try:
        return {"name": name, "result": CASES[name]()}
    except Exception as error:
        return {"name": name, "error": type(error).__name__, "text": str(error)}


if __name__ == "__main__":
    for _name in sys.argv[1:] or CASES:
        print(json.dumps(one(_name)), flush=True)
