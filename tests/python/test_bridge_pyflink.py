"""pyflink.java_gateway, pyflink.util and the errors of jobs."""
from __future__ import annotations

import os
from datetime import timedelta

import pytest
from py4j.java_gateway import JavaGateway
from py4j.protocol import Py4JError, Py4JJavaError
from pyflink.java_gateway import get_gateway, is_launch_gateway_disabled
from pyflink.util import exceptions, java_utils


@pytest.fixture(scope="module")
def jvm():
    return get_gateway().jvm


def test_gateway():
    gateway = get_gateway()
    assert gateway is get_gateway() and isinstance(gateway, JavaGateway)
    assert gateway.entry_point is not None and not is_launch_gateway_disabled()
    with pytest.raises(Py4JError, match="inside this process"):
        gateway.java_gateway_server.shutdown()


def test_flink_names_by_bare_name(jvm):
    assert jvm.Configuration is jvm.org.apache.flink.configuration.Configuration
    assert jvm.StreamExecutionEnvironment.__name__ == "StreamExecutionEnvironment"


def test_to_jarray(jvm):
    array = java_utils.to_jarray(jvm.java.lang.String, ["a", None])
    assert list(array) == ["a", None] and len(array) == 2
    assert list(java_utils.to_jarray(jvm.int, range(3))) == [0, 1, 2]
    assert list(java_utils.to_jarray(jvm.int, [])) == []
    with pytest.raises(TypeError):
        java_utils.to_jarray(jvm.int, ["a"])


def test_is_instance_of(jvm):
    items = jvm.java.util.ArrayList()
    check = java_utils.is_instance_of
    assert check(items, "java.util.List") and check(items, jvm.java.util.List)
    assert check(items, jvm.java.util.List._java_lang_class)
    assert check("x", "java.lang.String") and not check(5, "java.lang.String")
    with pytest.raises(TypeError):
        check(items, 5)


def test_reflection(jvm):
    tuple2 = jvm.org.apache.flink.api.java.tuple.Tuple2("a", 1)
    assert java_utils.get_field_value(tuple2, "f0") == "a"
    items = jvm.java.util.ArrayList([1, 2])
    assert java_utils.get_field_value(items, "size") == 2  # private
    assert java_utils.get_field_value(items, "modCount") >= 0  # of the superclass
    with pytest.raises(ValueError, match="no field 'nope'"):
        java_utils.get_field_value(items, "nope")
    assert java_utils.invoke_method(items, "java.util.ArrayList", "get", [1], ["int"]) == 2
    assert java_utils.invoke_method(items, "java.util.ArrayList", "size") == 2
    assert java_utils.load_java_class("java.util.List").getName() == "java.util.List"
    with pytest.raises(Py4JJavaError, match=r"ClassNotFoundException: no\.Such"):
        java_utils.load_java_class("no.Such")


def test_environment_configuration(jvm):
    env = jvm.StreamExecutionEnvironment.createLocalEnvironment()
    configuration = java_utils.get_j_env_configuration(env)
    configuration.setString("a.b", "c")
    again = java_utils.get_j_env_configuration(env)
    assert again.getString("a.b", None) == "c"
    assert java_utils.is_local_deployment(jvm.Configuration())


def test_flink_time():
    time = java_utils.to_j_flink_time(timedelta(seconds=1.5))
    assert time.toMilliseconds() == 1500
    assert java_utils.from_j_flink_time(time) == timedelta(seconds=1.5)


def test_add_jar_that_is_missing():
    with pytest.raises(ValueError, match="no jar file"):
        java_utils.add_jars_to_context_class_loader(["/no/such.jar"])


def test_add_jar(jvm, tmp_path):
    compiler = jvm.javax.tools.ToolProvider.getSystemJavaCompiler()
    if compiler is None:
        pytest.skip("no Java compiler in this Java")
    source = tmp_path / "Added.java"
    source.write_text("package org.example.added; public class Added { "
                      "public static String hello(String n) { return \"hello \" + n; } }")
    jar = tmp_path / "added.jar"
    assert compiler.run(None, None, None, "-d", str(tmp_path), str(source)) == 0
    import zipfile
    with zipfile.ZipFile(jar, "w") as out:
        out.write(tmp_path / "org/example/added/Added.class", "org/example/added/Added.class")
    with pytest.raises(TypeError, match="no Java class"):
        jvm.org.example.added.Added()
    java_utils.add_jars_to_context_class_loader([jar.as_uri()])
    assert jvm.org.example.added.Added.hello("you") == "hello you"


def test_names_of_the_peer():
    for name in ("TableException", "CatalogException", "DatabaseNotExistException",
                 "JavaException", "capture_java_exception", "install_exception_handler"):
        assert hasattr(exceptions, name)
    error = exceptions.JavaException("trace")
    assert str(error) == error.stack_trace == "trace"


def test_converted_exception(jvm):
    @exceptions.capture_java_exception
    def fail():
        jvm.java.lang.Integer.parseInt("x")

    with pytest.raises(Py4JJavaError) as e:
        fail()
    converted = exceptions.convert_py4j_exception(e.value)
    assert type(converted) is exceptions.JavaException
    assert "NumberFormatException" in converted.stack_trace.splitlines()[0]


def _divide(value):
    return 1 // (value - 2)


def test_error_of_a_job():
    from pyflink.datastream import StreamExecutionEnvironment

    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    env.from_collection([1, 2, 3]).map(_divide).print()
    with pytest.raises(exceptions.JobExecutionError) as e:
        env.execute()
    error = e.value
    lines = str(error).splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert os.path.basename(__file__) in lines[1] and "_divide" in lines[1]
    assert not any("pyflink/" in line for line in lines if line.lstrip().startswith("File"))
    assert lines[-2].startswith("ZeroDivisionError")
    assert lines[-1] == "in operator 'Map' (subtask 1/1), on record: 2"
    assert isinstance(error, Py4JJavaError) and isinstance(error.python_exception,
                                                           ZeroDivisionError)
    assert (error.operator_name, error.subtask, error.record) == ("Map", 0, "2")
    assert "JobExecutionException" in str(error.__cause__)
    assert any("at org.apache.flink" in line for line in error.__cause__.java_stack_trace())


class _Hostile(Exception):
    def __str__(self):
        raise RuntimeError("no text")


class _HostileRecord:
    def __repr__(self):
        raise RuntimeError("no repr")


def _raise_hostile(value):
    raise _Hostile()


def _make_hostile(value):
    return _HostileRecord()


def test_error_that_cannot_be_described():
    from pyflink.datastream import StreamExecutionEnvironment

    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    env.from_collection([1]).map(_make_hostile).map(_raise_hostile).print()
    with pytest.raises(exceptions.JobExecutionError) as e:
        env.execute()
    assert "_Hostile" in str(e.value)
    assert "no repr" in str(e.value)


def test_long_record_is_cut():
    from pyflink.datastream import StreamExecutionEnvironment

    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    env.from_collection(["x" * 100_000]).map(lambda value: value.nothing).print()
    with pytest.raises(exceptions.JobExecutionError) as e:
        env.execute()
    assert len(str(e.value)) < 2_000 and len(e.value.record) < 510


def test_a_member_that_is_not_there(jvm):
    items = jvm.java.util.ArrayList()
    for kind in (Py4JError, AttributeError):
        with pytest.raises(kind, match="Java class java.*'noSuch'"):
            jvm.java.lang.Math.noSuch(1)
    with pytest.raises(AttributeError, match="'ArrayList' object has no attribute 'noSuch'"):
        items.noSuch()
    assert not hasattr(items, "noSuch") and getattr(items, "noSuch", 5) == 5
    assert getattr(jvm.java.lang.Math, "noSuch", 6) == 6
