"""The test harness: asynchronous functions, interval joins and generators of watermarks."""

import asyncio

import pytest
from harness_functions import LONG, PAIR, STRING
from pyflink.common import Duration, Time, Types
from pyflink.common.watermark_strategy import (
    TimestampAssigner,
    WatermarkGenerator,
    WatermarkStrategy,
)
from pyflink.datastream import AsyncDataStream, OutputTag
from pyflink.datastream.async_retry_predicates import has_exception_predicate
from pyflink.datastream.async_retry_strategies import FixedDelayRetryStrategy
from pyflink.datastream.functions import AsyncFunction, ProcessFunction, ProcessJoinFunction
from pyflink.testing.harness import (
    KeyedTwoInputStreamOperatorTestHarness,
    OneInputStreamOperatorTestHarness,
    ProcessFunctionTestHarnesses,
    StreamRecord,
    Watermark,
)

LEFT, RIGHT = OutputTag("left", PAIR), OutputTag("right", Types.PICKLED_BYTE_ARRAY())

# -- asynchronous functions --------------------------------------------------------------------


class Pause(AsyncFunction):
    """Answers after so many milliseconds; negative ones never."""

    def __init__(self):
        self.opened = 0

    def open(self, runtime_context):
        self.opened += 1

    async def async_invoke(self, value):
        await asyncio.sleep(value / 1000 if value >= 0 else 3600)
        return [value, value + 1]

    def timeout(self, value):
        return [-1000]


class Turns(AsyncFunction):
    """Answers for 1 after it has seen 2."""

    def open(self, runtime_context):
        self.seen = asyncio.Event()

    async def async_invoke(self, value):
        if value == 2:
            self.seen.set()
        await self.seen.wait()
        if value == 1:
            await asyncio.sleep(0.05)
        return [value]


class Fails(AsyncFunction):
    def __init__(self, times):
        self.times = times

    async def async_invoke(self, value):
        await asyncio.sleep(0)
        if self.times > 0:
            self.times -= 1
            raise ZeroDivisionError("for %r" % value)
        return [value]


def pause(timeout=50_000, **options):
    return ProcessFunctionTestHarnesses.for_async_function(Pause(), timeout, LONG, LONG, **options)


def test_results_of_an_async_function():
    harness = pause()
    with harness:
        harness.wait_for_results()
        harness.process_element(60, 1)
        harness.process_element(0, 2)
        harness.process_watermark(3)
        harness.wait_for_results()
        assert harness.get_output() == [
            StreamRecord(60, 1),
            StreamRecord(61, 1),
            StreamRecord(0, 2),
            StreamRecord(1, 2),
            Watermark(3),
        ]
        harness.get_output().clear()
        harness.process_elements([1] * 300)
        harness.wait_for_results()
        assert harness.extract_output_values() == [1, 2] * 300
        assert harness.function.opened == 1


def test_unordered_results_stay_between_watermarks():
    harness = ProcessFunctionTestHarnesses.for_async_function(
        Turns(), 50_000, LONG, LONG, ordered=False
    )
    with harness:
        harness.process_element(1, 1)
        harness.process_element(2, 2)
        harness.process_watermark(3)
        harness.process_element(2, 4)
        harness.wait_for_results()
        assert harness.get_output() == [
            StreamRecord(2, 2),
            StreamRecord(1, 1),
            Watermark(3),
            StreamRecord(2, 4),
        ]


def test_timeouts_follow_the_processing_time():
    harness = pause(timeout=Time.seconds(5))
    with harness:
        harness.process_element(-1, 1)
        with pytest.raises(TimeoutError, match="not answered for all records after 50 ms"):
            harness.wait_for_results(50)
        harness.set_processing_time(4_999)
        with pytest.raises(TimeoutError):
            harness.wait_for_results(50)
        assert harness.extract_output_values() == []
        harness.set_processing_time(5_000)
        harness.wait_for_results()
        harness.process_element(0, 2)
        harness.wait_for_results()
        assert harness.extract_output_values() == [-1000, 0, 1]


def test_exceptions_of_async_functions():
    harness = ProcessFunctionTestHarnesses.for_async_function(Fails(1), 0, STRING, STRING)
    with harness:
        harness.process_element("a")
        with pytest.raises(ZeroDivisionError, match="for 'a'"):
            harness.wait_for_results()
    harness = ProcessFunctionTestHarnesses.for_async_function(
        Fails(2),
        50_000,
        STRING,
        STRING,
        async_retry_strategy=FixedDelayRetryStrategy(3, 1, None, has_exception_predicate),
    )
    with harness:
        harness.process_element("a")
        harness.wait_for_results()
        assert harness.extract_output_values() == ["a"]


def test_records_in_flight_are_in_snapshots():
    harness = pause()
    with harness:
        harness.process_element(-1, 1)
        harness.process_element(-2, 2)
        snapshot = harness.snapshot()
    again = pause(timeout=1)
    again.initialize_state(snapshot)
    with again:
        again.set_processing_time(1)
        again.wait_for_results()
        assert again.extract_output_stream_records() == [
            StreamRecord(-1000, 1),
            StreamRecord(-1000, 2),
        ]


def test_async_functions_among_other_operators():
    harness = OneInputStreamOperatorTestHarness(
        lambda stream: AsyncDataStream.ordered_wait(
            AsyncDataStream.unordered_wait(stream.map(int), Pause(), Time.seconds(9)).map(abs),
            Pause(),
            Time.seconds(9),
        ).map(str)
    )
    with harness:
        harness.process_element("5")
        harness.wait_for_results()
        assert harness.extract_output_values() == ["5", "6", "6", "7"]
        harness.process_element("7")
        harness.end_input()
        assert harness.extract_output_values()[4:] == ["7", "8", "8", "9"]
    with pytest.raises(TypeError, match=r"use ProcessFunctionTestHarnesses.for_async_function\(\)"):
        OneInputStreamOperatorTestHarness(Pause())


# -- interval joins ----------------------------------------------------------------------------


class Pairs(ProcessJoinFunction):
    def process_element(self, left, right, ctx):
        yield left[1], right[1], ctx.get_left_timestamp(), ctx.get_right_timestamp()


def pairs(key_type=STRING, **options):
    return ProcessFunctionTestHarnesses.for_process_join_function(
        Pairs(), lambda v: v[0], lambda v: v[0], -2, Time.milliseconds(3), key_type, PAIR, PAIR,
        left_late_data=LEFT, right_late_data=RIGHT, **options,
    )


@pytest.mark.parametrize("key_type", [STRING, None])
def test_interval_join(key_type):
    harness = pairs(key_type)
    with harness:
        assert isinstance(harness, KeyedTwoInputStreamOperatorTestHarness)
        harness.process_element1(("a", 1), 10)
        harness.process_element2(("a", 2), 13)
        harness.process_element2(("a", 3), 14)
        harness.process_element2(("b", 4), 10)
        harness.process_element2(("a", 5), 8)
        harness.process_element1(("b", 6), 11)
        assert harness.get_output() == [
            StreamRecord((1, 2, 10, 13), 13),
            StreamRecord((1, 5, 10, 8), 10),
            StreamRecord((6, 4, 11, 10), 11),
        ]
        assert harness.num_event_time_timers("a") > 0
        harness.process_both_watermarks(20)
        harness.process_element1(("a", 7), 19)
        harness.process_element2(("a", 8), 18)
        assert harness.get_side_output(LEFT) == [StreamRecord(("a", 7), 19)]
        assert harness.get_side_output(RIGHT) == [StreamRecord(("a", 8), 18)]
        assert harness.num_event_time_timers() == 0
        assert isinstance(harness.function, Pairs)


def test_interval_join_begins_with_a_snapshot():
    harness = pairs()
    with harness:
        harness.process_element1(("a", 1), 10)
        snapshot = harness.snapshot()
    again = pairs()
    again.initialize_state(snapshot)
    with again:
        again.process_element2(("a", 2), 11)
        assert again.extract_output_values() == [(1, 2, 10, 11)]


def test_interval_join_that_a_callable_adds():
    harness = KeyedTwoInputStreamOperatorTestHarness(
        lambda connected: connected.stream1.interval_join(connected.stream2)
        .between(0, 5)
        .lower_bound_exclusive()
        .process(lambda left, right, ctx: [left + right]),
        lambda v: 0,
        lambda v: 0,
    )
    with harness:
        harness.process_element1("a", 1)
        harness.process_element2("b", 1)
        harness.process_element2("c", 2)
        assert harness.extract_output_values() == ["ac"]


# -- watermarks --------------------------------------------------------------------------------


class Punctuated(WatermarkGenerator):
    def on_event(self, event, event_timestamp, output):
        if event[0] == "mark":
            output.emit_watermark(event_timestamp)

    def on_periodic_emit(self, output):
        pass


class Periodic(WatermarkGenerator):
    def __init__(self):
        self.highest = None

    def on_event(self, event, event_timestamp, output):
        self.highest = max(event_timestamp, self.highest or 0)

    def on_periodic_emit(self, output):
        if self.highest is not None:
            output.emit_watermark(self.highest - 1)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Seen(ProcessFunction):
    def process_element(self, value, ctx):
        yield value[0], ctx.timestamp(), ctx.timer_service().current_watermark()


def assigned(strategy):
    strategy = strategy.with_timestamp_assigner(Second())
    return OneInputStreamOperatorTestHarness(
        lambda stream: stream.assign_timestamps_and_watermarks(strategy), PAIR
    )


def test_generator_that_marks_records():
    with assigned(WatermarkStrategy.for_generator(Punctuated)) as harness:
        harness.process_elements([("a", 3), ("mark", 5), ("b", 4), ("mark", 2)])
        assert harness.get_output() == [
            StreamRecord(("a", 3), 3),
            StreamRecord(("mark", 5), 5),
            Watermark(5),
            StreamRecord(("b", 4), 4),
            StreamRecord(("mark", 2), 2),
        ]


def test_periodic_generators_follow_the_processing_time():
    bounded = WatermarkStrategy.for_bounded_out_of_orderness(Duration.of_millis(0))
    for strategy in (WatermarkStrategy.for_generator(Periodic), bounded):
        with assigned(strategy) as harness:
            harness.process_element(("a", 10))
            harness.process_watermark(3)  # of the stream before; it does not count
            harness.set_processing_time(199)
            assert harness.get_output() == [StreamRecord(("a", 10), 10)]
            harness.set_processing_time(200)
            assert harness.get_output()[1:] == [Watermark(9)]
            harness.process_element(("b", 7))
            harness.process_element(("c", 20))
            harness.set_processing_time(1_000)
            assert harness.get_output()[2:] == [
                StreamRecord(("b", 7), 7),
                StreamRecord(("c", 20), 20),
                Watermark(19),
            ]
            harness.process_watermark(2**63 - 1)
            assert harness.get_output()[-1] == Watermark(2**63 - 1)


def test_operators_behind_a_generator_see_its_watermarks():
    strategy = WatermarkStrategy.for_generator(Punctuated).with_timestamp_assigner(Second())
    harness = OneInputStreamOperatorTestHarness(
        lambda stream: stream.assign_timestamps_and_watermarks(strategy).process(Seen()), PAIR
    )
    with harness:
        harness.process_elements([("mark", 3), ("a", 4)])
        assert harness.extract_output_values() == [("mark", 3, -(2**63)), ("a", 4, 3)]
