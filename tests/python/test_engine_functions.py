"""How shipped functions are loaded, opened and closed, and what they see of their task."""

import pickle

import cloudpickle
import pytest
from pyflink._engine.context import make
from pyflink._engine.functions import load
from pyflink.datastream.functions import (
    FilterFunction,
    MapFunction,
    ReduceFunction,
    RuntimeContext,
)

MAP, FILTER, REDUCE = 1, 3, 7


class Recorder(MapFunction):
    def __init__(self, fail_open=False):
        self.events = []
        self.fail_open = fail_open

    def open(self, runtime_context):
        self.events.append(runtime_context.get_task_name())
        if self.fail_open:
            raise ValueError("cannot open")

    def map(self, value):
        self.events.append(value)
        return value + 1

    def close(self):
        self.events.append("closed")
        if self.fail_open:
            raise OSError("cannot close either")


def context():
    return make(None, "Task", 1, 4)


def test_a_plain_callable_is_called():
    call, close = load(MAP, cloudpickle.dumps(lambda x: x * 2), context(), "Map")
    assert call(3) == 6 and close is None


def test_a_function_object_is_opened_and_closed():
    call, close = load(MAP, pickle.dumps(Recorder()), context(), "Map")
    assert call(1) == 2
    close()
    assert call.__self__.events == ["Task", 1, "closed"]


def test_a_failing_open_closes_and_keeps_its_error():
    with pytest.raises(ValueError, match="cannot open"):
        load(MAP, pickle.dumps(Recorder(fail_open=True)), context(), "Map")


def test_methods_are_found_by_kind():
    class Even(FilterFunction):
        def filter(self, value):
            return value % 2 == 0

    class Add(ReduceFunction):
        def reduce(self, value1, value2):
            return value1 + value2

    assert load(FILTER, cloudpickle.dumps(Even()), context(), "Filter")[0](4) is True
    assert load(REDUCE, cloudpickle.dumps(Add()), context(), "Reduce")[0](4, 5) == 9


def test_a_callable_with_such_a_method_is_called():
    class Callable:
        def __call__(self, value):
            return "called"

        def map(self, value):
            return "mapped"

    assert load(MAP, cloudpickle.dumps(Callable()), context(), "Map")[0](1) == "called"


def test_what_is_no_function_is_refused():
    with pytest.raises(TypeError, match="operator 'Map': a int is no function for it"):
        load(MAP, pickle.dumps(5), context(), "Map")
    with pytest.raises(TypeError, match="operator 'Map': the function cannot be loaded"):
        load(MAP, b"no pickle", context(), "Map")


def test_the_context_outside_of_a_job():
    made = context()
    assert isinstance(made, RuntimeContext)
    assert made.get_task_name_with_subtasks() == "Task (2/4)#0"
    assert made.get_index_of_this_subtask() == 1
    assert made.get_number_of_parallel_subtasks() == 4
    assert made.get_attempt_number() == 0
    assert made.get_job_parameter("key", "default") == "default"
    counter = made.get_metrics_group().add_group("a").counter("n")
    counter.inc(3)
    counter.dec()
    assert counter.get_count() == 2
