"""Java from Python: packages, classes, overloads, fields, arrays, values."""
from __future__ import annotations

import decimal
import enum
import math
import threading

import pytest
from py4j.java_gateway import (
    JavaClass,
    JavaObject,
    JavaPackage,
    get_field,
    get_java_class,
    get_method,
    is_instance_of,
    java_import,
    set_field,
)
from py4j.protocol import Py4JError, Py4JJavaError
from pyflink.java_gateway import get_gateway


@pytest.fixture(scope="module")
def gateway():
    return get_gateway()


@pytest.fixture(scope="module")
def jvm(gateway):
    return gateway.jvm


def test_static_instance_constructor(jvm):
    assert jvm.java.lang.System.currentTimeMillis() > 1_600_000_000_000
    text = jvm.java.lang.StringBuilder("ab")
    assert text.append("cd") == text
    assert text.append(5).append(True).append(None).append(1.5).toString() == "abcd5truenull1.5"
    assert jvm.Math.max(3, 7) == 7 and jvm.Integer.MAX_VALUE == 2**31 - 1
    assert jvm.java.util.ArrayList is jvm.java.util.ArrayList


def test_names(jvm):
    assert isinstance(jvm.java.util, JavaPackage)
    assert isinstance(jvm.java.util.ArrayList, JavaClass)
    assert isinstance(jvm.java.util.ArrayList(), JavaObject)
    assert isinstance(jvm.java.util.ArrayList(), jvm.java.util.List)
    entry = jvm.java.util.Map.Entry
    assert entry is getattr(jvm.java.util, "Map$Entry")
    assert entry.__qualname__ == "Map.Entry" and entry._fqn == "java.util.Map$Entry"
    assert get_java_class(entry).getName() == "java.util.Map$Entry"
    assert jvm.java.util.AbstractMap.SimpleEntry("a", 1).getKey() == "a"
    assert repr(jvm.java.util.Date) == "<java class 'java.util.Date'>"
    assert "currentTimeMillis" in dir(jvm.java.lang.System)
    assert "size" in dir(jvm.java.util.ArrayList())


def test_import(gateway):
    view = gateway.new_jvm_view()
    assert isinstance(view.AtomicLong, JavaPackage)
    java_import(view, "java.util.concurrent.atomic.*")
    assert view.AtomicLong(5).incrementAndGet() == 6
    java_import(view, "java.util.Map.Entry")
    assert view.Entry._fqn == "java.util.Map$Entry"


def test_missing_class(jvm):
    missing = jvm.org.example.Missing
    assert isinstance(missing, JavaPackage)
    with pytest.raises(TypeError, match=r"no Java class 'org\.example\.Missing'.*add_jars"):
        missing()
    with pytest.raises(TypeError, match="create"):
        missing.create(1)
    with pytest.raises(AttributeError, match="nope"):
        jvm.java.lang.System.nope()


def test_no_overload_names_the_others(jvm):
    with pytest.raises(Py4JError, match=r"takes \(str\).*\n(.*\n)*.*abs\(int\)") as e:
        jvm.Math.abs("x")
    assert isinstance(e.value, TypeError)
    with pytest.raises(Py4JError, match=r"abstract"):
        jvm.java.util.AbstractList()
    with pytest.raises(TypeError, match="keyword"):
        jvm.java.util.ArrayList(n=1)
    with pytest.raises(TypeError, match="object of that class"):
        type(jvm.java.util.ArrayList()).ensureCapacity(5, 3)


def test_no_subclassing(jvm):
    with pytest.raises(TypeError, match="implements"):
        type("X", (jvm.java.util.ArrayList,), {})


@pytest.mark.parametrize("value, text", [
    (1, "1"), (2**31, "2147483648"), (-2**63, "-9223372036854775808"), (1.5, "1.5"),
    (True, "true"), ("a", "a"), (None, "null")])
def test_overload_by_value(jvm, value, text):
    assert jvm.java.lang.StringBuilder().append(value).toString() == text


def test_big_integer_parameter(jvm):
    assert jvm.java.math.BigDecimal(2**70) == decimal.Decimal(2**70)


def test_small_parameters(jvm):
    assert jvm.java.lang.Byte.toString(-128) == "-128"
    assert jvm.java.lang.Short.toString(300) == "300"
    with pytest.raises(Py4JError):
        jvm.java.lang.Byte.toString(128)
    assert jvm.java.lang.Character.isDigit("7")
    assert jvm.java.lang.Float.sum(1, 2.5) == 3.5
    assert jvm.java.lang.Double.sum(1, 2) == 3.0
    assert jvm.java.lang.Long.valueOf(3) == 3
    assert jvm.java.util.Optional.of(3).get() == 3


def test_number_types(jvm):
    class Color(enum.IntEnum):
        RED = 7

    class Text(str):
        pass

    assert jvm.Math.abs(Color.RED) == 7
    assert jvm.java.lang.Integer.parseInt(Text("12")) == 12
    numpy = pytest.importorskip("numpy")
    assert jvm.Math.abs(numpy.int64(-5)) == 5
    assert jvm.Math.floor(numpy.float32(2.5)) == 2.0


def test_varargs(jvm):
    assert jvm.String.format("%s-%s-%d", "a", None, 3) == "a-null-3"
    assert jvm.String.format("plain") == "plain"
    assert list(jvm.java.util.Arrays.asList(1, "b", None)) == [1, "b", None]
    assert jvm.java.nio.file.Paths.get("/tmp", "a", "b").toString() == "/tmp/a/b"
    many = jvm.java.util.Arrays.asList(*range(255))
    assert len(many) == 255
    with pytest.raises(TypeError, match="255"):
        jvm.java.util.Arrays.asList(*range(256))


def test_static_and_instance_of_one_name(jvm):
    date = jvm.java.time.LocalDate.of(2020, 1, 2)
    assert jvm.java.lang.Integer.toString(5) == "5"
    assert jvm.java.lang.Integer.toString(255, 16) == "ff"
    assert date.toString() == "2020-01-02"
    assert getattr(jvm.java.time.LocalDate, "from")(date) == date
    assert jvm.java.lang.Thread.currentThread().isInterrupted() is False
    assert jvm.java.util.Objects.toString(date) == "2020-01-02"
    assert jvm.java.lang.Object.toString(date) == "2020-01-02"


def test_enum(jvm):
    days = jvm.java.time.DayOfWeek
    assert days.MONDAY is days.MONDAY and days.MONDAY == days.valueOf("MONDAY")
    assert days.MONDAY != days.FRIDAY and days.MONDAY.name() == "MONDAY"
    assert [str(day) for day in days.values()][:2] == ["MONDAY", "TUESDAY"]
    assert jvm.java.lang.Thread.State.NEW.ordinal() == 0
    assert {days.MONDAY: 1}[days.valueOf("MONDAY")] == 1


def test_fields(jvm):
    point = jvm.java.util.concurrent.atomic.AtomicInteger
    assert isinstance(point(1), JavaObject)
    assert jvm.java.io.File.separator == "/"
    tuple2 = jvm.org.apache.flink.api.java.tuple.Tuple2("a", 1)
    assert (tuple2.f0, get_field(tuple2, "f1")) == ("a", 1)
    set_field(tuple2, "f0", [1, 2])
    assert list(tuple2.f0) == [1, 2]
    tuple2.f1 = None
    assert tuple2.f1 is None and str(tuple2) == "([1, 2],null)"
    with pytest.raises(Py4JError, match="f9"):
        get_field(tuple2, "f9")
    with pytest.raises(AttributeError, match="final"):
        jvm.java.io.File.separator = "x"
    with pytest.raises(AttributeError):
        jvm.java.io.File.other = "x"
    assert get_field(jvm.java.lang.Integer, "SIZE") == 32


def test_object_protocol(jvm):
    a, b = jvm.java.util.Date(5), jvm.java.util.Date(5)
    assert a == b and a is not b and hash(a) == hash(b) == 5 and not a != b
    assert a != 5 and a != "x" and a is not None
    assert str(a) == a.toString() and "1970" in repr(a)
    assert len({a, b}) == 1
    import pickle
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(a)


def test_is_instance_of(gateway, jvm):
    items = jvm.java.util.ArrayList()
    assert is_instance_of(gateway, items, "java.util.List")
    assert is_instance_of(gateway, items, jvm.java.util.List)
    assert not is_instance_of(gateway, items, jvm.java.util.Map)
    assert is_instance_of(gateway, items, jvm.java.util.ArrayList())
    with pytest.raises(Py4JError, match=r"no\.Such"):
        is_instance_of(gateway, items, "no.Such")


@pytest.mark.parametrize("text", [
    "", "a", "ascii", "naïve", "Grüße", "日本語", "😀", "a\0b", "\0", "\ud800", "x\udfffy",
    "\x80", "\xff" * 600, "a" * 511, "a" * 512, "a" * 513, "é" * 5000, "日" * 5000, "😀" * 5000,
    "a" * 1_000_000 + "😀"])
def test_strings(jvm, text):
    assert jvm.String.valueOf(jvm.java.util.Optional.of(text).get()) == text
    items = jvm.java.util.ArrayList([text])
    assert items[0] == text
    assert jvm.java.util.Objects.hashCode(text) == jvm.java.util.Arrays.asList(text).hashCode() - 31
    assert items.contains(text)


@pytest.mark.parametrize("value", [
    0, -1, 127, 128, -129, 2**31 - 1, -2**31, 2**31, 2**63 - 1, -2**63, 2**63, -2**63 - 1,
    2**64, -2**64, 10**100, -10**100, 255, 256, -256, 2**127, -2**127,
    0.0, -0.0, 1.5, math.inf, -math.inf, 5e-324, 1.7976931348623157e308,
    True, False, None, b"", b"\0\xff", "x",
    decimal.Decimal("1.50"), decimal.Decimal("-1E+30"), decimal.Decimal("1E-50")])
def test_values_survive(jvm, value):
    back = jvm.java.util.ArrayList([value])[0]
    assert back == value and type(back) is type(value)
    if isinstance(value, float):
        assert math.copysign(1, back) == math.copysign(1, value)


def test_nan_and_bad_decimal(jvm):
    assert math.isnan(jvm.java.util.ArrayList([math.nan])[0])
    with pytest.raises(ValueError, match="BigDecimal"):
        jvm.java.util.ArrayList([decimal.Decimal("NaN")])


def test_unknown_value(jvm):
    with pytest.raises(TypeError, match="object cannot be passed to Java"):
        jvm.java.util.ArrayList([object()])
    with pytest.raises(TypeError):
        jvm.java.util.ArrayList().add(object())
    endless = []
    endless.append(endless)
    with pytest.raises(RecursionError):
        jvm.java.util.ArrayList(endless)


def test_arrays(gateway, jvm):
    numbers = gateway.new_array(jvm.int, 3)
    assert list(numbers) == [0, 0, 0] and len(numbers) == 3
    numbers[0], numbers[-1] = 5, 7
    assert list(numbers[:]) == [5, 0, 7]
    assert list(numbers[1:]) == [0, 7] and list(numbers[::-1]) == [7, 0, 5]
    numbers[0:2] = [1, 2]
    assert list(numbers) == [1, 2, 7] and 7 in numbers and numbers.index(7) == 2
    assert repr(numbers) == "<int[]: [1, 2, 7]>"
    for bad in (3, -4):
        with pytest.raises(IndexError):
            numbers[bad]
    with pytest.raises(OverflowError, match="int"):
        numbers[0] = 2**31
    with pytest.raises(TypeError):
        numbers[0] = "x"
    with pytest.raises(ValueError, match="keeps its length"):
        numbers[:] = [1]
    with pytest.raises(ValueError):
        gateway.new_array(jvm.int, -1)
    with pytest.raises(TypeError):
        gateway.new_array("int", 1)


@pytest.mark.parametrize("name, values", [
    ("boolean", [True, False]), ("byte", [-128, 127]), ("short", [-2**15, 2**15 - 1]),
    ("char", ["a", "é"]), ("int", [-2**31, 2**31 - 1]), ("long", [-2**63, 2**63 - 1]),
    ("float", [0.5, -1.5]), ("double", [1e300, 0.1]), ("String", ["x", None]),
    ("Integer", [1, None]), ("Long", [1, None]), ("Object", ["a", 1, None, [1]])])
def test_array_types(gateway, jvm, name, values):
    array = gateway.new_array(getattr(jvm, name), len(values))
    array[:] = values
    back = [list(v) if isinstance(v, JavaObject) else v for v in array]
    assert back == values
    assert len(jvm.java.util.Arrays.copyOf(array, 5)) == 5


def test_two_dimensions(gateway, jvm):
    grid = gateway.new_array(jvm.int, 2, 3)
    grid[1][2] = 9
    assert [list(row) for row in grid] == [[0, 0, 0], [0, 0, 9]]
    open_grid = gateway.new_array(jvm.int, 2, 0)
    assert len(open_grid[0]) == 0
    half = gateway.new_array(gateway.new_array(jvm.int, 0).__class__, 2)
    assert list(half) == [None, None]
    half[0] = [1, 2]
    assert list(half[0]) == [1, 2]


def test_bytes(gateway, jvm):
    assert jvm.java.util.Arrays.copyOf(b"abc", 5) == b"abc\0\0"
    assert jvm.String(b"abc") == "abc"
    assert jvm.java.nio.ByteBuffer.wrap(bytearray(b"xy")).remaining() == 2
    assert "äö".encode() == jvm.String("äö").encode() == jvm.java.util.Base64.getDecoder().decode(
        "w6TDtg==")
    array = gateway.new_array(jvm.byte, 2)
    array[0] = -1
    assert jvm.java.util.Arrays.copyOf(array, 2) == b"\xff\0"


def test_arguments_as_arrays(jvm):
    assert jvm.String.join("-", ["a", "b"]) == "a-b"
    files = jvm.java.io.File("/tmp").getClass()
    assert files.getMethod("getName", []).getName() == "getName"


def test_get_method(jvm):
    items = jvm.java.util.ArrayList([5, 6, 7])
    assert get_method(items, "remove")(0) == 5
    items.remove(7)
    assert list(items) == [6]


def test_java_class_as_argument(jvm):
    string = jvm.java.lang.String
    assert jvm.java.util.Objects.toString(string) == "class java.lang.String"
    assert string._java_lang_class.getName() == "java.lang.String"
    assert jvm.java.lang.reflect.Array.newInstance(string, 2)[0] is None


def test_lambdas_of_java(jvm):
    less = jvm.java.util.Comparator.naturalOrder()
    assert less.compare(1, 2) < 0
    assert jvm.java.util.function.Function.identity().apply("x") == "x"
    assert jvm.java.util.function.Function.identity().toString()


def test_non_public_class_of_public_interface(jvm):
    view = jvm.java.util.Collections.unmodifiableList(jvm.java.util.ArrayList([1, 2]))
    assert view.size() == 2 and view.get(1) == 2
    with pytest.raises(Py4JJavaError, match="UnsupportedOperation"):
        view.add(3)


def test_any_thread(jvm):
    seen = []

    def work():
        for i in range(200):
            seen.append(jvm.java.util.ArrayList([i])[0])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 1600


def test_gil_is_free_while_java_waits(jvm):
    latch = jvm.java.util.concurrent.CountDownLatch(1)
    thread = threading.Thread(target=latch.countDown)
    thread.start()
    wait = getattr(latch, "await")
    wait()
    thread.join()


def test_methods_that_look_at_their_caller(jvm):
    name = jvm.java.lang.Class.forName("java.util.ArrayList")
    field = name.getDeclaredField("size")
    field.setAccessible(True)
    assert field.getInt(jvm.java.util.ArrayList([1, 2])) == 2
    method = name.getMethod("get", [jvm.int])
    assert method.invoke(jvm.java.util.ArrayList(["x"]), [0]) == "x"
    assert method.invoke(jvm.java.util.ArrayList(["x"]), 0) == "x"
    with pytest.raises(Py4JJavaError, match="IndexOutOfBounds"):
        method.invoke(jvm.java.util.ArrayList(), 0)
    assert name.getDeclaredConstructor().newInstance().size() == 0
    with pytest.raises(Py4JJavaError, match="^java.lang.ClassNotFoundException"):
        jvm.java.lang.Class.forName("no.Such")
    assert jvm.java.lang.Thread.currentThread().getContextClassLoader() is not None
