"""The test harness: state, snapshots, errors, and what it costs."""

import gc
import threading

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
    Counter,
    Double,
    Long,
    counter,
)
from pyflink.common import Configuration, Time
from pyflink.datastream.functions import (
    KeyedProcessFunction,
    ProcessFunction,
)
from pyflink.datastream.state import (
    ListStateDescriptor,
    StateTtlConfig,
    ValueStateDescriptor,
)
from pyflink.java_gateway import get_gateway
from pyflink.testing.harness import (
    KeyedOneInputStreamOperatorTestHarness,
    OneInputStreamOperatorTestHarness,
    ProcessFunctionTestHarnesses,
    StreamRecord,
    Timer,
)

# -- state -------------------------------------------------------------------------------------


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
