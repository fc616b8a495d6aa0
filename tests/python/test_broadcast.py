"""Broadcast streams: what is refused and how it is said, and what the peer has not."""

import time

import pytest
from pyflink.common import Configuration, Types
from pyflink.common.typeinfo import TupleTypeInfo
from pyflink.datastream import (
    BroadcastProcessFunction,
    KeyedBroadcastProcessFunction,
    MapFunction,
    ProcessFunction,
    RuntimeExecutionMode,
    StreamExecutionEnvironment,
)
from pyflink.datastream.state import (
    AggregatingStateDescriptor,
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    ValueStateDescriptor,
)
from pyflink.util.exceptions import JobExecutionError

RULES = MapStateDescriptor("rules", Types.STRING(), Types.INT())


@pytest.fixture
def env():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    return env


def collect(stream):
    with stream.execute_and_collect() as records:
        return list(records)


class Using(BroadcastProcessFunction):
    """Calls one function for a record of the stream and one for a broadcast record."""

    def __init__(self, element=None, broadcast=None, opens=None):
        self.element = element
        self.broadcast = broadcast
        self.opens = opens

    def open(self, runtime_context):
        if self.opens is not None:
            self.opens(runtime_context)

    def process_element(self, value, ctx):
        return self.element and self.element(value, ctx)

    def process_broadcast_element(self, value, ctx):
        return self.broadcast and self.broadcast(value, ctx)


class UsingByKey(KeyedBroadcastProcessFunction):
    __init__, open = Using.__init__, Using.open
    process_element = Using.process_element
    process_broadcast_element = Using.process_broadcast_element


def run(env, mode=RuntimeExecutionMode.BATCH, keyed=False, **functions):
    env.set_runtime_mode(mode)
    elements = env.from_collection([1, 2, 3], Types.INT())
    rules = env.from_collection(["a", "bb"], Types.STRING()).broadcast(RULES)
    if keyed:
        elements = elements.key_by(lambda n: n % 2, Types.INT())
    function = (UsingByKey if keyed else Using)(**functions)
    return collect(elements.connect(rules).process(function))


def test_the_read_only_side_cannot_write(env):
    writes = [
        lambda state: state.put("a", 1),
        lambda state: state.put_all({"a": 1}),
        lambda state: state.remove("a"),
        lambda state: state.clear(),
        lambda state: state.__setitem__("a", 1),
        lambda state: state.__delitem__("a"),
    ]

    def element(value, ctx):
        for write in writes:
            try:
                write(ctx.get_broadcast_state(RULES))
            except (AttributeError, TypeError) as error:
                yield str(error)

    found = run(env, element=element)
    assert len(found) == 3 * len(writes)
    for text in found:
        assert "broadcast state 'rules'" in text and "process_broadcast_element()" in text


def test_state_outlives_no_record(env):
    kept = []

    def broadcast(value, ctx):
        kept.append(ctx.get_broadcast_state(RULES))
        kept[0].put(value, len(value))

    def later(runtime_context):
        runtime_context.get_state(ValueStateDescriptor("v", Types.INT())).value()

    assert run(env, broadcast=broadcast) == []
    with pytest.raises(JobExecutionError, match="no current key"):
        run(env, keyed=True, opens=later)
    with pytest.raises(JobExecutionError, match="needs a keyed stream"):
        run(env, opens=later)


def test_wrong_values_and_descriptors(env):
    state = lambda ctx: ctx.get_broadcast_state(RULES)  # noqa: E731
    for broadcast, text in (
        (lambda value, ctx: state(ctx).put(value, "one"), "state 'rules'.*INT"),
        (lambda value, ctx: state(ctx).put(1, 1), "state 'rules'.*STRING"),
        (lambda value, ctx: state(ctx).put(value, 2**40), "state 'rules'"),
        (lambda value, ctx: ctx.get_broadcast_state("rules"), "needs a MapStateDescriptor"),
        (
            lambda value, ctx: ctx.get_broadcast_state(ValueStateDescriptor("rules", Types.INT())),
            "needs a MapStateDescriptor",
        ),
    ):
        with pytest.raises(JobExecutionError, match=text):
            run(env, broadcast=broadcast)


def test_the_error_names_the_input(env):
    def fails(value, ctx):
        raise ValueError("no")

    with pytest.raises(JobExecutionError, match="Co-Process-Broadcast") as error:
        run(env, broadcast=fails)
    assert "input 2" in str(error.value)
    with pytest.raises(JobExecutionError) as error:
        run(env, keyed=True, element=fails)
    assert "input 1" in str(error.value) and "Keyed-Co-Process-Broadcast" in str(error.value)


def test_what_is_refused_when_the_graph_is_built(env):
    numbers = env.from_collection([1], Types.INT())
    broadcast = numbers.broadcast(RULES)
    keyed = numbers.key_by(lambda n: n)
    with pytest.raises(TypeError, match="broadcast\\(\\) takes MapStateDescriptors"):
        numbers.broadcast(ValueStateDescriptor("v", Types.INT()))
    with pytest.raises(TypeError, match="broadcast\\(\\) takes MapStateDescriptors"):
        numbers.broadcast(RULES, "more")
    with pytest.raises(TypeError, match="keyed stream.*needs a KeyedBroadcastProcessFunction"):
        keyed.connect(broadcast).process(Using())
    with pytest.raises(TypeError, match="unkeyed stream.*needs a BroadcastProcessFunction"):
        numbers.connect(broadcast).process(UsingByKey())
    with pytest.raises(TypeError, match="needs a BroadcastProcessFunction, not function"):
        numbers.connect(broadcast).process(lambda value, ctx: [value])
    with pytest.raises(TypeError, match="needs a BroadcastProcessFunction"):
        numbers.connect(broadcast).process(type("P", (ProcessFunction,), {
            "process_element": lambda self, value, ctx: None})())  # fmt: skip


class Add:
    @staticmethod
    def make():
        from pyflink.datastream import AggregateFunction

        class Sum(AggregateFunction):
            def create_accumulator(self):
                return 0

            def add(self, value, accumulator):
                return accumulator + value

            def get_result(self, accumulator):
                return accumulator

            def merge(self, a, b):
                return a + b

        return Sum()


COUNT = 1200


class Awaits(MapFunction):
    """Holds a record back until a file is there."""

    def __init__(self, path):
        self.path = path

    def map(self, value):
        end = time.monotonic() + 60
        while not self.path.exists() and time.monotonic() < end:
            time.sleep(0.01)
        return value


class EveryKey(KeyedBroadcastProcessFunction):
    """Timers see what the broadcast record, which comes last, made of the states of all keys."""

    def __init__(self, path):
        self.path = path
        self.left = COUNT

    def open(self, runtime_context):
        get = runtime_context
        self.value = ValueStateDescriptor("value", Types.INT())
        self.list = ListStateDescriptor("list", Types.INT())
        self.map = MapStateDescriptor("map", Types.STRING(), Types.INT())
        self.max = ReducingStateDescriptor("max", max, Types.INT())
        self.sum = AggregatingStateDescriptor("sum", Add.make(), Types.INT())
        self.states = (
            get.get_state(self.value),
            get.get_list_state(self.list),
            get.get_map_state(self.map),
            get.get_reducing_state(self.max),
            get.get_aggregating_state(self.sum),
        )

    def process_element(self, value, ctx):
        number = value[1]
        one, many, named, greatest, total = self.states
        if number % 3:  # some keys have no such state
            one.update(number)
        many.add(number)
        named.put(str(number), number)
        greatest.add(number)
        total.add(number)
        ctx.timer_service().register_event_time_timer(1)
        self.left -= 1
        if self.left == 0:
            self.path.touch()

    def process_broadcast_element(self, value, ctx):
        found = []
        ctx.apply_to_keyed_state(self.value, lambda key, state: found.append(key))
        ctx.apply_to_keyed_state(self.value, lambda key, state: state.update(-state.value()))
        ctx.apply_to_keyed_state(self.list, lambda key, state: state.add(1000))
        ctx.apply_to_keyed_state(self.map, lambda key, state: state.put("applied", 1))
        ctx.apply_to_keyed_state(self.max, lambda key, state: state.add(500))
        ctx.apply_to_keyed_state(self.sum, lambda key, state: state.clear())
        yield "keys", sorted(found)

    def on_timer(self, timestamp, ctx):
        one, many, named, greatest, total = self.states
        yield (
            ctx.get_current_key(),
            one.value(),
            list(many.get()),
            dict(named.items()),
            greatest.get(),
            total.get(),
        )


@pytest.mark.parametrize("backend", ["hashmap", "rocksdb"])
@pytest.mark.parametrize("key_type", [Types.STRING(), Types.TUPLE([Types.STRING()]), None])
def test_apply_to_keyed_state(tmp_path, backend, key_type):
    config = Configuration()
    config.set_string("state.backend.type", backend)
    # Most keys are in the backend only when all are visited.
    config.set_string("python.state.cache-size", "50")
    env = StreamExecutionEnvironment.get_execution_environment(config)
    env.set_parallelism(1)
    records = env.from_collection(
        [("k%d" % n, n) for n in range(COUNT)], Types.TUPLE([Types.STRING(), Types.INT()])
    )

    def make(value):
        return (value[0],) if isinstance(key_type, TupleTypeInfo) else value[0]

    path = tmp_path / "read"
    last = env.from_collection(["apply"], Types.STRING()).map(Awaits(path), Types.STRING())
    result = records.key_by(make, key_type).connect(last.disable_chaining().broadcast(RULES))
    found = collect(result.process(EveryKey(path)))
    visited = [item[1] for item in found if item[0] == "keys"]
    assert visited == [sorted(make(("k%d" % n,)) for n in range(COUNT) if n % 3)]
    by_key = {item[0]: item[1:] for item in found if item[0] != "keys"}
    assert len(by_key) == COUNT
    for n in range(COUNT):
        assert by_key[make(("k%d" % n,))] == (
            -n if n % 3 else None,
            [n, 1000],
            {str(n): n, "applied": 1},
            max(n, 500),
            None,
        )


def test_apply_to_keyed_state_used_wrongly(env):
    descriptor = ValueStateDescriptor("v", Types.INT())
    contexts = []

    def keep(value, ctx):
        contexts.append(ctx)

    def late(value, ctx):
        contexts[0].apply_to_keyed_state(descriptor, print)

    for functions, text in (
        ({"broadcast": lambda v, ctx: ctx.apply_to_keyed_state(descriptor, 3)}, "callable"),
        ({"broadcast": lambda v, ctx: ctx.apply_to_keyed_state("v", print)}, "descriptor"),
        ({"broadcast": keep, "element": late}, "process_broadcast_element"),
    ):
        with pytest.raises(JobExecutionError, match=text):
            run(env, keyed=True, **functions)
    with pytest.raises(JobExecutionError, match="apply_to_keyed_state"):
        run(env, broadcast=lambda v, ctx: ctx.apply_to_keyed_state(descriptor, print))
