"""The test harness: windows, their state and their late records."""

import pytest
from harness_functions import COUNT, LONG, PAIR, STRING, AllStates, Sum
from pyflink.common import Configuration, Time, Types
from pyflink.datastream import OutputTag
from pyflink.datastream.functions import (
    ProcessAllWindowFunction,
    ProcessWindowFunction,
    WindowFunction,
)
from pyflink.datastream.state import ReducingStateDescriptor, ValueStateDescriptor
from pyflink.datastream.window import (
    CountTrigger,
    CountTumblingWindowAssigner,
    EventTimeSessionWindows,
    EventTimeTrigger,
    GlobalWindows,
    TimeWindow,
    TimeWindowSerializer,
    Trigger,
    TriggerResult,
    TumblingEventTimeWindows,
    TumblingProcessingTimeWindows,
    WindowAssigner,
)
from pyflink.testing.harness import (
    KeyedOneInputStreamOperatorTestHarness,
    OneInputStreamOperatorTestHarness,
    ProcessFunctionTestHarnesses,
    StreamRecord,
    Timer,
    Watermark,
)

LATE = OutputTag("late", PAIR)
FIRINGS = ValueStateDescriptor("firings", LONG)
WINDOW_TYPE = Types.TUPLE([STRING, LONG, LONG, LONG])
SEEN = ReducingStateDescriptor("seen", lambda a, b: a + b, LONG)


class Total(ProcessWindowFunction):
    """Key, end, sum and how often the window fired; counts by key, too."""

    def open(self, runtime_context):
        self.count = runtime_context.get_state(COUNT)

    def process(self, key, context, elements):
        firings = context.window_state().get_state(FIRINGS)
        firings.update((firings.value() or 0) + 1)
        self.count.update((self.count.value() or 0) + 1)
        total = sum(value[1] for value in elements)
        yield key, context.window().end, total, firings.value()

    def clear(self, context):
        context.window_state().get_state(FIRINGS).clear()


class Join(WindowFunction):
    def apply(self, key, window, inputs):
        return [(key, sorted(value[1] for value in inputs))]


class Two(Trigger):
    """Fires with each second record and at the end."""

    def on_element(self, element, timestamp, window, ctx):
        seen = ctx.get_partitioned_state(SEEN)
        seen.add(1)
        ctx.register_event_time_timer(window.max_timestamp())
        return TriggerResult.CONTINUE if seen.get() % 2 else TriggerResult.FIRE

    def on_event_time(self, time, window, ctx):
        return TriggerResult.FIRE_AND_PURGE

    def on_processing_time(self, time, window, ctx):
        return TriggerResult.CONTINUE

    def on_merge(self, window, ctx):
        pass

    def clear(self, window, ctx):
        ctx.get_partitioned_state(SEEN).clear()


class ByTens(WindowAssigner):
    """An assigner in Python."""

    def assign_windows(self, element, timestamp, context):
        start = timestamp - timestamp % 10
        return [TimeWindow(start, start + 10)]

    def get_default_trigger(self, env):
        return EventTimeTrigger()

    def get_window_serializer(self):
        return TimeWindowSerializer()

    def is_event_time(self):
        return True


def tens(trigger=None, assigner=None, **options):
    if assigner is None:
        assigner = TumblingEventTimeWindows.of(Time.milliseconds(10))
    return ProcessFunctionTestHarnesses.for_process_window_function(
        Total(),
        assigner,
        lambda value: value[0],
        options.pop("key_type", STRING),
        PAIR,
        WINDOW_TYPE,
        trigger=trigger,
        allowed_lateness=5,
        late_data=LATE,
        **options,
    )


KINDS = [
    pytest.param({}, id="flink"),
    pytest.param({"key_type": None}, id="flink-undeclared-keys"),
    pytest.param({"trigger": Two()}, id="python-trigger"),
    pytest.param({"assigner": ByTens()}, id="python-assigner"),
]


@pytest.mark.parametrize("options", KINDS)
def test_process_window_function(options):
    harness = tens(**options)
    with harness:
        harness.process_element(("a", 1), 1)
        harness.process_element(("b", 5), 3)
        harness.process_element(("a", 2), 12)
        harness.process_watermark(8)
        assert harness.get_output() == [Watermark(8)]
        assert {timer.key for timer in harness.event_time_timers()} == {"a", "b"}
        assert Timer(9, "a") in harness.event_time_timers("a")
        harness.get_output().clear()
        harness.process_watermark(9)
        assert sorted(harness.extract_output_values()) == [("a", 10, 1, 1), ("b", 10, 5, 1)]
        assert harness.extract_output_stream_records()[0].timestamp == 9
        harness.process_watermark(30)
        assert harness.extract_output_values()[2:] == [("a", 20, 2, 1)]
        assert harness.num_event_time_timers() == 0
        assert isinstance(harness.function, Total)


@pytest.mark.parametrize("options", KINDS)
def test_late_records_are_values(options):
    harness = tens(**options)
    with harness:
        harness.process_element(("a", 1), 1)
        harness.process_watermark(9)
        harness.process_watermark(30)
        harness.get_output().clear()
        harness.process_elements([StreamRecord(("a", 7), 2), StreamRecord(("b", 8), 3)])
        harness.process_element(("a", 9), 40)
        assert harness.get_side_output(LATE) == [
            StreamRecord(("a", 7), 2),
            StreamRecord(("b", 8), 3),
        ]
        assert harness.get_output() == []


def test_late_records_of_other_types():
    for tag in (OutputTag("late", Types.PICKLED_BYTE_ARRAY()), OutputTag("late")):
        harness = KeyedOneInputStreamOperatorTestHarness(
            lambda keyed, tag=tag: keyed.window(TumblingEventTimeWindows.of(Time.milliseconds(10)))
            .side_output_late_data(tag)
            .reduce(lambda a, b: a),
            lambda value: value["key"],
        )
        with harness:
            harness.process_watermark(30)
            harness.process_element({"key": 1, "of": ["anything"]}, 5)
            late = harness.get_side_output(tag)
            assert late == [StreamRecord({"key": 1, "of": ["anything"]}, 5)]


@pytest.mark.parametrize("options", KINDS)
def test_state_of_windows_and_of_keys(options):
    harness = tens(**options)
    with harness:
        harness.process_element(("a", 1), 1)
        harness.process_element(("a", 4), 12)
        harness.process_watermark(9)
        first, second = TimeWindow(0, 10), TimeWindow(10, 20)
        state = harness.get_window_state(FIRINGS, "a", first)
        assert state.value() == 1
        assert harness.get_window_state(FIRINGS, "a", second).value() is None
        assert harness.get_window_state(FIRINGS, "b", first).value() is None
        assert harness.get_state(COUNT, "a").value() == 1
        state.update(6)
        harness.get_output().clear()
        harness.process_element(("a", 3), 2)
        if options.get("trigger") is None:
            # It is late, but not too late: the window fires again.
            assert harness.extract_output_values() == [("a", 10, 4, 7)]
        else:
            seen = harness.get_window_state(SEEN, "a", first)
            assert seen.get() == 2
            assert harness.get_window_state(SEEN, "a", second).get() == 1
            assert harness.extract_output_values() == [("a", 10, 3, 7)]
        harness.process_watermark(14)
        assert state.value() is None
        with pytest.raises(TypeError, match="a Window is needed, not int"):
            harness.get_window_state(FIRINGS, "a", 10)


@pytest.mark.parametrize("options", KINDS)
@pytest.mark.parametrize("backend", ["hashmap", "rocksdb"])
def test_windows_begin_with_a_snapshot(options, backend):
    configuration = Configuration().set_string("state.backend.type", backend)
    options = {**options, "configuration": configuration}
    harness = tens(**options)
    with harness:
        harness.process_element(("a", 1), 1)
        harness.process_element(("b", 2), 2)
        harness.process_watermark(9)
        harness.process_element(("b", 3), 12)
        snapshot = harness.snapshot()
        harness.process_element(("b", 100), 13)
    again = tens(**options)
    again.initialize_state(snapshot)
    with again:
        assert again.get_window_state(FIRINGS, "a", TimeWindow(0, 10)).value() == 1
        assert again.get_state(COUNT, "b").value() == 1
        assert Timer(19, "b") in again.event_time_timers()
        again.process_watermark(19)
        assert again.extract_output_values() == [("b", 20, 3, 1)]


def test_windows_of_another_parallelism():
    harness = tens()
    keys = [chr(ord("a") + i) for i in range(10)]
    with harness:
        for i, key in enumerate(keys):
            harness.process_element((key, i), 1)
        snapshot = harness.snapshot()
    values = []
    for subtask in range(3):
        again = tens(parallelism=3, subtask_index=subtask)
        again.initialize_state(snapshot)
        with again:
            again.process_watermark(9)
            values += again.extract_output_values()
    assert sorted(values) == [(key, 10, i, 1) for i, key in enumerate(keys)]


def test_apply_reduce_and_aggregate():
    windows = TumblingEventTimeWindows.of(Time.milliseconds(10))
    for add, expected in [
        (lambda k: k.window(windows).apply(Join()), ("a", [1, 2])),
        (lambda k: k.window(windows).reduce(Sum()), ("a", 3)),
        (
            lambda k: k.window(windows).reduce(Sum(), Total(), WINDOW_TYPE),
            ("a", 10, 3, 1),
        ),
        (
            lambda k: k.map(lambda v: v[1], LONG)
            .key_by(lambda v: 0)
            .window(windows)
            .aggregate(AllStates.Mean(), output_type=Types.DOUBLE()),
            1.5,
        ),
        (lambda k: k.window(windows).trigger(Two()).reduce(Sum()), ("a", 3)),
    ]:
        harness = KeyedOneInputStreamOperatorTestHarness(add, lambda v: v[0], STRING, PAIR)
        with harness:
            harness.process_elements([StreamRecord(("a", 1), 1), StreamRecord(("a", 2), 2)])
            harness.process_watermark(9)
            assert harness.extract_output_values()[0] == expected
    harness = ProcessFunctionTestHarnesses.for_process_window_function(
        Join(), CountTumblingWindowAssigner.of(2), lambda value: value[0], STRING, PAIR
    )
    with harness:
        harness.process_elements([("a", 1), ("b", 7), ("a", 2), ("a", 3)])
        assert harness.extract_output_values() == [("a", [1, 2])]
        assert isinstance(harness.function, Join)


def test_windows_of_processing_time():
    harness = ProcessFunctionTestHarnesses.for_process_window_function(
        Join(),
        TumblingProcessingTimeWindows.of(Time.milliseconds(10)),
        lambda value: value[0],
        STRING,
        PAIR,
    )
    with harness:
        harness.set_processing_time(3)
        harness.process_element(("a", 1))
        harness.set_processing_time(8)
        harness.process_element(("a", 2))
        assert harness.processing_time_timers() == [Timer(9, "a")]
        assert harness.extract_output_values() == []
        harness.set_processing_time(9)
        assert harness.extract_output_values() == [("a", [1, 2])]


def test_sessions_merge():
    harness = ProcessFunctionTestHarnesses.for_process_window_function(
        Join(), EventTimeSessionWindows.with_gap(Time.milliseconds(5)), lambda v: v[0], STRING, PAIR
    )
    with harness:
        for number, time in enumerate([1, 9, 5]):
            harness.process_element(("a", number), time)
        harness.process_watermark(13)
        assert harness.extract_output_values() == [("a", [0, 1, 2])]
        with pytest.raises(Exception, match="per-window state is not allowed when windows are m"):
            harness.get_window_state(FIRINGS, "a", TimeWindow(1, 14))


class OnEach(Two):
    """Fires with each record; its state has a name that the window function uses, too."""

    def on_element(self, element, timestamp, window, ctx):
        ctx.get_partitioned_state(SEEN).add(1)
        return TriggerResult.FIRE


class UntilThree(Trigger):
    """Fires when a session has three records."""

    def on_element(self, element, timestamp, window, ctx):
        seen = ctx.get_partitioned_state(SEEN)
        seen.add(1)
        return TriggerResult.FIRE if seen.get() >= 3 else TriggerResult.CONTINUE

    def on_processing_time(self, time, window, ctx):
        return TriggerResult.CONTINUE

    def on_event_time(self, time, window, ctx):
        return TriggerResult.CONTINUE

    def on_merge(self, window, ctx):
        ctx.merge_partitioned_state(SEEN)

    def clear(self, window, ctx):
        ctx.get_partitioned_state(SEEN).clear()


def test_state_of_a_trigger_of_windows_that_merge():
    harness = ProcessFunctionTestHarnesses.for_process_window_function(
        Join(),
        EventTimeSessionWindows.with_gap(Time.milliseconds(5)),
        lambda v: v[0],
        STRING,
        PAIR,
        trigger=UntilThree(),
    )
    with harness:
        harness.process_element(("a", 0), 1)
        harness.process_element(("a", 1), 9)
        assert harness.get_window_state(SEEN, "a", TimeWindow(1, 6)).get() == 1
        assert harness.get_window_state(SEEN, "a", TimeWindow(9, 14)).get() == 1
        harness.process_element(("a", 2), 5)
        assert harness.get_window_state(SEEN, "a", TimeWindow(1, 14)).get() == 3
        assert harness.get_window_state(SEEN, "a", TimeWindow(9, 14)).get() is None
        assert harness.extract_output_values() == [("a", [0, 1, 2])]


@pytest.mark.parametrize("backend", ["hashmap", "rocksdb"])
@pytest.mark.parametrize("trigger", [None, CountTrigger.of(1), "python"])
def test_one_name_for_states_of_several_owners(backend, trigger):
    """The names are those that Flink's operator and its triggers use for their own states."""

    class Owners(ProcessWindowFunction):
        def process(self, key, context, elements):
            by_window, by_key = context.window_state(), context.global_state()
            for name in ("count", "seen", "window-contents", "x", "window:x"):
                descriptor = ValueStateDescriptor(name, LONG)
                of_window, of_key = by_window.get_state(descriptor), by_key.get_state(descriptor)
                of_window.update((of_window.value() or 0) + 1)
                of_key.update((of_key.value() or 0) + 100)
                yield key, context.window().start, of_window.value(), of_key.value()

        def clear(self, context):
            context.window_state().get_state(ValueStateDescriptor("x", LONG)).clear()

    configuration = (
        Configuration()
        .set_string("state.backend.type", backend)
        .set_integer("python.state.cache-size", 0)
    )

    def begun():
        return ProcessFunctionTestHarnesses.for_process_window_function(
            Owners(),
            TumblingEventTimeWindows.of(Time.milliseconds(10)),
            lambda v: v[0],
            STRING,
            PAIR,
            WINDOW_TYPE,
            trigger=OnEach() if trigger == "python" else trigger,
            configuration=configuration,
        )

    def firing(harness, time):
        harness.get_output().clear()
        harness.process_element(("a", 1), time)
        if trigger is None:
            harness.process_watermark(time - time % 10 + 9)
        return harness.extract_output_values()

    harness = begun()
    with harness:
        assert firing(harness, 1) == [("a", 0, 1, 100)] * 5
        assert firing(harness, 11) == [("a", 10, 1, 200)] * 5
        snapshot = harness.snapshot()
        again = ("a", 10, 1 if trigger is None else 2, 300)
    harness = begun()
    harness.initialize_state(snapshot)
    with harness:
        x = ValueStateDescriptor("x", LONG)
        if trigger is not None:
            assert firing(harness, 12) == [again] * 5
        else:
            assert firing(harness, 21) == [("a", 20, 1, 300)] * 5
        window = TimeWindow(10, 20)
        assert harness.get_window_state(x, "a", window).value() == (None if trigger is None else 2)
        assert harness.get_state(x, "a").value() == 300
        assert harness.get_keys(x) == ["a"]
        assert harness.get_keys(ValueStateDescriptor("count", LONG)) == ["a"]


def test_global_windows_and_windows_of_the_whole_stream():
    harness = ProcessFunctionTestHarnesses.for_process_window_function(
        Join(), GlobalWindows.create(), lambda v: v[0], STRING, PAIR, trigger=CountTrigger.of(2)
    )
    with harness:
        harness.process_elements([("a", 1), ("b", 2), ("a", 3)])
        assert harness.extract_output_values() == [("a", [1, 3])]

    class Count(ProcessAllWindowFunction):
        def process(self, context, elements):
            yield context.window().end, len(list(elements))

    harness = OneInputStreamOperatorTestHarness(
        lambda stream: stream.window_all(TumblingEventTimeWindows.of(Time.seconds(1))).process(
            Count()
        ),
        PAIR,
    )
    with harness:
        harness.process_element(("a", 1), 1)
        harness.process_element(("b", 1), 2)
        harness.process_watermark(999)
        assert harness.extract_output_values() == [(1000, 2)]


def test_what_has_no_windows_says_so():
    harness = KeyedOneInputStreamOperatorTestHarness(Sum(), lambda v: v[0], STRING, PAIR)
    with harness, pytest.raises(KeyError, match="no operator has windows"):
        harness.get_window_state(FIRINGS, "a", TimeWindow(0, 10))
    with pytest.raises(TypeError, match="ProcessWindowFunction or WindowFunction is needed"):
        ProcessFunctionTestHarnesses.for_process_window_function(
            Sum(), TumblingEventTimeWindows.of(Time.seconds(1)), len
        )
