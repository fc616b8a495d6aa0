"""Functions that cannot run in a job: the error names the operator, the function and the cause."""

from __future__ import annotations

import functools
import socket
import threading
from typing import Any, Callable

import pytest
from pyflink.common import Types
from pyflink.datastream import (
    DataStream,
    FlatMapFunction,
    MapFunction,
    ProcessFunction,
    ReduceFunction,
    StreamExecutionEnvironment,
)

LOCK = threading.Lock()


@pytest.fixture(scope="module")
def numbers() -> DataStream:
    env = StreamExecutionEnvironment.get_execution_environment()
    return env.from_collection([1, 2], Types.INT())


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(TypeError) as caught:
        call()
    return str(caught.value)


class Holder:
    """Not importable by the name that its copy below has, so that cloudpickle writes it whole."""

    __slots__ = ("lock",)

    def __init__(self, lock: Any) -> None:
        self.lock = lock

    def method(self, value: int) -> int:
        return value


def own(function: Any) -> Any:
    """`function` as one of __main__ is: written by value."""
    function.__module__ = "__main__"
    return function


def in_nested_code(value: int) -> Any:
    return [LOCK for _ in range(value)]


def recursive(value: int) -> Any:
    return recursive(value - 1) if value else LOCK


def with_default(value: int, lock: Any = LOCK, *, other: Any = None) -> Any:
    return value, lock, other


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda lock: lambda x: lock, "the variable 'lock' is a lock"),
        (lambda lock: own(in_nested_code), "the global variable 'LOCK' is a lock"),
        (lambda lock: own(recursive), "the global variable 'LOCK' is a lock"),
        (lambda lock: own(with_default), "the default value number 1 is a lock"),
        (lambda lock: Holder(lock).method, "the attribute 'lock' is a lock"),
        (lambda lock: functools.partial(max, lock), "the argument number 1 is a lock"),
        (lambda lock: functools.partial(max, key=lock), "the argument 'key' is a lock"),
        (lambda lock: {"a": [1, lock]}.get, "the item number 2 is a lock"),
        (lambda lock: own(lambda x, held={"a": lock}: x), "the item 'a' is a lock"),
    ],
)
def test_where_the_culprit_is(numbers: DataStream, make: Any, text: str) -> None:
    message = refused(lambda: numbers.map(make(threading.Lock())))
    assert message.startswith("operator 'Map': the function ") and text in message
    assert message.endswith("Make it inside the function, or in open()")


def test_culprits_of_many_kinds(numbers: DataStream, tmp_path: Any) -> None:
    with open(tmp_path / "file", "w") as file, socket.socket() as sock:
        for value, kind in (
            (file, "TextIOWrapper"),
            (sock, "socket"),
            ((x for x in [1]), "generator"),
            (threading.local(), "_local"),
        ):
            message = refused(lambda value=value: numbers.flat_map(lambda x: [value]))
            assert "operator 'FlatMap'" in message
            assert f"the variable 'value' is a {kind}" in message


def test_environment_streams_and_java_objects(numbers: DataStream) -> None:
    env = numbers.get_execution_environment()
    java = numbers._j_data_stream
    for value in (env, numbers, java):
        message = refused(lambda value=value: numbers.filter(lambda x: value))
        assert f"operator 'Filter': the function {__name__}" not in message
        assert f"the variable 'value' is a {type(value).__qualname__}" in message
        assert "Functions run inside the job" in message


def test_attributes_of_function_classes(numbers: DataStream) -> None:
    class Keeps(MapFunction):
        shared = threading.Lock()

        def map(self, value: int) -> int:
            return value

    message = refused(lambda: numbers.map(Keeps()))
    assert "the class attribute 'shared' is a lock" in message

    class Uses(ReduceFunction):
        def __init__(self) -> None:
            self.lock = threading.Lock()

        def reduce(self, value1: int, value2: int) -> int:
            return value1

    message = refused(lambda: numbers.key_by(lambda x: x).reduce(Uses()))
    assert "operator 'Reduce'" in message and "the attribute 'lock' is a lock" in message


def test_wrong_number_of_arguments(numbers: DataStream) -> None:
    class Map(MapFunction):
        def map(self) -> int:  # type: ignore[override]
            return 1

    class Process(ProcessFunction):
        def process_element(self, value: int) -> int:  # type: ignore[override]
            return value

    def named(first: int, second: int, third: int) -> int:
        return first

    keyed = numbers.key_by(lambda x: x)
    for call, operator, name in (
        (lambda: numbers.map(lambda: 1), "Map", "<lambda>() cannot be called with 1 argument:"),
        (lambda: numbers.map(Map()), "Map", "Map.map() -> 'int' cannot"),
        (lambda: numbers.flat_map(lambda x, y: [x]), "FlatMap", "<lambda>(x, y) cannot"),
        (lambda: numbers.filter(functools.partial(named, 1)), "Filter", "1 argument: missing"),
        (lambda: numbers.key_by(named), "key_by", "named(first: 'int', second: 'int'"),
        (lambda: keyed.reduce(lambda x: x), "Reduce", "<lambda>(x) cannot be called with 2 arg"),
        (lambda: numbers.process(Process()), "PROCESS", "Process.process_element(value: 'int')"),
    ):
        message = refused(call)
        assert message.startswith(f"operator '{operator}': the function ") and name in message


def test_functions_with_more_arguments_than_needed_are_taken(numbers: DataStream) -> None:
    numbers.map(lambda x, y=1, *rest, z=2, **more: x)
    numbers.map(lambda *everything: everything)
    numbers.map(print)
    numbers.map(dict.fromkeys)
    numbers.map(int)


def test_async_functions(numbers: DataStream) -> None:
    async def wait(value: int) -> int:
        return value

    async def generate(value: int) -> Any:
        yield value

    class Waits(FlatMapFunction):
        async def flat_map(self, value: int) -> Any:  # type: ignore[override]
            return [value]

    class Calls:
        async def __call__(self, value: int) -> int:
            return value

    for call, operator, name in (
        (lambda: numbers.map(wait), "Map", "wait"),
        (lambda: numbers.map(functools.partial(wait)), "Map", "partial"),
        (lambda: numbers.flat_map(generate), "FlatMap", "generate"),
        (lambda: numbers.flat_map(Waits()), "FlatMap", "Waits.flat_map"),
        (lambda: numbers.map(Calls()), "Map", "Calls"),
    ):
        message = refused(call)
        assert message.startswith(f"operator '{operator}'") and f"{name} is async" in message
