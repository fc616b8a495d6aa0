"""Classes and calls that go wrong, and unusual class hierarchies."""
from __future__ import annotations

import sys
import threading
import zipfile

import pytest
from py4j.protocol import Py4JError, Py4JJavaError
from pyflink.java_gateway import get_gateway
from pyflink.util.java_utils import add_jars_to_context_class_loader

SOURCES = {
    "Gone": "public class Gone {}",
    "Broken": "public class Broken { static { fail(); } static void fail() { "
              "throw new IllegalStateException(\"no start\"); } "
              "public static int value() { return 1; } }",
    "Partial": "public class Partial { public Gone gone() { return null; } "
               "public void take(Gone g) {} public int fine() { return 5; } "
               "public static int also() { return 6; } }",
    "Names": "public class Names { public int size = 7; public int size() { return 8; } "
             "public String name() { return \"n\"; } public String __len__() { return \"l\"; } "
             "public static String from(int a) { return \"from\"; } public int self = 1; "
             "public String mro() { return \"mro\"; } public int __class__() { return 1; } }",
    "Left": "public interface Left { default String who() { return \"left\"; } }",
    "Right": "public interface Right { default String who() { return \"right\"; } "
             "default String only(int a) { return \"right\"; } }",
    "OneOrder": "public class OneOrder implements Left, Right { "
                "public String who() { return Left.super.who(); } }",
    "OtherOrder": "public class OtherOrder extends OneOrder implements Right, Left { "
                  "public String only(String a) { return \"other\"; } }",
    "Overloads": "public class Overloads { public String f(int a) { return \"int\"; } "
                 "public String f(Object a) { return \"Object\"; } "
                 "public String f(int... a) { return \"ints\"; } "
                 "public String f(java.util.List<?> a) { return \"List\"; } "
                 "public String g(byte a, byte b) { return \"bytes\"; } "
                 "public String g(long a, long b) { return \"longs\"; } }",
    "SubOverloads": "public class SubOverloads extends Overloads { "
                    "public String f(String a) { return \"String\"; } "
                    "public static String f(String a, int b) { return \"static\"; } }",
    "Deep": "public class Deep { public static int down(int n) { return down(n + 1) + 1; } "
            "public static void hostile() { throw new Hostile(); } "
            "static class Hostile extends RuntimeException { "
            "public String getMessage() { throw new IllegalStateException(\"x\"); } "
            "public String toString() { throw new IllegalStateException(\"y\"); } } "
            "public static Object angry() { return new Object() { "
            "public String toString() { throw new IllegalStateException(\"no text\"); } "
            "public int hashCode() { throw new IllegalStateException(\"no hash\"); } "
            "public boolean equals(Object o) { throw new IllegalStateException(\"no equals\"); }"
            "}; } }",
}


@pytest.fixture(scope="module")
def jvm():
    return get_gateway().jvm


@pytest.fixture(scope="module")
def faults(jvm, tmp_path_factory):
    compiler = jvm.javax.tools.ToolProvider.getSystemJavaCompiler()
    if compiler is None:
        pytest.skip("no Java compiler in this Java")
    folder = tmp_path_factory.mktemp("faults")
    files = []
    for name, source in SOURCES.items():
        file = folder / f"{name}.java"
        file.write_text(f"package org.example.faults; {source}")
        files.append(str(file))
    assert compiler.run(None, None, None, "-Xlint:none", "-d", str(folder), *files) == 0
    with zipfile.ZipFile(folder / "faults.jar", "w") as jar:
        for file in (folder / "org/example/faults").iterdir():
            if file.name != "Gone.class":
                jar.write(file, f"org/example/faults/{file.name}")
    add_jars_to_context_class_loader([str(folder / "faults.jar")])
    return jvm.org.example.faults


def test_static_initialiser_fails(faults):
    with pytest.raises(Py4JJavaError, match="ExceptionInInitializerError"):
        faults.Broken.value()
    with pytest.raises(Py4JJavaError, match="NoClassDefFoundError"):
        faults.Broken.value()


def test_class_that_needs_a_missing_class(faults):
    assert faults.Partial.__name__ == "Partial"
    assert "hashCode" in dir(faults.Partial)
    with pytest.raises((Py4JError, AttributeError)):
        faults.Partial().gone()


def test_names_that_mean_something_to_python(faults):
    names = faults.Names()
    assert names.size() == 8 and names.name() == "n" and names.mro() == "mro"
    assert getattr(faults.Names, "from")(1) == "from"
    assert names.self == 1
    from py4j.java_gateway import get_field
    assert get_field(names, "size") == 7
    assert isinstance(names, faults.Names)


def test_interfaces_in_both_orders(faults):
    other = faults.OtherOrder()
    assert other.who() == "left" and other.only("a") == "other" and other.only(1) == "right"
    assert isinstance(other, faults.Left) and isinstance(other, faults.Right)
    assert faults.OneOrder().only(1) == "right"


def test_overloads_of_a_subclass(faults):
    base, sub = faults.Overloads(), faults.SubOverloads()
    assert (base.f(1), base.f("a"), base.f([1]), base.f(1, 2), base.f()) == (
        "int", "Object", "List", "ints", "ints")
    assert (sub.f(1), sub.f("a"), sub.f([1]), sub.f(1, 2), sub.f("a", 1)) == (
        "int", "String", "List", "ints", "static")
    assert faults.SubOverloads.f("a", 2) == "static"
    assert faults.SubOverloads.f(sub, "a") == "String"
    assert base.g(1, 2) == "longs"


def test_stack_overflow_is_an_error(faults, jvm):
    with pytest.raises(Py4JJavaError, match="StackOverflowError"):
        faults.Deep.down(0)
    assert jvm.Math.abs(-1) == 1


def test_hostile_exception(faults):
    with pytest.raises(Py4JJavaError) as e:
        faults.Deep.hostile()
    assert "Hostile" in str(e.value)
    assert e.value.java_stack_trace()


def test_hostile_object(faults):
    angry = faults.Deep.angry()
    assert "Deep$1" in repr(angry)
    for action in (str, hash, lambda o: o == angry, lambda o: {o: 1}):
        with pytest.raises(Py4JJavaError, match="IllegalStateException"):
            action(angry)


def test_no_memory(jvm):
    with pytest.raises(Py4JJavaError, match="OutOfMemoryError"):
        get_gateway().new_array(jvm.long, 2**31 - 1, 4)
    assert jvm.Math.abs(-1) == 1


def test_python_recursion_limit_inside_java(jvm):
    class Endless:
        def apply(self, value):
            return jvm.java.util.Optional.of(value).map(self).get()

        class Java:
            implements = ["java.util.function.Function"]

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(400)
    try:
        # Whichever stack ends first; that of Java is small on the first thread of a process.
        with pytest.raises((RecursionError, Py4JJavaError)):
            jvm.java.util.Optional.of(1).map(Endless())
    finally:
        sys.setrecursionlimit(limit)
    assert jvm.Math.abs(-1) == 1


def test_types_made_by_many_threads_at_once(jvm):
    names = ["java.util.concurrent.ConcurrentSkipListMap", "java.util.concurrent.Phaser",
             "java.time.ZonedDateTime", "java.util.stream.IntStream", "java.text.DecimalFormat",
             "java.util.concurrent.ForkJoinPool", "java.nio.channels.FileChannel"]
    barrier, found = threading.Barrier(6), []

    def work():
        barrier.wait()
        found.append(tuple(_find(jvm, n) for n in names))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6 and len(set(found)) == 1


def _find(jvm, name):
    for part in name.split("."):
        jvm = getattr(jvm, part)
    return jvm
