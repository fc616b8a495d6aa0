"""connect: what is refused and how it is said, plans, checkpoints, batch mode."""

import threading

import pytest
from pyflink.common import Types
from pyflink.datastream import (
    CoFlatMapFunction,
    CoMapFunction,
    CoProcessFunction,
    KeyedCoProcessFunction,
    MapFunction,
    RuntimeExecutionMode,
    StreamExecutionEnvironment,
)
from pyflink.datastream.data_stream import BroadcastConnectedStream
from pyflink.datastream.state import MapStateDescriptor
from pyflink.util.exceptions import JobExecutionError


class Text(CoMapFunction):
    def map1(self, value):
        return "1:%s" % (value,)

    def map2(self, value):
        return "2:%s" % (value,)


class Numbers(CoFlatMapFunction):
    def flat_map1(self, value):
        return [value]

    flat_map2 = flat_map1


class Fails(CoMapFunction):
    def __init__(self, where):
        self.where = where

    def open(self, runtime_context):
        if self.where == "open":
            raise ValueError("in open")

    def close(self):
        if self.where == "close":
            raise ValueError("in close")

    def map1(self, value):
        if self.where == "map1":
            raise ValueError("in map1")

    def map2(self, value):
        if self.where == "map2":
            raise ValueError("in map2")


class Process(CoProcessFunction):
    def process_element1(self, value, ctx):
        yield value

    process_element2 = process_element1


class KeyedProcess(KeyedCoProcessFunction):
    def process_element1(self, value, ctx):
        yield ctx.get_current_key(), value

    process_element2 = process_element1


@pytest.fixture
def env():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    return env


def numbers(env):
    return env.from_collection([1, 2, 3], Types.INT())


def words(env):
    return env.from_collection(["a", "bb"], Types.STRING())


def connected(env):
    return numbers(env).connect(words(env))


def collect(stream):
    with stream.execute_and_collect() as results:
        return sorted(results)


WRONG = {
    "map lambda": lambda c: c.map(lambda value: value),
    "map of one stream": lambda c: c.map(type("M", (MapFunction,), {"map": abs})()),
    "map with a class": lambda c: c.map(Text),
    "flat_map lambda": lambda c: c.flat_map(lambda value: [value]),
    "flat_map with map": lambda c: c.flat_map(Text()),
    "process lambda": lambda c: c.process(lambda value, ctx: [value]),
    "process with map": lambda c: c.process(Text()),
    "process None": lambda c: c.process(None),
    "key_by": lambda c: c.key_by(5, lambda value: value),
    "key_by second": lambda c: c.key_by(lambda value: value, "x"),
    "abstract": lambda c: c.map(CoMapFunction()),
}


@pytest.mark.parametrize("build", WRONG.values(), ids=WRONG.keys())
def test_wrong_functions_are_type_errors_at_the_call(env, build):
    with pytest.raises(TypeError):
        build(connected(env))


def test_the_error_of_a_wrong_function_names_what_is_needed(env):
    with pytest.raises(TypeError, match="map.. of ConnectedStreams needs a CoMapFunction, not int"):
        connected(env).map(5)
    with pytest.raises(TypeError, match="CoProcessFunction or KeyedCoProcessFunction, not Text"):
        connected(env).process(Text())


def test_connect_takes_streams(env):
    with pytest.raises(TypeError, match="connect.. takes a DataStream, not int"):
        numbers(env).connect(5)
    broadcast = words(env).broadcast(MapStateDescriptor("m", Types.STRING(), Types.STRING()))
    assert isinstance(numbers(env).connect(broadcast), BroadcastConnectedStream)


@pytest.mark.parametrize("first, second", [(Types.INT(), Types.LONG()), (Types.INT(), None)])
def test_keys_of_different_types_are_refused(env, first, second):
    streams = numbers(env).key_by(lambda n: n, first).connect(words(env).key_by(len, second))
    with pytest.raises(Exception, match="operator 'Co-Map': .* keys of different types, Integer"):
        streams.map(Text())


def test_what_cannot_be_pickled_is_named(env):
    function = Text()
    function.lock = threading.Lock()
    with pytest.raises(TypeError, match="operator 'Co-Map': .*the attribute 'lock'"):
        connected(env).map(function)


@pytest.mark.parametrize("where, place", [
    ("map1", "(subtask 1/1), on record of input 1: 1"),
    ("map2", "(subtask 1/1), on record of input 2: 'a'"),
    ("open", "(subtask 1/1)"),
    ("close", "(subtask 1/1)"),
])  # fmt: skip
def test_an_error_names_operator_subtask_input_and_record(env, where, place):
    connected(env).map(Fails(where)).name("Fails").print()
    with pytest.raises(JobExecutionError) as caught:
        env.execute()
    assert isinstance(caught.value.python_exception, ValueError)
    text = str(caught.value)
    assert "ValueError: in %s" % where in text
    assert text.endswith("in operator 'Fails' " + place)
    assert caught.value.input == {"map1": 1, "map2": 2}.get(where, 0)


def test_a_result_that_does_not_fit_its_type_is_an_error(env):
    connected(env).flat_map(Numbers(), Types.INT()).print()
    with pytest.raises(JobExecutionError) as caught:
        env.execute()
    text = str(caught.value)
    assert "operator 'Co-Flat Map': the declared type is INT, found str 'a'" in text
    assert text.endswith("on record of input 2: 'a'")


def test_without_keys_there_is_no_current_key(env):
    connected(env).process(KeyedProcess()).print()
    with pytest.raises(JobExecutionError, match="get_current_key"):
        env.execute()


def test_names_uids_and_parallelism_belong_to_the_operator(env):
    stream = connected(env).process(Process()).name("Mine").uid("mine").set_parallelism(2)
    assert stream.get_name() == "Mine"
    keyed = connected(env).key_by(lambda n: n, len, Types.INT()).process(Process())
    assert keyed.get_name() == "Keyed Co-Process"
    stream.print()
    assert '"contents" : "Mine",\n    "parallelism" : 2' in env.get_execution_plan()


def test_batch_mode_with_keys_on_the_second_side_only(env):
    env.set_runtime_mode(RuntimeExecutionMode.BATCH)
    stream = numbers(env).connect(words(env).key_by(len, Types.INT())).map(Text())
    assert collect(stream) == ["1:1", "1:2", "1:3", "2:Row(f0=1, f1='a')", "2:Row(f0=2, f1='bb')"]


def test_checkpoints_lose_and_repeat_nothing(env):
    env.enable_checkpointing(20)
    env.set_parallelism(2)
    count = 60_000
    first = env.from_collection(list(range(count)), Types.INT()).rebalance()
    second = env.from_collection(list(range(count, count + 500)), Types.INT())
    keyed = first.connect(second).flat_map(Numbers(), Types.INT()).key_by(lambda n: n % 97).connect(
        second.key_by(lambda n: n % 97)
    )
    stream = keyed.flat_map(Numbers(), Types.INT())
    assert collect(stream) == sorted([*range(count + 500), *range(count, count + 500)])
