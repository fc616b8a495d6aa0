"""What partition_custom and reduce without keys refuse, and what their errors say."""

from __future__ import annotations

import pytest
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeySelector, Partitioner


@pytest.fixture
def env():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(2)
    return env


def numbers(env):
    return env.from_collection([3], Types.INT())


@pytest.mark.parametrize(
    "result, error",
    [
        (2, "ValueError"), (-1, "ValueError"), (2**70, "ValueError"), ("a", "TypeError"),
        (1.0, "TypeError"), (None, "TypeError"),
    ],
)  # fmt: skip
def test_a_wrong_partition_says_what_is_right(env, result, error):
    numbers(env).partition_custom(lambda k, n: result, lambda x: x).print()
    with pytest.raises(Exception) as caught:
        env.execute()
    text = str(caught.value)
    assert text.startswith(
        "%s: operator '_partition_custom_map_operator': the partitioner must return an int from "
        "0 to 1, the number of one of 2 partitions, found %s %r"
        % (error, type(result).__name__, result)
    ), text
    assert "on record: 3" in text


def test_errors_of_both_functions_are_shown(env):
    def wrong(value):
        return 1 // 0

    for partitioner, selector in ((lambda k, n: wrong(k), lambda x: x), (lambda k, n: 0, wrong)):
        with pytest.raises(Exception, match="in wrong[^$]*ZeroDivisionError[^$]*on record: 3"):
            numbers(env).partition_custom(partitioner, selector).print()
            env.execute()


def test_both_must_be_functions(env):
    with pytest.raises(TypeError, match="Partitioner or a callable"):
        numbers(env).partition_custom(5, lambda x: x)
    with pytest.raises(TypeError, match="KeySelector or a callable"):
        numbers(env).partition_custom(lambda k, n: 0, "key")
    with pytest.raises(TypeError, match="ReduceFunction or a callable"):
        numbers(env).reduce(None)


def test_what_cannot_be_pickled_names_the_operator(env):
    import threading

    lock = threading.Lock()
    with pytest.raises(TypeError, match="'_partition_custom_map_operator'.*lock"):
        numbers(env).partition_custom(lambda k, n: lock, lambda x: x)


class Opened(Partitioner):
    def open(self, runtime_context):
        self.log = runtime_context.get_job_parameter("log", "")
        with open(self.log, "a") as file:
            file.write("open\n")

    def close(self):
        with open(self.log, "a") as file:
            file.write("close\n")

    def partition(self, key, num_partitions):
        return key % num_partitions


class BadSelector(KeySelector):
    def open(self, runtime_context):
        raise RuntimeError("not today")

    def get_key(self, value):
        return value


@pytest.mark.parametrize("selector", [lambda x: x, BadSelector()], ids=["good", "bad"])
def test_what_was_opened_is_closed(env, tmp_path, selector):
    env.get_config().set_global_job_parameters({"log": str(tmp_path / "log")})
    numbers(env).partition_custom(Opened(), selector).print()
    if isinstance(selector, BadSelector):
        with pytest.raises(Exception, match="RuntimeError: not today"):
            env.execute()
    else:
        env.execute()
    assert (tmp_path / "log").read_text() == "open\nclose\n"


def test_a_reduce_without_keys_has_parallelism_1(env):
    reduced = numbers(env).reduce(lambda a, b: a + b)
    with pytest.raises(Exception, match="arallelism"):
        reduced.set_parallelism(2)


def test_a_reduce_result_must_fit_the_type(env):
    env.from_collection([1, 2], Types.INT()).reduce(lambda a, b: "x").print()
    with pytest.raises(Exception, match="operator 'Reduce': the declared type is INT, found str"):
        env.execute()
