"""Time to live of keyed state, with the processing time in the hands of the test.

The expectations are those of Flink's Java state: a value, an element of a list and an entry of a
map have a time of their own; what is found to be expired is removed by the access that finds it.
"""

import pickle

import pytest
from pyflink.common import Configuration, Duration, Time, Types
from pyflink.datastream.functions import AggregateFunction, KeyedProcessFunction
from pyflink.datastream.state import (
    AggregatingStateDescriptor,
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    StateTtlConfig,
    ValueStateDescriptor,
)
from pyflink.testing.harness import KeyedOneInputStreamOperatorTestHarness

LONG, STRING = Types.LONG(), Types.STRING()
ON_WRITE = StateTtlConfig.UpdateType.OnCreateAndWrite
ON_READ = StateTtlConfig.UpdateType.OnReadAndWrite
NEVER = StateTtlConfig.StateVisibility.NeverReturnExpired
RETURN = StateTtlConfig.StateVisibility.ReturnExpiredIfNotCleanedUp


class Scripted(KeyedProcessFunction):
    """A record is a key and what to do with the state; it yields what that gives."""

    def __init__(self, make, ttl):
        self.make, self.ttl = make, ttl

    def open(self, runtime_context):
        self.state = self.make(runtime_context, self.ttl)

    def process_element(self, value, ctx):
        yield value[1](self.state)


def with_ttl(descriptor, ttl):
    descriptor.enable_time_to_live(ttl)
    return descriptor


VALUE = ValueStateDescriptor("state", LONG)


def value_state(context, ttl):
    return context.get_state(with_ttl(ValueStateDescriptor("state", LONG), ttl))


def list_state(context, ttl):
    return context.get_list_state(with_ttl(ListStateDescriptor("state", LONG), ttl))


def map_state(context, ttl):
    return context.get_map_state(with_ttl(MapStateDescriptor("state", STRING, LONG), ttl))


def sum_state(context, ttl):
    descriptor = ReducingStateDescriptor("state", lambda a, b: a + b, LONG)
    return context.get_reducing_state(with_ttl(descriptor, ttl))


def total_state(context, ttl):
    class Total(AggregateFunction):
        def create_accumulator(self):
            return 0

        def add(self, value, accumulator):
            return accumulator + value

        def get_result(self, accumulator):
            return accumulator

        def merge(self, acc_a, acc_b):
            return acc_a + acc_b

    descriptor = AggregatingStateDescriptor("state", Total(), LONG)
    return context.get_aggregating_state(with_ttl(descriptor, ttl))


def builder(update=ON_WRITE, visibility=NEVER):
    return (
        StateTtlConfig.new_builder(Time.seconds(10))
        .set_update_type(update)
        .set_state_visibility(visibility)
    )


def harness_of(make, ttl, backend="hashmap"):
    configuration = Configuration()
    configuration.set_string("state.backend.type", backend)
    return KeyedOneInputStreamOperatorTestHarness(
        Scripted(make, ttl), lambda value: value[0], STRING, configuration=configuration
    )


def do(harness, act, key="k"):
    harness.get_output().clear()
    harness.process_element((key, act))
    return harness.extract_output_values()[0]


def run(make, update, visibility, backend, steps):
    """Compares each step's (time in ms, action, result)."""
    # The clean-up in the background would decide whether an expired value is still there.
    ttl = builder(update, visibility).disable_cleanup_in_background().build()
    with harness_of(make, ttl, backend) as harness:
        got = []
        for now, act, _ in steps:
            harness.set_processing_time(now)
            got.append(do(harness, act))
        assert got == [expected for _, _, expected in steps]


BACKENDS = pytest.mark.parametrize("backend", ["hashmap", "rocksdb"])


def read(state):
    return state.value()


def update(state):
    return state.update(7)


@BACKENDS
@pytest.mark.parametrize(
    "kind, visibility, steps",
    [
        # Reading does not prolong: 10 s after the write it is over, whatever was read.
        (ON_WRITE, NEVER, [(0, update, None), (9_999, read, 7), (10_000, read, None)]),
        # Writing does.
        (
            ON_WRITE,
            NEVER,
            [
                (0, update, None),
                (9_000, update, None),
                (18_999, read, 7),
                (19_000, read, None),
                (19_001, update, None),
                (19_002, read, 7),
            ],
        ),
        # Each read that finds the value gives it 10 s more.
        (
            ON_READ,
            NEVER,
            [
                (0, update, None),
                (9_000, read, 7),
                (18_000, read, 7),
                (27_999, read, 7),
                (37_998, read, 7),
                (47_998, read, None),
            ],
        ),
        # What is expired is given once more, and that access removes it.
        (
            ON_WRITE,
            RETURN,
            [(0, update, None), (9_999, read, 7), (30_000, read, 7), (30_001, read, None)],
        ),
        (
            ON_READ,
            RETURN,
            [
                (0, update, None),
                (9_000, read, 7),
                (18_000, read, 7),
                (28_000, read, 7),
                (28_001, read, None),
            ],
        ),
    ],
)
def test_value_state(kind, visibility, steps, backend):
    run(value_state, kind, visibility, backend, steps)


def add(number):
    return lambda state: state.add(number)


def elements(state):
    return list(state.get())


@BACKENDS
@pytest.mark.parametrize(
    "kind, visibility, steps",
    [
        # Each element has its own time.
        (
            ON_WRITE,
            NEVER,
            [
                (0, add(1), None),
                (6_000, add(2), None),
                (9_999, elements, [1, 2]),
                (10_000, elements, [2]),
                (15_999, elements, [2]),
                (16_000, elements, []),
            ],
        ),
        # A read prolongs the elements that it finds, and drops those that are expired.
        (
            ON_READ,
            NEVER,
            [
                (0, add(1), None),
                (6_000, add(2), None),
                (10_000, elements, [2]),
                (19_999, elements, [2]),
                (20_000, add(3), None),
                (29_998, elements, [2, 3]),
                (39_998, elements, []),
            ],
        ),
        # An element that is expired is there as long as one that is not.
        (
            ON_WRITE,
            RETURN,
            [
                (0, add(1), None),
                (6_000, add(2), None),
                (12_000, elements, [1, 2]),
                (12_001, elements, [1, 2]),
                (16_000, elements, [1, 2]),
                (16_001, elements, []),
            ],
        ),
        (
            ON_READ,
            RETURN,
            [
                (0, add(1), None),
                (6_000, add(2), None),
                (12_000, elements, [1, 2]),
                (12_001, elements, [2]),
                (30_000, elements, [2]),
                (30_001, elements, []),
            ],
        ),
        # An update gives all elements the same time.
        (
            ON_WRITE,
            NEVER,
            [
                (0, add(1), None),
                (6_000, lambda state: state.update([4, 5]), None),
                (15_999, elements, [4, 5]),
                (16_000, elements, []),
            ],
        ),
    ],
)
def test_list_state(kind, visibility, steps, backend):
    run(list_state, kind, visibility, backend, steps)


def put(name, number):
    return lambda state: state.put(name, number)


def get(name):
    return lambda state: state.get(name)


def contains(name):
    return lambda state: state.contains(name)


def entries(state):
    return sorted(state.items())


@BACKENDS
@pytest.mark.parametrize(
    "kind, visibility, steps",
    [
        # Each entry has its own time.
        (
            ON_WRITE,
            NEVER,
            [
                (0, put("a", 1), None),
                (6_000, put("b", 2), None),
                (9_999, entries, [("a", 1), ("b", 2)]),
                (10_000, entries, [("b", 2)]),
                (10_000, get("a"), None),
                (10_000, contains("a"), False),
                (10_000, contains("b"), True),
                (11_000, put("a", 3), None),
                (16_000, entries, [("a", 3)]),
                (20_999, get("a"), 3),
                (21_000, get("a"), None),
                (21_000, entries, []),
            ],
        ),
        # Reading one entry prolongs that one.
        (
            ON_READ,
            NEVER,
            [
                (0, put("a", 1), None),
                (0, put("b", 2), None),
                (0, put("c", 3), None),
                (9_000, get("a"), 1),
                (9_000, contains("b"), True),
                (10_000, entries, [("a", 1), ("b", 2)]),
                (19_000, get("a"), 1),
                (20_000, entries, [("a", 1)]),
                (30_000, entries, []),
            ],
        ),
        # What is expired is given once more, and that access removes it.
        (
            ON_WRITE,
            RETURN,
            [
                (0, put("a", 1), None),
                (0, put("b", 2), None),
                (0, put("c", 3), None),
                (10_000, get("a"), 1),
                (10_000, get("a"), None),
                (10_000, contains("b"), True),
                (10_000, contains("b"), False),
                (10_000, entries, [("c", 3)]),
                (10_001, entries, []),
            ],
        ),
    ],
)
def test_map_state(kind, visibility, steps, backend):
    run(map_state, kind, visibility, backend, steps)


@BACKENDS
@pytest.mark.parametrize("make", [sum_state, total_state])
def test_accumulating_states(make, backend):
    def result(state):
        return state.get()

    # An add is a write, also one that begins anew; the whole accumulator has one time.
    steps = [
        (0, add(1), None),
        (6_000, add(2), None),
        (15_999, result, 3),
        (16_000, result, None),
        (16_001, add(5), None),
        (16_002, result, 5),
    ]
    run(make, ON_WRITE, NEVER, backend, steps)
    steps = [(0, add(1), None), (9_000, result, 1), (18_999, result, 1), (28_999, result, None)]
    run(make, ON_READ, NEVER, backend, steps)


@BACKENDS
def test_within_one_call(backend):
    """The time of the first access of a call is not that of the whole call's key."""

    def twice(state):
        before = state.value()
        state.update(1)
        return before, state.value()

    steps = [(0, twice, (None, 1)), (9_999, twice, (1, 1)), (19_999, twice, (None, 1))]
    run(value_state, ON_WRITE, NEVER, backend, steps)


@BACKENDS
def test_a_restart_keeps_the_times(backend):
    ttl = builder().disable_cleanup_in_background().build()
    with harness_of(value_state, ttl, backend) as harness:
        do(harness, update, "a")
        harness.set_processing_time(5_000)
        do(harness, update, "b")
        snapshot = harness.snapshot()
    again = harness_of(value_state, ttl, backend)
    again.initialize_state(snapshot)
    with again:
        again.set_processing_time(12_000)
        assert [do(again, read, key) for key in "ab"] == [None, 7]
        again.set_processing_time(15_000)
        assert do(again, read, "b") is None


# -- clean-up ------------------------------------------------------------------------------------


def expired_after(ttl, backend, snapshot=False, others=0):
    """Whether a value that is expired is still there, after a restart or accesses to other keys."""
    with harness_of(value_state, ttl, backend) as harness:
        do(harness, update, "a")
        harness.set_processing_time(20_000)
        for number in range(others):
            do(harness, update, "other%d" % number)
        if not snapshot:
            return do(harness, read, "a") == 7
        taken = harness.snapshot()
    again = harness_of(value_state, ttl, backend)
    again.initialize_state(taken)
    with again:
        again.set_processing_time(20_000)
        return do(again, read, "a") == 7


def test_full_snapshots_leave_out_what_is_expired():
    def new():
        return builder(ON_WRITE, RETURN).disable_cleanup_in_background()

    assert expired_after(new().build(), "hashmap", snapshot=True)
    assert not expired_after(new().cleanup_full_snapshot().build(), "hashmap", snapshot=True)
    # RocksDB's own files are no full snapshot in this sense: they are taken as they are.
    assert expired_after(new().cleanup_full_snapshot().build(), "rocksdb", snapshot=True)


def test_incremental_clean_up():
    new = builder(ON_WRITE, RETURN)
    off = new.disable_cleanup_in_background().build()
    assert expired_after(off, "hashmap", others=20)
    # Each access looks at some entries.
    on = builder(ON_WRITE, RETURN).cleanup_incrementally(10, False).build()
    assert not expired_after(on, "hashmap", others=20)


class Cleaned(KeyedProcessFunction):
    """Records of keys that begin with x use no state."""

    def __init__(self, ttl):
        self.descriptor = with_ttl(ValueStateDescriptor("state", LONG), ttl)
        self.other_descriptor = ValueStateDescriptor("other", LONG)

    def open(self, runtime_context):
        self.state = runtime_context.get_state(self.descriptor)
        self.other = runtime_context.get_state(self.other_descriptor)

    def process_element(self, value, ctx):
        if value[0].startswith("o"):
            self.other.update(1)
        elif not value[0].startswith("x"):
            self.state.update(value[1])


@pytest.mark.parametrize("others, each, cleaned", [
    ("other", True, True), ("x", True, True), ("x", False, False)
])  # fmt: skip
def test_incremental_clean_up_for_each_record(others, each, cleaned):
    """Also records that do not touch the state with a time to live, or any state, clean it up."""
    ttl = builder(ON_WRITE, RETURN).cleanup_incrementally(10, each).build()
    harness = KeyedOneInputStreamOperatorTestHarness(Cleaned(ttl), lambda value: value[0], STRING)
    with harness:
        harness.process_element(("a", 7))
        assert harness.get_keys(VALUE) == ["a"]
        harness.set_processing_time(20_000)
        for number in range(20):
            harness.process_element(("%s%d" % (others, number), 0))
        assert harness.get_keys(VALUE) == ([] if cleaned else ["a"])


# -- the settings --------------------------------------------------------------------------------


def test_settings_are_what_they_were_set_to():
    ways = StateTtlConfig.CleanupStrategies
    plain = StateTtlConfig.new_builder(Time.hours(1)).build()
    assert plain.get_ttl() == Time.hours(1) and plain.is_enabled()
    assert plain.get_update_type() == ON_WRITE and plain.get_state_visibility() == NEVER
    assert plain.get_ttl_time_characteristic().name == "ProcessingTime"
    clean_up = plain.get_cleanup_strategies()
    assert clean_up.is_cleanup_in_background() and not clean_up.in_full_snapshot()
    incremental = clean_up.get_incremental_cleanup_strategy()
    assert incremental.get_cleanup_size() == 5 and not incremental.run_cleanup_for_every_record()
    rocksdb = clean_up.get_rocksdb_compact_filter_cleanup_strategy()
    assert rocksdb.get_query_time_after_num_entries() == 1000
    assert rocksdb.get_periodic_compaction_time() == Duration.of_days(30)
    assert isinstance(incremental, ways.IncrementalCleanupStrategy)
    assert isinstance(rocksdb, ways.RocksdbCompactFilterCleanupStrategy)

    off = StateTtlConfig.new_builder(Time.hours(1)).disable_cleanup_in_background().build()
    clean_up = off.get_cleanup_strategies()
    assert not clean_up.is_cleanup_in_background()
    assert clean_up.get_incremental_cleanup_strategy() is None
    assert clean_up.get_rocksdb_compact_filter_cleanup_strategy() is None

    disabled = StateTtlConfig.new_builder(Time.hours(1)).set_update_type(
        StateTtlConfig.UpdateType.Disabled
    )
    assert not disabled.build().is_enabled()


@pytest.mark.parametrize("age", [Time.minutes(2), Duration.of_minutes(2)])
def test_settings_reach_flink(age):
    ttl = (
        StateTtlConfig.new_builder(Time.seconds(1))
        .set_ttl(age)
        .update_ttl_on_read_and_write()
        .return_expired_if_not_cleaned_up()
        .use_processing_time()
        .cleanup_full_snapshot()
        .cleanup_incrementally(7, True)
        .cleanup_in_rocksdb_compact_filter(11, age)
        .build()
    )
    ttl = pickle.loads(pickle.dumps(ttl))
    java = ttl._to_j_state_ttl_config()
    assert java.getTimeToLive().toMillis() == 120_000
    assert java.getUpdateType().name() == "OnReadAndWrite"
    assert java.getStateVisibility().name() == "ReturnExpiredIfNotCleanedUp"
    assert java.getTtlTimeCharacteristic().name() == "ProcessingTime"
    clean_up = java.getCleanupStrategies()
    assert clean_up.inFullSnapshot() and clean_up.isCleanupInBackground()
    assert clean_up.getIncrementalCleanupStrategy().getCleanupSize() == 7
    assert clean_up.getIncrementalCleanupStrategy().runCleanupForEveryRecord()
    rocksdb = clean_up.getRocksdbCompactFilterCleanupStrategy()
    assert rocksdb.getQueryTimeAfterNumEntries() == 11
    assert rocksdb.getPeriodicCompactionTime().toMillis() == 120_000


def test_what_is_no_time_is_refused_where_it_is_given():
    for refused in (
        lambda: StateTtlConfig.new_builder(5000),
        lambda: builder().set_ttl("1 h"),
        lambda: builder().cleanup_in_rocksdb_compact_filter(1000, 60),
    ):
        with pytest.raises(TypeError, match="StateTtlConfig has to be a Time or a Duration"):
            refused()


@BACKENDS
@pytest.mark.parametrize(
    "clean_up",
    [
        lambda new: new,
        lambda new: new.cleanup_full_snapshot(),
        lambda new: new.cleanup_incrementally(5, False),
        lambda new: new.cleanup_incrementally(1, True),
        lambda new: new.cleanup_in_rocksdb_compact_filter(1),
        lambda new: new.cleanup_in_rocksdb_compact_filter(1000, Duration.of_seconds(1)),
        lambda new: new.cleanup_in_rocksdb_compact_filter(1000, Time.seconds(1)),
        lambda new: new.set_ttl(Duration.of_seconds(10)),
        lambda new: new.cleanup_full_snapshot().cleanup_incrementally(3, True)
        .cleanup_in_rocksdb_compact_filter(10),
        lambda new: new.disable_cleanup_in_background(),
    ],
)  # fmt: skip
def test_every_strategy_leaves_what_is_not_expired(clean_up, backend):
    with harness_of(map_state, clean_up(builder()).build(), backend) as harness:
        for now in range(0, 20_000, 1_000):
            harness.set_processing_time(now)
            do(harness, put("n%d" % now, now), "k%d" % (now % 3))
        for key in range(3):
            alive = [now for now in range(10_000, 20_000, 1_000) if now % 3 == key]
            assert do(harness, entries, "k%d" % key) == [("n%d" % now, now) for now in alive]
