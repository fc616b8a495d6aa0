"""Keyed state and timers: against models without a job, in jobs, after failures, used wrongly."""

import pytest
import state_model
from pyflink.common import Configuration, Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import RuntimeExecutionMode, StreamExecutionEnvironment
from pyflink.datastream.functions import (
    AggregateFunction,
    KeyedProcessFunction,
    MapFunction,
    ProcessFunction,
    ReduceFunction,
)
from pyflink.datastream.state import (
    AggregatingState,
    AggregatingStateDescriptor,
    ListState,
    ListStateDescriptor,
    MapState,
    MapStateDescriptor,
    ReducingState,
    ReducingStateDescriptor,
    StateTtlConfig,
    ValueState,
    ValueStateDescriptor,
)

LONG, STRING = Types.LONG(), Types.STRING()
PAIR = Types.TUPLE([STRING, Types.INT()])
PAIRS = [("abc"[i % 3], i) for i in range(30)]


@pytest.fixture
def env():
    return new_env()


def new_env(**options):
    config = Configuration()
    for key, value in options.items():
        config.set_string(key.replace("__", "-").replace("_", "."), value)
    env = StreamExecutionEnvironment.get_execution_environment(config)
    env.set_parallelism(1)
    return env


def collect(stream):
    with stream.execute_and_collect() as records:
        return list(records)


def keyed(env, elements=PAIRS):
    return env.from_collection(elements, PAIR).key_by(lambda v: v[0], STRING)


class Using(KeyedProcessFunction):
    """Opens one state and gives what a function makes of it for each record."""

    def __init__(self, opens, uses, on_timer=None, at_end=None):
        self.opens, self.uses, self.fires, self.at_end = opens, uses, on_timer, at_end

    def open(self, runtime_context):
        self.state = self.opens(runtime_context)

    def process_element(self, value, ctx):
        yield self.uses(self.state, value, ctx)

    def on_timer(self, timestamp, ctx):
        if self.fires is not None:
            yield self.fires(self.state, timestamp, ctx)

    def close(self):
        if self.at_end is not None:
            self.at_end(self.state)


def value_state(runtime_context, name="v", type_info=LONG):
    return runtime_context.get_state(ValueStateDescriptor(name, type_info))


# -- without a job --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed, objects", [(11, 1), (12, 30), (13, 1000), (14, 10**6)])
def test_state_is_as_in_the_model(seed, objects):
    state_model.check_state(seed, objects)


def test_state_that_is_not_kept_is_as_in_the_model():
    state_model.check_state(15, 50, kept=False, batches=15)


@pytest.mark.parametrize("limit", [1, 2, 7, 50, 1000])
def test_timers_are_as_in_the_model(limit):
    returned = sum(state_model.check_timers(seed, limit) for seed in range(4))
    assert (returned > 0) is (limit > 1)


# -- in a job -------------------------------------------------------------------------------------


def test_states_are_of_the_declared_interfaces(env):
    class Mean(AggregateFunction):
        create_accumulator = add = get_result = merge = None

    Mean.__abstractmethods__ = frozenset()

    def opens(runtime_context):
        return [
            (value_state(runtime_context), ValueState),
            (runtime_context.get_list_state(ListStateDescriptor("l", LONG)), ListState),
            (runtime_context.get_map_state(MapStateDescriptor("m", LONG, LONG)), MapState),
            (
                runtime_context.get_reducing_state(ReducingStateDescriptor("r", max, LONG)),
                ReducingState,
            ),
            (
                runtime_context.get_aggregating_state(
                    AggregatingStateDescriptor("a", Mean(), LONG)
                ),
                AggregatingState,
            ),
            (value_state(runtime_context) is value_state(runtime_context), bool),
        ]

    def uses(states, value, ctx):
        return [isinstance(state, kind) for state, kind in states] + [states[-1][0]]

    out = collect(keyed(env, PAIRS[:1]).process(Using(opens, uses)))
    assert out == [[True] * 7]


def test_the_cache_may_be_small(env):
    env = new_env(python_state_cache__size="2")

    def uses(state, value, ctx):
        state.update((state.value() or 0) + value[1])
        return value[0], state.value()

    pairs = [("k%d" % (i % 50), i) for i in range(500)]
    out = collect(keyed(env, pairs).process(Using(value_state, uses)))
    sums = {}
    for key, number in pairs:
        sums[key] = sums.get(key, 0) + number
    assert dict(out) == sums


@pytest.mark.parametrize("backend", ["hashmap", "rocksdb"])
def test_a_map_of_many_entries(backend):
    env = new_env(state_backend_type=backend)
    count = 30_000

    def opens(runtime_context):
        return runtime_context.get_map_state(MapStateDescriptor("m", LONG, STRING))

    def uses(state, value, ctx):
        for i in range(count):
            state.put(i, "v%d" % i)
        for i in range(0, count, 3):
            state.remove(i)
        first = next(iter(state))
        return first % 3 > 0, len(list(state.keys())), state.get(4), state.contains(3)

    out = collect(keyed(env, PAIRS[:1]).process(Using(opens, uses)))
    assert out == [(True, count - count // 3, "v4", False)]


def test_state_in_a_reduce_function(env):
    class Sum(ReduceFunction):
        def open(self, runtime_context):
            self.calls = value_state(runtime_context, "calls")

        def reduce(self, value1, value2):
            self.calls.update((self.calls.value() or 0) + 1)
            return value1[0], value1[1] + value2[1] + 1000 * self.calls.value()

    out = collect(keyed(env, [("a", 1), ("b", 2), ("a", 3), ("a", 4)]).reduce(Sum()))
    assert sorted(out) == [("a", 1), ("a", 1004), ("a", 3008), ("b", 2)]


def test_expired_state_is_gone(env):
    def opens(runtime_context):
        descriptor = ValueStateDescriptor("v", LONG)
        descriptor.enable_time_to_live(StateTtlConfig.new_builder(Time.milliseconds(1)).build())
        return runtime_context.get_state(descriptor)

    def uses(state, value, ctx):
        import time

        state.update(value[1])
        time.sleep(0.01)
        return state.value()

    assert collect(keyed(env, PAIRS[:3]).process(Using(opens, uses))) == [None] * 3


class ByNumber(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


BY_NUMBER = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(ByNumber())


@pytest.mark.parametrize("mode", [RuntimeExecutionMode.STREAMING, RuntimeExecutionMode.BATCH])
def test_batch_mode_gives_the_same(env, mode):
    env.set_runtime_mode(mode)

    def opens(runtime_context):
        return (
            value_state(runtime_context, "count"),
            runtime_context.get_list_state(ListStateDescriptor("list", LONG)),
            runtime_context.get_map_state(MapStateDescriptor("map", LONG, LONG)),
        )

    def uses(states, value, ctx):
        count, elements, entries = states
        count.update((count.value() or 0) + 1)
        elements.add(value[1])
        entries.put(value[1] % 2, value[1])
        ctx.timer_service().register_event_time_timer(1000)
        ctx.timer_service().register_event_time_timer(2000)
        return None

    def fires(states, timestamp, ctx):
        count, elements, entries = states
        if timestamp == 1000:
            ctx.timer_service().register_event_time_timer(1500)
            ctx.timer_service().delete_event_time_timer(2000)
        count.update(count.value() + 100)
        return (
            ctx.get_current_key(),
            timestamp,
            count.value(),
            sorted(elements.get()),
            sorted(entries.items()),
        )

    pairs = [("k%02d" % (i % 40), i) for i in range(400)]
    stream = env.from_collection(pairs, PAIR).assign_timestamps_and_watermarks(BY_NUMBER)
    out = collect(
        stream.key_by(lambda v: v[0], STRING).process(Using(opens, uses, fires)).filter(
            lambda v: v is not None
        )
    )
    # In batch mode Flink ignores timers that on_timer registers: the end of time has come.
    fired = [(1, 1000)] if mode is RuntimeExecutionMode.BATCH else [(1, 1000), (2, 1500)]
    assert sorted(out) == sorted(
        (
            "k%02d" % key,
            time,
            10 + 100 * number,
            list(range(key, 400, 40)),
            [(key % 2, key + 360)],
        )
        for key in range(40)
        for number, time in fired
    )


def test_a_million_timers(env):
    def uses(state, value, ctx):
        for time in range(value[1], 1_000_000, 10):
            ctx.timer_service().register_event_time_timer(time)
        return 0

    def fires(state, timestamp, ctx):
        state.update((state.value() or 0) + 1)
        return state.value() if timestamp >= 999_990 else 0

    stream = env.from_collection([("k%d" % i, i) for i in range(10)], PAIR)
    out = collect(
        stream.key_by(lambda v: v[0])
        .process(Using(value_state, uses, fires), LONG)
        .filter(lambda n: n > 0)
    )
    assert out == [100_000] * 10


# -- used wrongly ---------------------------------------------------------------------------------


def fails(stream, text):
    with pytest.raises(Exception, match=text) as caught:
        collect(stream)
    return caught.value


def test_state_in_open_is_an_error(env):
    fails(
        keyed(env).process(Using(lambda rc: value_state(rc).value(), None)),
        "there is no current key: state and the key can only be used while",
    )


def test_state_in_close_is_an_error(env):
    fails(
        keyed(env).process(
            Using(value_state, lambda s, v, c: s.update(1), at_end=lambda s: s.value())
        ),
        "there is no current key",
    )


def test_state_without_keys_is_an_error(env):
    class Stateful(MapFunction):
        def open(self, runtime_context):
            runtime_context.get_state(ValueStateDescriptor("v", LONG))

        def map(self, value):
            return value

    stream = env.from_collection([1], LONG)
    named = stream.map(Stateful()).name("numbering")
    fails(named, r"numbering.*get_state\(\) needs a keyed stream")
    # The second function of a chain reads no keyed stream, whatever the first one reads.
    fails(keyed(env).map(lambda v: v[1]).map(Stateful()), r"get_state\(\) needs a keyed stream")


def test_timers_without_keys_are_an_error(env):
    class Timed(ProcessFunction):
        def process_element(self, value, ctx):
            ctx.timer_service().register_event_time_timer(5)

    fails(env.from_collection([1], LONG).process(Timed()), "timers need a keyed stream")
    fails(
        keyed(env).process(Using(value_state, lambda s, v, c: 1), LONG).process(Timed()),
        "timers need a keyed stream",
    )


def test_a_value_of_another_type_names_the_state(env):
    fails(
        keyed(env).process(Using(value_state, lambda s, v, c: s.update("text"))),
        "state 'v': the declared type is LONG, found str 'text'",
    )


def test_a_value_that_cannot_be_pickled_names_the_state(env):
    def opens(runtime_context):
        return value_state(runtime_context, "locks", Types.PICKLED_BYTE_ARRAY())

    def uses(state, value, ctx):
        import threading

        state.update(threading.Lock())

    env = new_env(python_state_cache__size="1")
    error = fails(keyed(env).process(Using(opens, uses)), "state 'locks'")
    assert "cannot pickle" in str(error)


def test_one_name_for_two_kinds_of_state_is_an_error(env):
    def opens(runtime_context):
        value_state(runtime_context, "twice")
        return runtime_context.get_list_state(ListStateDescriptor("twice", LONG))

    fails(keyed(env).process(Using(opens, None)), "'twice' is a ValueState in this operator")


def test_errors_of_on_timer_name_the_timer(env):
    def uses(state, value, ctx):
        ctx.timer_service().register_event_time_timer(77)

    def fires(state, timestamp, ctx):
        raise ValueError("in the timer")

    error = fails(keyed(env).process(Using(value_state, uses, fires)), "in the timer")
    assert "timer for event time 77 of key" in str(error)


@pytest.mark.parametrize("time", ["soon", 1.5, None, 2**63])
def test_times_are_ints(env, time):
    fails(
        keyed(env).process(
            Using(value_state, lambda s, v, c: c.timer_service().register_event_time_timer(time))
        ),
        "int",
    )


def test_process_needs_a_keyed_process_function(env):
    class Plain(ProcessFunction):
        def process_element(self, value, ctx):
            yield value

    with pytest.raises(TypeError, match="needs a KeyedProcessFunction, not Plain"):
        keyed(env).process(Plain())
