"""Functions on their way to the job: which kinds are taken, and what an error names."""

import functools
import pickle
import threading

import pytest
from pyflink.datastream import FilterFunction, KeySelector, MapFunction, ReduceFunction
from pyflink.datastream._java import ship
from pyflink.datastream.data_stream import need_function

LOCK = threading.Lock()


class AddOne(MapFunction):
    def map(self, value):
        return value + 1


class Holder(MapFunction):
    def __init__(self):
        self.lock = threading.Lock()

    def map(self, value):
        return value

    def bound(self, value):
        return value


def test_shipped_function_is_a_snapshot():
    factor = 2
    payload = ship(lambda x: x * factor, "Map")
    factor = 3
    assert pickle.loads(payload)(5) == 10


def test_all_kinds_of_callables():
    for function in (
        lambda x: x + 1,
        AddOne().map,
        functools.partial(lambda a, b: a + b, 1),
        (1).__add__,
    ):
        assert pickle.loads(ship(function, "Map"))(4) == 5
    assert pickle.loads(ship(AddOne(), "Map")).map(4) == 5
    assert pickle.loads(ship(len, "Map"))("abc") == 3


def _error(function):
    with pytest.raises(TypeError) as caught:
        ship(function, "Map")
    return str(caught.value)


def test_error_names_the_closure_variable():
    guard = threading.Lock()

    def locked(x):
        with guard:
            return x

    text = _error(locked)
    assert "operator 'Map'" in text and "locked" in text and "'guard'" in text and "lock" in text


def test_error_names_the_attribute():
    assert "'lock'" in _error(Holder()) and "Holder" in _error(Holder())
    assert "'lock'" in _error(Holder().bound)


def test_error_names_what_is_nested():
    table = {"a": [1, threading.Lock()]}
    text = _error(lambda x: table)
    assert "lock" in text and "item number 2" in text


def test_error_names_the_argument_of_a_partial():
    text = _error(functools.partial(lambda lock, x: x, LOCK))
    assert "lock" in text


def test_kinds_are_checked_early():
    need_function(lambda x: x, MapFunction)
    need_function(AddOne(), MapFunction)
    for kind in (MapFunction, FilterFunction, KeySelector, ReduceFunction):
        with pytest.raises(TypeError, match=kind.__name__):
            need_function(5, kind)
