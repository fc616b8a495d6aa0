"""Windows: how the API refuses what cannot be, and what functions of windows may do."""

import pytest
from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import OutputTag, StreamExecutionEnvironment
from pyflink.datastream.functions import (
    AggregateFunction,
    ProcessAllWindowFunction,
    ProcessWindowFunction,
    WindowFunction,
)
from pyflink.datastream.state import AggregatingStateDescriptor, ValueStateDescriptor
from pyflink.datastream.window import (
    CountTrigger,
    EventTimeSessionWindows,
    EventTimeTrigger,
    GlobalWindows,
    PurgingTrigger,
    Trigger,
    TriggerResult,
    TumblingEventTimeWindows,
)
from pyflink.util.exceptions import JobExecutionError

PAIR = Types.TUPLE([Types.STRING(), Types.INT()])
TENS = TumblingEventTimeWindows.of(Time.milliseconds(10))
SESSIONS = EventTimeSessionWindows.with_gap(Time.milliseconds(5))


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Sum(AggregateFunction):
    def create_accumulator(self):
        return 0

    def add(self, value, accumulator):
        return accumulator + value[1]

    def get_result(self, accumulator):
        return accumulator

    def merge(self, a, b):
        return a + b


@pytest.fixture
def stream():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    pairs = [("ab"[i % 2], i) for i in range(24)]
    return env.from_collection(pairs, PAIR).assign_timestamps_and_watermarks(
        WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
    )


def collect(stream):
    with stream.execute_and_collect() as records:
        return sorted(records, key=str)


def keyed(stream):
    return stream.key_by(lambda v: v[0], Types.STRING())


class Apply(WindowFunction):
    def __init__(self, call):
        self.call = call

    def apply(self, key, window, inputs):
        return self.call(key, window, inputs)


class Process(ProcessWindowFunction):
    def __init__(self, call):
        self.call = call

    def process(self, key, context, elements):
        return self.call(key, context, elements)


def test_what_is_no_function_of_windows_is_refused(stream):
    windows = keyed(stream).window(TENS)
    with pytest.raises(TypeError, match="WindowFunction or a ProcessWindowFunction, not int"):
        windows.process(1)
    with pytest.raises(TypeError, match="needs an AggregateFunction, not function"):
        windows.aggregate(lambda a, b: a)
    with pytest.raises(TypeError, match="AllWindowFunction or a ProcessAllWindowFunction"):
        stream.window_all(TENS).apply(Apply(None))
    with pytest.raises(TypeError, match="must be a Trigger, not str"):
        windows.trigger("now")
    with pytest.raises(TypeError, match="must be an Evictor, not int"):
        windows.evictor(3)
    with pytest.raises(TypeError, match="EventTimeSessionWindows are merged, and a Never"):
        stream.window_all(SESSIONS).trigger(GlobalWindows().get_default_trigger(None))


def test_what_cannot_be_pickled_is_named(stream):
    import threading

    lock = threading.Lock()
    with pytest.raises(TypeError, match="'lock' is a lock"):
        keyed(stream).window(TENS).apply(Apply(lambda key, window, inputs: lock))


def test_an_error_names_the_operator_and_what_the_window_held(stream):
    broken = keyed(stream).window(TENS).process(Process(lambda *_: 1 // 0))
    with pytest.raises(JobExecutionError, match="(?s)ZeroDivisionError.*TumblingEventTimeWindows"):
        collect(broken)


def test_an_accumulator_of_another_type_is_named(stream):
    class Text(Sum):
        def add(self, value, accumulator):
            return "text"

    wrong = keyed(stream).window(TENS).aggregate(Text(), accumulator_type=Types.LONG())
    with pytest.raises(JobExecutionError, match="window-contents.*LONG.*found str"):
        collect(wrong)


def test_records_without_timestamps_say_so():
    env = StreamExecutionEnvironment.get_execution_environment()
    stream = env.from_collection([("a", 1)], PAIR)
    with pytest.raises(Exception, match="timestamp"):
        collect(keyed(stream).window(TENS).aggregate(Sum()))


def test_windows_that_merge_have_no_state_of_their_own(stream):
    def use(key, context, elements):
        context.window_state().get_state(ValueStateDescriptor("x", Types.INT()))
        yield 1

    with pytest.raises(JobExecutionError, match="not allowed when windows are merged"):
        collect(keyed(stream).window(SESSIONS).process(Process(use)))


def test_contents_are_the_functions_own(stream):
    def use(key, context, elements):
        elements.clear()
        return [(key, len(elements))]

    triggered = keyed(stream).window(GlobalWindows.create()).trigger(CountTrigger.of(6))
    assert collect(triggered.process(Process(use))) == [("a", 0)] * 2 + [("b", 0)] * 2
    sizes = Process(lambda key, context, elements: [len(elements)])
    assert collect(triggered.process(sizes)) == [12, 12, 6, 6]


def test_no_results_and_tagged_results(stream):
    tag = OutputTag("odd", Types.INT())

    def use(key, context, elements):
        if key == "a":
            return None
        return [(tag, sum(v[1] for v in elements))]

    results = keyed(stream).window(TENS).process(Process(use), Types.INT())
    assert collect(results) == []
    assert collect(results.get_side_output(tag)) == [25, 44, 75]


class Averaging(Trigger):
    """Fires when the mean of a window that may merge is 5 or more."""

    class Mean(Sum):
        def create_accumulator(self):
            return 0, 0

        def add(self, value, accumulator):
            return accumulator[0] + value, accumulator[1] + 1

        def get_result(self, accumulator):
            return accumulator[0] / accumulator[1]

        def merge(self, a, b):
            return a[0] + b[0], a[1] + b[1]

    def __init__(self):
        self.mean = AggregatingStateDescriptor("mean", self.Mean(), Types.PICKLED_BYTE_ARRAY())

    def on_element(self, element, timestamp, window, ctx):
        mean = ctx.get_partitioned_state(self.mean)
        mean.add(element[1])
        return TriggerResult.FIRE_AND_PURGE if mean.get() >= 5 else TriggerResult.CONTINUE

    def on_processing_time(self, time, window, ctx):
        return TriggerResult.CONTINUE

    def on_event_time(self, time, window, ctx):
        return TriggerResult.CONTINUE

    def can_merge(self):
        return True

    def on_merge(self, window, ctx):
        ctx.merge_partitioned_state(self.mean)

    def clear(self, window, ctx):
        ctx.get_partitioned_state(self.mean).clear()


def test_a_trigger_in_python_merges_aggregating_state(stream):
    fired = keyed(stream).filter(lambda v: v[1] < 13)
    windows = keyed(fired).window(SESSIONS).trigger(Averaging())
    fired = windows.reduce(lambda a, b: (a[0], a[1] + b[1]))
    # a: 0 2 4 6 8 10 have the mean 5; b: 1 3 5 7 9 the mean 5, then each record alone.
    assert collect(fired) == [("a", 12), ("a", 30), ("b", 11), ("b", 25)]


def test_a_trigger_around_one_in_python_runs_in_python(stream):
    purged = PurgingTrigger.of(Averaging())
    windows = keyed(stream).window(GlobalWindows.create()).trigger(purged)
    assert collect(windows.aggregate(Sum()))[:2] == [11, 12]


def test_all_windows_have_a_context(stream):
    class Use(ProcessAllWindowFunction):
        def process(self, context, elements):
            total = context.global_state().get_state(ValueStateDescriptor("total", Types.INT()))
            total.update((total.value() or 0) + len(list(elements)))
            yield context.window().start, total.value()

    assert collect(stream.window_all(TENS).process(Use())) == [(0, 10), (10, 20), (20, 24)]


def test_default_triggers_and_their_names(stream):
    assert isinstance(TENS.get_default_trigger(None), EventTimeTrigger)
    plan = keyed(stream).window(TENS).aggregate(Sum()).name("sums")
    assert plan.get_name() == "sums"
