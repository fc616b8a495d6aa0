"""Errors of side outputs, tags, and loops; what they give is in the programs of the corpus."""

from __future__ import annotations

import pytest
from pyflink.common import Types
from pyflink.datastream import (
    OutputTag,
    ProcessFunction,
    RuntimeExecutionMode,
    StreamExecutionEnvironment,
)

TAG = OutputTag("side", Types.INT())


class Tagging(ProcessFunction):
    """Gives the value, and what it is told under a tag."""

    def __init__(self, tag, tagged):
        self.tag = tag
        self.tagged = tagged

    def process_element(self, value, ctx):
        yield value
        yield self.tag, self.tagged


@pytest.fixture
def env():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    return env


def numbers(env):
    return env.from_collection([1, 2], Types.INT())


def collect(stream):
    with stream.execute_and_collect() as results:
        return sorted(results, key=repr)


def test_a_value_that_does_not_fit_the_tag(env):
    tagging = numbers(env).process(Tagging(OutputTag("side", Types.STRING()), "text"), Types.INT())
    tagging.get_side_output(TAG).print()
    with pytest.raises(Exception) as caught:
        env.execute()
    assert str(caught.value).startswith(
        "TypeError: operator 'PROCESS', side output 'side': the declared type is INT, found str "
        "'text'"
    )
    assert "on record: 1" in str(caught.value)


def test_one_name_with_two_types_is_refused(env):
    tagging = numbers(env).process(Tagging(TAG, 1))
    tagging.get_side_output(TAG)
    with pytest.raises(Exception, match="different type"):
        tagging.get_side_output(OutputTag("side", Types.STRING()))


def test_a_process_function_without_readers_drops_what_it_tags(env):
    assert collect(numbers(env).process(Tagging(TAG, 5), Types.INT())) == [1, 2]


def test_a_side_output_can_be_collected(env):
    tagging = numbers(env).process(Tagging(OutputTag("any"), {"a": None}), Types.INT())
    assert collect(tagging.get_side_output(OutputTag("any"))) == [{"a": None}] * 2
    assert collect(tagging) == [1, 2]


def test_none_is_a_value(env):
    tagging = numbers(env).process(Tagging(TAG, None), Types.INT())
    assert collect(tagging.get_side_output(TAG)) == [None, None]




def test_a_tag_of_a_subclass_counts(env):
    class MyTag(OutputTag):
        pass

    tagging = numbers(env).process(Tagging(MyTag("side"), 3), Types.INT())
    assert collect(tagging.get_side_output(TAG)) == [3, 3]


@pytest.mark.parametrize("wrong", ["side", None, 5])
def test_only_a_tag_names_a_side_output(env, wrong):
    with pytest.raises(TypeError, match="needs an OutputTag, not"):
        numbers(env).process(Tagging(TAG, 1)).get_side_output(wrong)


def test_only_an_operator_has_side_outputs(env):
    with pytest.raises(Exception, match="'side': this stream is not the result of one operator"):
        numbers(env).process(Tagging(TAG, 1)).rebalance().get_side_output(TAG)


def test_loops_are_refused_in_batch_mode(env):
    env.set_runtime_mode(RuntimeExecutionMode.BATCH)
    loop = numbers(env).iterate(100)
    loop.close_with(loop.map(lambda x: x, Types.INT()))
    with pytest.raises(Exception, match="(?s)terations.*BATCH.*'execution.runtime-mode'=STREAMING"):
        env.execute()


def test_what_closes_a_loop_is_checked(env):
    loop = numbers(env).iterate(100)
    with pytest.raises(TypeError, match="type Integer .* type PickledByteArrayTypeInfo; give"):
        loop.close_with(loop.map(lambda x: x))
    with pytest.raises(ValueError, match="parallelism 1, .* and the feedback stream 2; "):
        loop.close_with(loop.map(lambda x: x, Types.INT()).set_parallelism(2))
    with pytest.raises(ValueError, match="not made from"):
        loop.close_with(numbers(env).map(lambda x: x, Types.INT()))
    with pytest.raises(TypeError, match="needs a DataStream, not int"):
        loop.close_with(5)


def test_the_wait_is_checked(env):
    with pytest.raises(ValueError, match="0 .* or more, not -1"):
        numbers(env).iterate(-1)
    for wrong in ("5", 1.5, None, True):
        with pytest.raises(TypeError, match="max_wait_time_ms must be an int"):
            numbers(env).iterate(max_wait_time_ms=wrong)


def test_a_loop_that_is_not_closed_is_an_error(env):
    numbers(env).iterate(100).map(lambda x: x).print()
    with pytest.raises(Exception, match="feedback"):
        env.execute()


def test_an_error_in_a_loop_ends_the_job(env):
    loop = numbers(env).iterate(60_000)
    loop.close_with(loop.map(lambda x: x // (x - 3) and x + 1, Types.INT()))
    with pytest.raises(Exception, match="ZeroDivisionError"):
        env.execute()
