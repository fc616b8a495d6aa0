"""The test harness: what a test pushes and reads, for each kind of function."""


import pytest
from harness_functions import (
    COUNT,
    INT,
    LATE,
    LONG,
    PAIR,
    STRING,
    AllStates,
    CoDouble,
    CoTimes,
    CoWords,
    Double,
    Long,
    Meet,
    Sum,
    Words,
    counter,
)
from pyflink.common import Types
from pyflink.datastream import OutputTag
from pyflink.datastream.functions import (
    KeyedProcessFunction,
    ProcessFunction,
)
from pyflink.testing.harness import (
    KeyedOneInputStreamOperatorTestHarness,
    KeyedTwoInputStreamOperatorTestHarness,
    OneInputStreamOperatorTestHarness,
    ProcessFunctionTestHarnesses,
    StreamRecord,
    Timer,
    TwoInputStreamOperatorTestHarness,
    Watermark,
    WatermarkStatus,
)

# -- one input ---------------------------------------------------------------------------------


@pytest.mark.parametrize("declared", [True, False])
def test_functions_on_one_stream(declared):
    string = STRING if declared else None
    for operator, output_type, inputs, expected in [
        (Double(), string, ["a", "b"], ["aa", "bb"]),
        (Words(), string, ["to be", "", "or"], ["to", "be", "or"]),
        (Long(), None, ["to", "not", "be"], ["not"]),
        (lambda s: s.map(len, Types.INT()).map(str), None, ["abc"], ["3"]),
        (lambda s: s.flat_map(str.split).filter(lambda w: w != "x"), None, ["a x b"], ["a", "b"]),
    ]:
        harness = OneInputStreamOperatorTestHarness(operator, string, output_type)
        with harness:
            for value in inputs:
                harness.process_element(value)
            assert harness.extract_output_values() == expected
            assert harness.get_output() == [StreamRecord(value) for value in expected]
            harness.get_output().clear()
            harness.process_elements(inputs)
            assert harness.extract_output_values() == expected
        assert harness.extract_output_values() == expected


def test_timestamps_watermarks_and_statuses_pass():
    harness = OneInputStreamOperatorTestHarness(Double(), LONG, LONG)
    with harness:
        harness.process_element(1, 7)
        harness.process_element(StreamRecord(2, 8))
        harness.process_element(3)
        harness.process_watermark(9)
        harness.process_watermark(Watermark(9))
        harness.process_watermark_status(WatermarkStatus(True))
        harness.process_watermark_status(WatermarkStatus(False))
        harness.process_elements([StreamRecord(4, 10), StreamRecord(5, 11)])
        harness.process_elements([StreamRecord(6, 12), 7])
        harness.process_watermark(12)
    assert harness.get_output() == [
        StreamRecord(2, 7),
        StreamRecord(4, 8),
        StreamRecord(6, None),
        Watermark(9),
        WatermarkStatus(True),
        WatermarkStatus(False),
        StreamRecord(8, 10),
        StreamRecord(10, 11),
        StreamRecord(12, 12),
        StreamRecord(14, None),
        Watermark(12),
    ]


def test_the_function_is_a_copy_that_can_be_looked_at():
    given = Double(3)
    harness = OneInputStreamOperatorTestHarness(
        given, LONG, LONG, parallelism=4, max_parallelism=64, subtask_index=2
    )
    with pytest.raises(RuntimeError, match="not opened yet"):
        harness.function  # noqa: B018
    with harness:
        copy = harness.function
        assert copy is not given and copy.factor == 3 and copy.opened == 1
        assert copy.place == (2, 4, 64)
        assert copy.closed == 0
    assert copy.closed == 1 and given.opened == 0


def test_reduce_of_a_stream_and_of_keys():
    harness = OneInputStreamOperatorTestHarness(Sum(), PAIR)
    with harness:
        harness.process_elements([("a", 1), ("b", 2)])
        assert harness.extract_output_values() == [("a", 1), ("a", 3)]
    for key_type in (STRING, None):
        harness = KeyedOneInputStreamOperatorTestHarness(Sum(), lambda v: v[0], key_type, PAIR)
        with harness:
            harness.process_elements([("a", 1), ("b", 2), ("a", 3)])
            assert harness.extract_output_values() == [("a", 1), ("b", 2), ("a", 4)]


def test_process_function_knows_times():
    class Times(ProcessFunction):
        def process_element(self, value, ctx):
            service = ctx.timer_service()
            yield ctx.timestamp(), service.current_watermark(), service.current_processing_time()
            yield LATE, value

    harness = ProcessFunctionTestHarnesses.for_process_function(Times())
    harness.set_processing_time(40)
    with harness:
        harness.process_element("x", 5)
        harness.process_watermark(6)
        harness.set_processing_time(41)
        harness.process_element("y", 7)
        assert harness.extract_output_values() == [(5, -(2**63), 40), (7, 6, 41)]
        assert harness.get_side_output(LATE) == [StreamRecord("x", 5), StreamRecord("y", 7)]
        assert harness.get_side_output(OutputTag("other")) == []
        harness.get_side_output(LATE).clear()
        assert harness.get_side_output(OutputTag("late", STRING)) == []


def test_the_machines_time_is_no_other_than_the_test_says():
    import time

    class Now(ProcessFunction):
        def process_element(self, value, ctx):
            yield ctx.timer_service().current_processing_time()

    now = int(time.time() * 1000) - 1000
    harness = ProcessFunctionTestHarnesses.for_process_function(Now())
    with harness:
        harness.set_processing_time(now)
        harness.process_element(1)
        assert harness.extract_output_values() == [now]
        assert harness.get_processing_time() == now


# -- keyed: timers and state -------------------------------------------------------------------


def test_timers():
    harness = counter()
    with harness:
        harness.process_element(("a", 1), 100)
        harness.process_element(("b", 1), 100)
        harness.process_element(("a", 1), 105)
        assert harness.num_event_time_timers() == 3
        assert harness.num_event_time_timers("a") == 2
        assert harness.num_event_time_timers("none") == 0
        assert harness.event_time_timers("a") == [Timer(110, "a"), Timer(115, "a")]
        assert sorted(harness.processing_time_timers()) == [Timer(5, "a"), Timer(5, "b")]
        assert harness.num_processing_time_timers() == 2
        harness.get_output().clear()
        harness.process_watermark(112)
        *fired, mark = harness.get_output()
        assert mark == Watermark(112)
        assert sorted(r.value[0] for r in fired) == ["EVENT_TIME a at 110", "EVENT_TIME b at 110"]
        assert harness.event_time_timers() == [Timer(115, "a")]
        harness.set_processing_time(4)
        assert harness.num_processing_time_timers() == 2
        harness.set_processing_time(6)
        values = sorted(value[0] for value in harness.extract_output_values()[2:])
        assert values == ["PROCESSING_TIME a at 5", "PROCESSING_TIME b at 5"]


def test_timers_that_timers_register_fire_in_order():
    class Chain(KeyedProcessFunction):
        def process_element(self, value, ctx):
            ctx.timer_service().register_event_time_timer(value)
            ctx.timer_service().register_processing_time_timer(value)
            ctx.timer_service().register_event_time_timer(99)
            ctx.timer_service().delete_event_time_timer(99)

        def on_timer(self, timestamp, ctx):
            if timestamp < 5:
                service = ctx.timer_service()
                domain = str(ctx.time_domain()).rpartition(".")[2]
                if domain == "EVENT_TIME":
                    service.register_event_time_timer(timestamp + 1)
                else:
                    service.register_processing_time_timer(timestamp + 1)
            yield timestamp

    harness = KeyedOneInputStreamOperatorTestHarness(Chain(), lambda value: 0, INT)
    with harness:
        harness.process_element(1)
        harness.process_watermark(3)
        assert harness.extract_output_values() == [1, 2, 3]
        harness.process_watermark(10)
        assert harness.extract_output_values() == [1, 2, 3, 4, 5]
        harness.get_output().clear()
        harness.set_processing_time(10)
        assert harness.extract_output_values() == [1, 2, 3, 4, 5]
        assert harness.num_event_time_timers() == harness.num_processing_time_timers() == 0


def test_aggregate_function():
    harness = ProcessFunctionTestHarnesses.for_aggregate_function(
        AllStates.Mean(),
        lambda value: value % 2,
        INT,
        accumulator_type=Types.TUPLE([LONG, LONG]),
        input_type=LONG,
        output_type=Types.DOUBLE(),
    )
    with harness:
        harness.process_elements([1, 2, 3, 6])
        assert harness.extract_output_values() == [1.0, 2.0, 2.0, 4.0]
    with pytest.raises(TypeError, match="AggregateFunction is needed, not a Double"):
        ProcessFunctionTestHarnesses.for_aggregate_function(Double(), len)


# -- two inputs --------------------------------------------------------------------------------


def test_functions_on_two_streams():
    harness = TwoInputStreamOperatorTestHarness(CoDouble(), STRING, LONG)
    with harness:
        harness.process_element1("a", 1)
        harness.process_element2(2, 2)
        assert harness.get_output() == [StreamRecord(("1", "a"), 1), StreamRecord(("2", 2), 2)]
    harness = TwoInputStreamOperatorTestHarness(CoWords(), STRING, STRING, STRING)
    with harness:
        harness.process_element1("to be")
        harness.process_element2("or")
        assert harness.extract_output_values() == ["to", "be", "or", "or"]


def test_the_lower_watermark_of_two_streams_counts():
    harness = ProcessFunctionTestHarnesses.for_co_process_function(CoTimes(), None, STRING)
    with harness:
        harness.process_watermark1(5)
        assert harness.get_output() == []
        harness.process_watermark2(3)
        harness.process_element1("x", 7)
        harness.process_both_watermarks(8)
        harness.process_element2("y", 9)
        assert harness.get_output() == [
            Watermark(3),
            StreamRecord(("1", 7, 3), 7),
            Watermark(8),
            StreamRecord(("2", 9, 8), 9),
        ]
        assert harness.get_side_output(LATE) == [StreamRecord("y", 9)]
        harness.process_watermark_status1(WatermarkStatus(True))
        harness.process_watermark2(20)
        assert harness.get_output()[-1] == Watermark(20)


@pytest.mark.parametrize("key_type", [STRING, None])
def test_keys_of_two_streams_meet(key_type):
    harness = ProcessFunctionTestHarnesses.for_keyed_co_process_function(
        Meet(), lambda value: value[0], lambda value: value, key_type, PAIR, STRING
    )
    with harness:
        harness.process_element1(("a", 4))
        harness.process_element2("a")
        harness.process_element2("b")
        assert harness.extract_output_values() == [("a", 4), ("b", None)]
        assert harness.event_time_timers() == [Timer(4, "a")]
        assert harness.get_state(COUNT, "a").value() == 4
        snapshot = harness.snapshot()
    again = KeyedTwoInputStreamOperatorTestHarness(
        Meet(), lambda value: value[0], lambda value: value, key_type, PAIR, STRING
    )
    again.initialize_state(snapshot)
    with again:
        again.process_element2("a")
        again.process_both_watermarks(4)
        again.end_input1()
        again.end_input2()
        assert again.extract_output_values() == [("a", 4), ("timer a", 4)]
