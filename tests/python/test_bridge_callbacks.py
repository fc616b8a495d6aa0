"""Python objects that implement Java interfaces, and exceptions across the border."""
from __future__ import annotations

import gc
import threading
import traceback
import weakref

import pytest
from py4j.protocol import Py4JError, Py4JJavaError
from pyflink.java_gateway import get_gateway
from pyflink.util.exceptions import JobExecutionError


@pytest.fixture(scope="module")
def jvm():
    return get_gateway().jvm


class Doubler:
    """A java.util.function.Function in Python."""

    def apply(self, value):
        return value * 2

    class Java:
        implements = ["java.util.function.Function"]


class Failing:
    def __init__(self, error):
        self.error = error

    def call(self):
        raise self.error

    class Java:
        implements = ["java.util.concurrent.Callable"]


def call(jvm, python):
    """Lets Java call a Callable on this thread."""
    task = jvm.java.util.concurrent.FutureTask(python)
    task.run()
    return task.get()


def test_interface(jvm):
    assert jvm.java.util.Optional.of(21).map(Doubler()).get() == 42


def test_default_method_of_the_interface(jvm):
    both = jvm.java.util.ArrayList([Doubler()])
    doubler = both[0]
    assert isinstance(doubler, Doubler)  # comes back as itself
    composed = jvm.java.util.function.Function.identity().andThen(Doubler())
    assert composed.apply(4) == 8
    twice = jvm.java.util.stream.Stream.iterate(1, lambda x: x * 2).limit(4)
    assert list(twice.toArray()) == [1, 2, 4, 8]


def test_plain_callable_for_functional_interface(jvm):
    items = jvm.java.util.ArrayList([1, 2, 3])
    seen = []
    items.forEach(seen.append)
    assert seen == [1, 2, 3]
    assert items.removeIf(lambda x: x == 2) and list(items) == [1, 3]
    items.sort(jvm.java.util.Comparator.comparing(lambda x: -x))
    assert list(items) == [3, 1]
    assert jvm.java.util.HashMap().computeIfAbsent("k", lambda k: k + "!") == "k!"


def test_result_types(jvm):
    class Mapper:
        def __init__(self, value):
            self.value = value

        def applyAsInt(self, x):  # noqa: N802
            return self.value

        class Java:
            implements = ["java.util.function.ToIntFunction"]

    stream = jvm.java.util.ArrayList([1]).stream
    assert stream().mapToInt(Mapper(5)).sum() == 5
    with pytest.raises(TypeError, match="None"):
        stream().mapToInt(Mapper(None)).sum()
    with pytest.raises(OverflowError):
        stream().mapToInt(Mapper(2**40)).sum()


def test_not_an_interface(jvm):
    class Wrong:
        class Java:
            implements = ["java.util.ArrayList"]

    with pytest.raises(TypeError, match="java.util.ArrayList"):
        jvm.java.util.Objects.toString(Wrong())


def test_object_methods(jvm):
    doubler = Doubler()
    items = jvm.java.util.HashSet()
    items.add(doubler)
    assert jvm.java.util.Objects.toString(doubler).startswith("<")
    assert doubler in items or len(items) == 1


def test_missing_method(jvm):
    class Empty:
        class Java:
            implements = ["java.util.function.Function"]

    with pytest.raises(AttributeError, match="apply"):
        jvm.java.util.Optional.of(1).map(Empty())


def test_python_exception_through_java(jvm):
    error = KeyError("mine")
    with pytest.raises(KeyError) as e:
        call(jvm, Failing(error))
    assert e.value is error
    frames = [frame.name for frame in traceback.extract_tb(e.value.__traceback__)]
    assert frames[-1] == "call"


def test_java_exception_through_python(jvm):
    class Parser:
        def call(self):
            return jvm.java.lang.Integer.parseInt("x")

        class Java:
            implements = ["java.util.concurrent.Callable"]

    with pytest.raises(Py4JJavaError) as e:
        call(jvm, Parser())
    cause = e.value.java_exception.getCause()
    assert cause.getClass().getName() == "java.lang.NumberFormatException"


def test_same_java_object_comes_back(jvm):
    thrown = jvm.java.lang.IllegalStateException("this one")

    class Thrower:
        def get(self):
            raise Py4JJavaError("", thrown)

        class Java:
            implements = ["java.util.function.Supplier"]

    with pytest.raises(Py4JJavaError) as e:
        jvm.java.util.Optional.empty().orElseGet(Thrower())
    assert e.value.java_exception == thrown
    assert str(e.value) == "java.lang.IllegalStateException: this one"
    assert e.value.java_stack_trace()[0] == "java.lang.IllegalStateException: this one"


def test_java_error_text(jvm):
    with pytest.raises(Py4JError) as e:
        jvm.java.util.ArrayList().get(3)
    assert str(e.value).startswith("java.lang.IndexOutOfBoundsException: Index 3")
    assert len(str(e.value).splitlines()) == 1


def test_nested_python_error_is_a_job_error(jvm):
    python = ZeroDivisionError("in the function")
    try:
        call(jvm, Failing(python))
    except ZeroDivisionError:
        pass

    class Wrapper:
        def get(self):
            raise python

        class Java:
            implements = ["java.util.function.Supplier"]

    future = jvm.java.util.concurrent.CompletableFuture.supplyAsync(Wrapper())
    with pytest.raises(ZeroDivisionError) as direct:
        future.get()
    assert direct.value is python
    inner = jvm.java.lang.RuntimeException("job failed", _throwable(jvm, python))
    future = jvm.java.util.concurrent.CompletableFuture()
    future.completeExceptionally(inner)
    with pytest.raises(JobExecutionError) as e:
        future.get()
    assert e.value.python_exception is python
    assert str(e.value).startswith("Traceback (most recent call last)")
    assert "ZeroDivisionError: in the function" in str(e.value)
    assert __file__ in str(e.value)
    assert isinstance(e.value.__cause__, Py4JJavaError)
    assert len(str(e.value.__cause__).splitlines()) == 1


def _throwable(jvm, error):
    task = jvm.java.util.concurrent.FutureTask(Failing(error))
    task.run()
    caught = jvm.java.util.ArrayList()
    future = jvm.java.util.concurrent.CompletableFuture.supplyAsync(_Get(task))
    future.handle(lambda value, problem: caught.append(problem)).join()
    return caught[0]


class _Get:
    def __init__(self, task):
        self.task = task

    def get(self):
        return self.task.get()

    class Java:
        implements = ["java.util.function.Supplier"]


def test_calls_from_java_threads(jvm):
    pool = jvm.java.util.concurrent.Executors.newFixedThreadPool(4)
    names = set()

    class Task:
        def call(self):
            names.add(threading.get_ident())
            return sum(range(1000))

        class Java:
            implements = ["java.util.concurrent.Callable"]

    try:
        futures = pool.invokeAll([Task() for _ in range(200)])
        assert {future.get() for future in futures} == {sum(range(1000))}
    finally:
        pool.shutdown()
    assert threading.get_ident() not in names


def test_python_object_is_released(jvm):
    doubler = Doubler()
    alive = weakref.ref(doubler)
    assert jvm.java.util.Optional.of(2).map(doubler).get() == 4
    del doubler
    for _ in range(100):
        jvm.java.lang.System.gc()
        gc.collect()
        jvm.java.lang.Thread.sleep(20)
        if alive() is None:
            break
    assert alive() is None


def test_system_exit_passes_through_java(jvm):
    with pytest.raises(SystemExit) as e:
        call(jvm, Failing(SystemExit(3)))
    assert e.value.code == 3


def test_deep_recursion_between_both(jvm):
    depth = [0]

    class Counter(Doubler):
        def apply(self, value):
            depth[0] += 1
            if value == 0:
                return 0
            return jvm.java.util.Optional.of(value - 1).map(self).get()

    assert jvm.java.util.Optional.of(100).map(Counter()).get() == 0
    assert depth[0] == 101
