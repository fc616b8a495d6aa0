"""The test harness: broadcast functions."""

import pytest
from harness_functions import COUNT, LATE, LONG, PAIR, STRING, Double
from pyflink.common import Types
from pyflink.datastream.functions import BroadcastProcessFunction, KeyedBroadcastProcessFunction
from pyflink.datastream.state import MapStateDescriptor, ValueStateDescriptor
from pyflink.testing.harness import (
    BroadcastOperatorTestHarness,
    KeyedBroadcastOperatorTestHarness,
    ProcessFunctionTestHarnesses,
    StreamRecord,
    Timer,
    TwoInputStreamOperatorTestHarness,
    Watermark,
    WatermarkStatus,
)

RULES = MapStateDescriptor("rules", STRING, LONG)
OTHER = MapStateDescriptor("other", STRING, Types.PICKLED_BYTE_ARRAY())


class Apply(BroadcastProcessFunction):
    """Multiplies with the factor of a word; tells what is known when a rule comes."""

    def process_element(self, value, ctx):
        factor = ctx.get_broadcast_state(RULES).get(value[0])
        if factor is None:
            yield LATE, value[0]
        else:
            yield value[0], value[1] * factor

    def process_broadcast_element(self, value, ctx):
        state = ctx.get_broadcast_state(RULES)
        if value[1] < 0:
            state.remove(value[0])
        else:
            state.put(*value)
        ctx.get_broadcast_state(OTHER).put(value[0], [ctx.timestamp(), ctx.current_watermark()])


class Limits(KeyedBroadcastProcessFunction):
    """Counts by key up to a limit that is broadcast; a reset is for all keys."""

    def open(self, runtime_context):
        self.count = runtime_context.get_state(COUNT)

    def process_element(self, value, ctx):
        limit = ctx.get_broadcast_state(RULES).get("limit")
        count = (self.count.value() or 0) + value[1]
        self.count.update(count)
        ctx.timer_service().register_event_time_timer(ctx.timestamp() + 10)
        if limit is not None and count > limit:
            yield ctx.get_current_key(), count

    def process_broadcast_element(self, value, ctx):
        ctx.get_broadcast_state(RULES).put(*value)
        if value[0] == "reset":
            ctx.apply_to_keyed_state(COUNT, lambda key, state: state.update(value[1]))
        yield "rules", len(list(ctx.get_broadcast_state(RULES).keys()))

    def on_timer(self, timestamp, ctx):
        yield "%s at %d" % (ctx.get_current_key(), timestamp), self.count.value()


def plain(**options):
    return ProcessFunctionTestHarnesses.for_broadcast_process_function(
        Apply(), RULES, OTHER, input_type=PAIR, broadcast_type=PAIR, output_type=PAIR, **options
    )


def keyed(key_type=STRING, **options):
    return ProcessFunctionTestHarnesses.for_keyed_broadcast_process_function(
        Limits(), lambda value: value[0], key_type, RULES, input_type=PAIR, broadcast_type=PAIR,
        **options,
    )


def test_elements_and_broadcast_elements():
    harness = plain()
    with harness:
        assert isinstance(harness, BroadcastOperatorTestHarness)
        harness.process_element(("a", 2), 1)
        harness.process_broadcast_element(("a", 3), 2)
        harness.process_element(StreamRecord(("a", 2), 4))
        harness.process_both_watermarks(7)
        harness.process_broadcast_element(("b", 5), 8)
        harness.process_broadcast_element(("a", -1), 9)
        harness.process_element(("a", 2), 10)
        harness.process_element(("b", 2), 11)
        assert harness.get_output() == [
            StreamRecord(("a", 6), 4),
            Watermark(7),
            StreamRecord(("b", 10), 11),
        ]
        assert harness.get_side_output(LATE) == [StreamRecord("a", 1), StreamRecord("a", 10)]
        assert isinstance(harness.function, Apply)


def test_broadcast_state_is_read_and_changed():
    harness = plain()
    with harness:
        state = harness.get_broadcast_state(RULES)
        assert list(state.items()) == [] and state.is_empty()
        harness.process_broadcast_element(("a", 3), 2)
        harness.process_broadcast_element(("b", 4), 3)
        harness.process_both_watermarks(5)
        harness.process_broadcast_element(("c", 4), 6)
        assert dict(state.items()) == {"a": 3, "b": 4, "c": 4}
        assert state.get("a") == 3 and "b" in state and state.get("d") is None
        assert harness.get_broadcast_state(OTHER).get("a") == [2, -(2**63)]
        assert harness.get_broadcast_state(OTHER).get("c") == [6, 5]
        state.put("d", 10)
        state.remove("a")
        harness.process_element(("d", 2), 7)
        harness.process_element(("a", 2), 8)
        assert harness.extract_output_values() == [("d", 20)]
        assert sorted(state.keys()) == ["b", "c", "d"]
        with pytest.raises(TypeError, match="found by its MapStateDescriptor, not by a Value"):
            harness.get_broadcast_state(ValueStateDescriptor("rules", LONG))
        with pytest.raises(TypeError):
            state.put("e", "no number")
    with pytest.raises(RuntimeError, match="closed"):
        state.get("b")


@pytest.mark.parametrize("parallelism", [1, 3])
def test_broadcast_state_begins_with_a_snapshot(parallelism):
    harness = plain()
    with harness:
        harness.process_broadcast_element(("a", 3), 2)
        harness.get_broadcast_state(RULES).put("b", 5)
        snapshot = harness.snapshot()
        harness.process_broadcast_element(("a", 4), 2)
    for subtask in range(parallelism):
        again = plain(parallelism=parallelism, subtask_index=subtask)
        again.initialize_state(snapshot)
        with again:
            assert dict(again.get_broadcast_state(RULES).items()) == {"a": 3, "b": 5}
            again.process_element(("a", 2), 4)
            again.process_element(("b", 2), 5)
            assert again.extract_output_values() == [("a", 6), ("b", 10)]


@pytest.mark.parametrize("key_type", [STRING, None])
def test_keyed_broadcast_function(key_type):
    harness = keyed(key_type)
    with harness:
        assert isinstance(harness, KeyedBroadcastOperatorTestHarness)
        harness.process_element(("a", 4), 1)
        harness.process_broadcast_element(("limit", 5), 2)
        harness.process_element(("a", 4), 3)
        harness.process_element(("b", 4), 4)
        assert harness.extract_output_values() == [("rules", 1), ("a", 8)]
        assert harness.get_state(COUNT, "a").value() == 8
        assert sorted(harness.get_keys(COUNT)) == ["a", "b"]
        assert harness.event_time_timers() == [Timer(11, "a"), Timer(13, "a"), Timer(14, "b")]
        harness.process_broadcast_element(("reset", 1), 5)
        assert [harness.get_state(COUNT, key).value() for key in "ab"] == [1, 1]
        harness.get_output().clear()
        harness.process_watermark(13)
        assert harness.get_output() == []
        harness.process_broadcast_watermark(20)
        assert harness.extract_output_values() == [("a at 11", 1), ("a at 13", 1)]
        assert harness.get_output()[-1] == Watermark(13)
        harness.process_broadcast_watermark_status(WatermarkStatus(True))
        harness.process_watermark(14)
        assert harness.get_output()[-2:] == [StreamRecord(("b at 14", 1), 14), Watermark(14)]
        harness.end_broadcast_input()
        harness.end_input()


def test_keyed_broadcast_function_begins_with_a_snapshot():
    harness = keyed()
    with harness:
        harness.process_broadcast_element(("limit", 5), 2)
        harness.process_element(("a", 4), 3)
        snapshot = harness.snapshot()
    again = keyed()
    again.initialize_state(snapshot)
    with again:
        assert again.get_broadcast_state(RULES).get("limit") == 5
        assert again.get_state(COUNT, "a").value() == 4
        again.process_element(("a", 4), 4)
        again.process_both_watermarks(13)
        assert again.extract_output_values() == [("a", 8), ("a at 13", 8)]


def test_operators_that_a_callable_adds():
    harness = BroadcastOperatorTestHarness(
        lambda connected: connected.process(Apply(), PAIR).map(lambda value: value[1], LONG),
        RULES,
        OTHER,
        input_type=PAIR,
        broadcast_type=PAIR,
    )
    with harness:
        harness.process_broadcast_element(("a", 3))
        harness.process_element(("a", 2))
        assert harness.extract_output_values() == [6]


def test_what_is_no_broadcast_function_is_refused():
    with pytest.raises(TypeError, match="BroadcastOperatorTestHarness"):
        TwoInputStreamOperatorTestHarness(Apply(), PAIR, PAIR)
    with pytest.raises(TypeError, match="KeyedBroadcastProcessFunction does not run on a str"):
        BroadcastOperatorTestHarness(Limits(), RULES)
    with pytest.raises(TypeError, match="MapFunction does not run on a stream and"):
        BroadcastOperatorTestHarness(Double(), RULES)
    with pytest.raises(TypeError, match="needs at least one MapStateDescriptor"):
        BroadcastOperatorTestHarness(Apply())
