"""The test harness: what a test pushes and reads, for each kind of function, and its errors."""

import gc
import threading

import pytest
from pyflink.common import Configuration, Time, Types
from pyflink.datastream import OutputTag
from pyflink.datastream.functions import (
    AggregateFunction,
    CoFlatMapFunction,
    CoMapFunction,
    CoProcessFunction,
    FilterFunction,
    FlatMapFunction,
    KeyedCoProcessFunction,
    KeyedProcessFunction,
    MapFunction,
    ProcessFunction,
    ReduceFunction,
    RuntimeContext,
)
from pyflink.datastream.state import (
    AggregatingStateDescriptor,
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    StateTtlConfig,
    ValueStateDescriptor,
)
from pyflink.java_gateway import get_gateway
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

STRING, LONG, INT = Types.STRING(), Types.LONG(), Types.INT()
PAIR = Types.TUPLE([STRING, LONG])
COUNT = ValueStateDescriptor("count", LONG)
LATE = OutputTag("late", STRING)


class Double(MapFunction):
    def __init__(self, factor=2):
        self.factor = factor
        self.opened = self.closed = 0

    def open(self, runtime_context):
        assert isinstance(runtime_context, RuntimeContext)
        self.opened += 1
        self.place = (
            runtime_context.get_index_of_this_subtask(),
            runtime_context.get_number_of_parallel_subtasks(),
            runtime_context.get_max_number_of_parallel_subtasks(),
        )

    def map(self, value):
        return value * self.factor

    def close(self):
        self.closed += 1


class Words(FlatMapFunction):
    def flat_map(self, value):
        yield from value.split()


class Long(FilterFunction):
    def filter(self, value):
        return len(value) > 2


class Sum(ReduceFunction):
    def reduce(self, value1, value2):
        return value1[0], value1[1] + value2[1]


class Counter(KeyedProcessFunction):
    """Counts, with a timer of each kind for each record."""

    def open(self, runtime_context):
        self.count = runtime_context.get_state(COUNT)

    def process_element(self, value, ctx):
        if value[1] < 0:
            yield LATE, value[0]
            raise LookupError("negative: %d" % value[1])
        count = (self.count.value() or 0) + 1
        self.count.update(count)
        timers = ctx.timer_service()
        if ctx.timestamp() is not None:
            timers.register_event_time_timer(ctx.timestamp() + 10)
        timers.register_processing_time_timer(timers.current_processing_time() + 5)
        yield value[0], count

    def on_timer(self, timestamp, ctx):
        domain = str(ctx.time_domain()).rpartition(".")[2]
        yield "%s %s at %d" % (domain, ctx.get_current_key(), timestamp), -1


def counter(**options):
    return ProcessFunctionTestHarnesses.for_keyed_process_function(
        Counter(), lambda value: value[0], STRING, PAIR, PAIR, **options
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


class AllStates(KeyedProcessFunction):
    LIST = ListStateDescriptor("list", STRING)
    MAP = MapStateDescriptor("map", STRING, LONG)
    REDUCING = ReducingStateDescriptor("reducing", lambda a, b: a + b, LONG)

    class Mean(AggregateFunction):
        def create_accumulator(self):
            return 0, 0

        def add(self, value, accumulator):
            return accumulator[0] + value, accumulator[1] + 1

        def get_result(self, accumulator):
            return accumulator[0] / accumulator[1]

        def merge(self, acc_a, acc_b):
            return acc_a[0] + acc_b[0], acc_a[1] + acc_b[1]

    MEAN = AggregatingStateDescriptor("mean", Mean(), Types.TUPLE([LONG, LONG]))

    def open(self, runtime_context):
        self.count = runtime_context.get_state(COUNT)
        self.list = runtime_context.get_list_state(self.LIST)
        self.map = runtime_context.get_map_state(self.MAP)
        self.reducing = runtime_context.get_reducing_state(self.REDUCING)
        self.mean = runtime_context.get_aggregating_state(self.MEAN)

    def process_element(self, value, ctx):
        key, number = value
        self.count.update(number)
        self.list.add("%s%d" % value)
        self.map.put(str(number), number)
        self.reducing.add(number)
        self.mean.add(number)
        yield self.count.value()


@pytest.mark.parametrize("backend", ["hashmap", "rocksdb"])
@pytest.mark.parametrize("key_type", [STRING, None])
def test_every_kind_of_state(backend, key_type):
    configuration = Configuration()
    configuration.set_string("state.backend.type", backend)
    harness = ProcessFunctionTestHarnesses.for_keyed_process_function(
        AllStates(), lambda value: value[0], key_type, PAIR, configuration=configuration
    )
    with harness:
        harness.process_elements([("a", 1), ("b", 7), ("a", 3)])
        assert harness.get_state(COUNT, "a").value() == 3
        assert harness.get_state(COUNT, "none").value() is None
        a_list, b_list = (harness.get_state(AllStates.LIST, key) for key in "ab")
        assert list(a_list.get()) == ["a1", "a3"] == list(a_list)
        assert list(b_list.get()) == ["b7"]
        a_map = harness.get_state(AllStates.MAP, "a")
        assert dict(a_map.items()) == {"1": 1, "3": 3}
        assert "1" in a_map and "7" not in a_map and a_map["3"] == 3
        assert harness.get_state(AllStates.REDUCING, "a").get() == 4
        assert harness.get_state(AllStates.MEAN, "a").get() == 2.0
        for descriptor in (COUNT, AllStates.LIST, AllStates.MAP, AllStates.MEAN):
            assert sorted(harness.get_keys(descriptor)) == ["a", "b"]
        # A test may change state, too.
        harness.get_state(COUNT, "c").update(5)
        a_map.put("9", 9)
        del a_map["1"]
        b_list.clear()
        assert sorted(harness.get_keys(COUNT)) == ["a", "b", "c"]
        assert harness.get_keys(AllStates.LIST) == ["a"]
        harness.process_element(("b", 8))
        assert list(b_list) == ["b8"]
        snapshot = harness.snapshot()
    again = ProcessFunctionTestHarnesses.for_keyed_process_function(
        AllStates(), lambda value: value[0], key_type, PAIR, configuration=configuration
    )
    again.initialize_state(snapshot)
    with again:
        assert again.get_state(COUNT, "c").value() == 5
        assert dict(again.get_state(AllStates.MAP, "a").items()) == {"3": 3, "9": 9}
        assert list(again.get_state(AllStates.LIST, "b")) == ["b8"]
        assert again.get_state(AllStates.REDUCING, "b").get() == 15


def test_time_to_live_follows_processing_time():
    class Fading(KeyedProcessFunction):
        def open(self, runtime_context):
            descriptor = ValueStateDescriptor("fading", LONG)
            descriptor.enable_time_to_live(StateTtlConfig.new_builder(Time.seconds(10)).build())
            self.state = runtime_context.get_state(descriptor)

        def process_element(self, value, ctx):
            yield self.state.value()
            self.state.update(value)

    harness = KeyedOneInputStreamOperatorTestHarness(Fading(), lambda value: 0, INT, LONG)
    with harness:
        harness.process_element(1)
        harness.set_processing_time(9_000)
        harness.process_element(2)
        harness.set_processing_time(18_000)
        harness.process_element(3)
        harness.set_processing_time(30_000)
        harness.process_element(4)
        assert harness.extract_output_values() == [None, 1, 2, None]


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


class CoDouble(CoMapFunction):
    def map1(self, value):
        return "1", value

    def map2(self, value):
        return "2", value if value != 0 else None


class CoWords(CoFlatMapFunction):
    def flat_map1(self, value):
        yield from value.split()

    def flat_map2(self, value):
        return [value, value]


class CoTimes(CoProcessFunction):
    def process_element1(self, value, ctx):
        yield "1", ctx.timestamp(), ctx.timer_service().current_watermark()

    def process_element2(self, value, ctx):
        yield "2", ctx.timestamp(), ctx.timer_service().current_watermark()
        yield LATE, value


class Meet(KeyedCoProcessFunction):
    def open(self, runtime_context):
        self.count = runtime_context.get_state(COUNT)

    def process_element1(self, value, ctx):
        self.count.update(value[1])
        ctx.timer_service().register_event_time_timer(value[1])

    def process_element2(self, value, ctx):
        yield ctx.get_current_key(), self.count.value()

    def on_timer(self, timestamp, ctx):
        yield "timer " + ctx.get_current_key(), timestamp


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


# -- snapshots ---------------------------------------------------------------------------------


def test_snapshot_holds_state_and_timers():
    harness = counter()
    with harness:
        harness.process_elements([StreamRecord(("a", 1), 1), StreamRecord(("b", 1), 2)])
        snapshot = harness.snapshot()
        harness.process_element(("a", 1), 3)
        assert snapshot.parallelism == 1 and snapshot.subtask_index == 0 and snapshot.size > 0
        assert repr(snapshot).startswith("OperatorSnapshot(subtask_index=0, parallelism=1, size=")
    for _ in range(2):
        again = counter()
        again.initialize_state(snapshot)
        with again:
            assert again.event_time_timers() == [Timer(11, "a"), Timer(12, "b")]
            again.process_element(("a", 1), 5)
            assert again.extract_output_values() == [("a", 2)]
            assert again.get_state(COUNT, "b").value() == 1


def test_state_moves_with_the_keys_when_the_parallelism_changes():
    keys = ["k%d" % i for i in range(60)]
    one = counter()
    with one:
        one.process_elements([StreamRecord((key, 1), 1) for key in keys])
        snapshot = one.snapshot()
    parts, snapshots = [], []
    for index in range(3):
        harness = counter(parallelism=3, subtask_index=index)
        harness.initialize_state(snapshot)
        with harness:
            mine = harness.get_keys(COUNT)
            assert sorted(timer.key for timer in harness.event_time_timers()) == sorted(mine)
            for key in mine:
                harness.process_element((key, 1), 2)
            other = next(key for key in keys if key not in mine)
            with pytest.raises(ValueError, match="and this is subtask %d of 3" % index):
                harness.process_element((other, 1), 2)
            parts.append(set(mine))
            snapshots.append(harness.snapshot())
    assert set.union(*parts) == set(keys) and sum(map(len, parts)) == len(keys)
    assert all(parts)
    two = counter(parallelism=2, subtask_index=1)
    two.initialize_state(snapshots)
    with two:
        mine = two.get_keys(COUNT)
        assert 0 < len(mine) < len(keys)
        assert {two.get_state(COUNT, key).value() for key in mine} == {2}
    with pytest.raises(ValueError, match="snapshot of subtask 1 of 3 is missing"):
        counter().initialize_state(snapshots[0], snapshots[2])
    with pytest.raises(ValueError, match="max_parallelism 128, and this harness has 64"):
        counter(max_parallelism=64).initialize_state(snapshot)
    with pytest.raises(ValueError, match="the snapshot is of the operators"):
        OneInputStreamOperatorTestHarness(Double()).initialize_state(snapshot)
    same = counter(parallelism=3, subtask_index=1)
    same.initialize_state(snapshots[1])
    with same:
        assert set(same.get_keys(COUNT)) == parts[1]


# -- errors ------------------------------------------------------------------------------------


def test_the_functions_own_exceptions_come_as_they_are():
    harness = counter()
    with harness:
        with pytest.raises(LookupError, match="negative: -1") as caught:
            harness.process_element(("a", -1), 1)
        assert type(caught.value) is LookupError
        assert caught.traceback[-1].name == "process_element"
        assert harness.get_side_output(LATE) == [StreamRecord("a", 1)]
        harness.process_element(("a", 1), 1)
        assert harness.extract_output_values() == [("a", 1)]


class Broken(KeyedProcessFunction):
    def __init__(self, where):
        self.where = where

    def open(self, runtime_context):
        self.fail("open")

    def process_element(self, value, ctx):
        ctx.timer_service().register_event_time_timer(10)
        ctx.timer_service().register_processing_time_timer(10)
        self.fail("process_element")

    def on_timer(self, timestamp, ctx):
        self.fail("on_timer")

    def close(self):
        self.fail("close")

    def fail(self, where):
        if where == self.where:
            raise ZeroDivisionError(where)


def broken(where):
    return KeyedOneInputStreamOperatorTestHarness(Broken(where), lambda value: value, STRING)


def test_exceptions_from_everywhere():
    harness = broken("open")
    with pytest.raises(ZeroDivisionError, match="^open$"):
        harness.open()
    with pytest.raises(RuntimeError, match="closed: it could not be opened"):
        harness.process_element("a")
    for where, act in [
        ("process_element", lambda h: h.process_element("a")),
        ("on_timer", lambda h: h.process_watermark(10)),
        ("on_timer", lambda h: h.set_processing_time(10)),
    ]:
        harness = broken(where)
        with harness:
            if where == "on_timer":
                harness.process_element("a")
            with pytest.raises(ZeroDivisionError, match=where):
                act(harness)
    with pytest.raises(ZeroDivisionError, match="close"), broken("close"):
        pass
    # The failure of the test itself is what counts.
    with pytest.raises(AssertionError, match="mine"), broken("close"):
        raise AssertionError("mine")


def test_values_that_do_not_fit():
    harness = OneInputStreamOperatorTestHarness(lambda s: s.map(lambda v: v, LONG), None)
    with harness, pytest.raises(TypeError, match="operator 'Map'.*BIGINT|operator 'Map'.*LONG"):
        harness.process_element("x")
    harness = OneInputStreamOperatorTestHarness(Double(), LONG)
    with harness, pytest.raises(TypeError, match="LONG"):
        harness.process_element("x")

    class WrongSide(ProcessFunction):
        def process_element(self, value, ctx):
            yield LATE, value

    harness = OneInputStreamOperatorTestHarness(WrongSide())
    with harness, pytest.raises(TypeError, match="operator 'PROCESS', side output 'late'"):
        harness.process_element(5)
    harness = KeyedOneInputStreamOperatorTestHarness(Counter(), lambda v: v[1], STRING, PAIR)
    with harness, pytest.raises(TypeError, match="key"):
        harness.process_element(("a", 1))


def test_what_cannot_be_shipped_is_refused():
    lock = threading.Lock()
    with pytest.raises(TypeError, match="lock"):
        OneInputStreamOperatorTestHarness(lambda s: s.map(lambda v: lock))


def test_wrong_use():
    harness = counter()
    for act in [
        lambda: harness.process_element(("a", 1)),
        lambda: harness.process_watermark(1),
        lambda: harness.snapshot(),
        lambda: harness.num_event_time_timers(),
        lambda: harness.get_state(COUNT, "a"),
    ]:
        with pytest.raises(RuntimeError, match="not opened yet"):
            act()
    with harness:
        with pytest.raises(RuntimeError, match="opened once"):
            harness.open()
        with pytest.raises(RuntimeError, match="before the harness is opened"):
            harness.initialize_state(harness.snapshot())
        harness.process_watermark(5)
        with pytest.raises(ValueError, match="watermark 4 is before the last one, 5"):
            harness.process_watermark(4)
        with pytest.raises(TypeError, match="a watermark is an int"):
            harness.process_watermark(4.0)
        harness.set_processing_time(5)
        with pytest.raises(ValueError, match="processing time 4 is before the present one, 5"):
            harness.set_processing_time(4)
        with pytest.raises(TypeError, match="timestamp of its own"):
            harness.process_element(StreamRecord(("a", 1), 1), 2)
        with pytest.raises(KeyError, match="no function has opened a state 'none'; there are: co"):
            harness.get_state(ValueStateDescriptor("none", LONG), "a")
        with pytest.raises(ValueError, match="'count' is a ValueState"):
            harness.get_state(ListStateDescriptor("count", LONG), "a")
        with pytest.raises(TypeError, match="by its descriptor.*not by a str"):
            harness.get_state("count", "a")
        with pytest.raises(TypeError, match="key"):
            harness.get_state(COUNT, 7)
        with pytest.raises(TypeError, match="needs an OutputTag, not a str"):
            harness.get_side_output("late")
        state = harness.get_state(COUNT, "a")
        errors = []

        def elsewhere():
            try:
                harness.process_element(("a", 1))
            except RuntimeError as error:
                errors.append(str(error))

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert errors == ["a harness belongs to the thread that opened it"]
    harness.close()
    with pytest.raises(RuntimeError, match="the harness is closed"):
        harness.process_element(("a", 1))
    with pytest.raises(RuntimeError, match="the harness is closed"):
        state.value()
    with pytest.raises(RuntimeError, match="opened once"), harness:
        pass


def test_wrong_operators():
    one, keyed = OneInputStreamOperatorTestHarness, KeyedOneInputStreamOperatorTestHarness
    for make, message in [
        (lambda: one(Counter()), "use KeyedOneInputStreamOperatorTestHarness"),
        (lambda: one(CoDouble()), "use TwoInputStreamOperatorTestHarness or KeyedTwoInput"),
        (lambda: one(AllStates.Mean()), "does not say by itself which operator runs it"),
        (lambda: one(5), "function object or a callable"),
        (lambda: one(Long(), None, STRING), "leave output_type out"),
        (lambda: one(lambda s: s.map(len), None, STRING), "give it to the operator itself"),
        (lambda: one(lambda s: 5), "a DataStream, not a int"),
        (lambda: keyed(Double(), 5), "KeySelector or a callable"),
    ]:
        with pytest.raises(TypeError, match=message):
            make()
    with pytest.raises(ValueError, match="0 <= 2 < 2 <= 128"):
        counter(parallelism=2, subtask_index=2)
    batch = Configuration()
    batch.set_string("execution.runtime-mode", "BATCH")
    with pytest.raises(ValueError, match="runs in streaming mode"):
        counter(configuration=batch)
    with pytest.raises(ValueError, match="a source of its own"):
        one(lambda s: s.union(s.get_execution_environment().from_collection([b""])))


# -- cost --------------------------------------------------------------------------------------


def test_harnesses_leave_nothing_behind():
    jvm = get_gateway().jvm
    runtime = jvm.java.lang.Runtime.getRuntime()

    def run(count):
        for _ in range(count):
            harness = counter()
            with harness:
                harness.process_element(("a", 1), 1)
                assert harness.extract_output_values() == [("a", 1)]

    def measure():
        gc.collect()
        jvm.java.lang.System.gc()
        used = runtime.totalMemory() - runtime.freeMemory()
        counters = sum(type(o).__name__ == "Counter" for o in gc.get_objects())
        threads = sum(
            not t.getName().startswith(("Reference", "Finalizer", "Common-Cleaner"))
            for t in jvm.java.lang.Thread.getAllStackTraces().keySet()
        )
        return used, counters, threads

    run(50)
    before = measure()
    run(1000)
    after = measure()
    assert after[0] - before[0] < 16 << 20
    assert after[1] <= before[1] + 2
    assert after[2] <= before[2] + 2
