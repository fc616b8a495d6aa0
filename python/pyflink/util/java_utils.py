"""Helpers for programs that use Java objects directly."""

from __future__ import annotations

import pathlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlparse

from _pyflink_engine import JavaClass, JavaObject
from py4j.java_gateway import is_instance_of as py4j_is_instance_of

from pyflink.java_gateway import get_gateway

__all__ = ["add_jars_to_context_class_loader", "create_url_class_loader", "from_j_flink_time",
           "get_field", "get_field_value", "get_j_env_configuration", "invoke_method",
           "is_instance_of", "is_local_deployment", "load_java_class", "to_j_explain_detail_arr",
           "to_j_flink_time", "to_jarray"]


def to_jarray(j_type: Any, arr: Iterable) -> Any:
    """A Java array with the given elements.

    :param j_type: class of the elements, such as ``gateway.jvm.int``
    :param arr: the elements
    :raises TypeError: an element does not fit the type
    """
    values = list(arr)
    j_arr = get_gateway().new_array(j_type, len(values))
    j_arr[:] = values
    return j_arr


def is_instance_of(java_object: Any, java_class: Any) -> bool:
    """True when an object is an instance of a Java class.

    :param java_object: any value that can be passed to Java
    :param java_class: a class, a java.lang.Class object, or the class's full name
    :raises TypeError: java_class is none of these
    """
    if isinstance(java_class, JavaObject) and type(java_class)._fqn == "java.lang.Class":
        return java_class.isInstance(java_object)
    return py4j_is_instance_of(get_gateway(), java_object, java_class)


def get_j_env_configuration(j_env: Any) -> Any:
    """The Configuration object inside a Java execution environment, not a copy."""
    if is_instance_of(j_env, "org.apache.flink.api.java.ExecutionEnvironment"):
        return invoke_method(j_env, "org.apache.flink.api.java.ExecutionEnvironment",
                             "getConfiguration")
    return get_field_value(j_env, "configuration")


def get_field_value(java_obj: Any, field_name: str) -> Any:
    """The value of a field of any visibility, looked up in the class and its superclasses.

    :raises ValueError: there is no such field
    """
    j_class = java_obj if isinstance(java_obj, JavaClass) else type(java_obj)
    field = get_field(j_class._java_lang_class, field_name)
    return field.get(None if isinstance(java_obj, JavaClass) else java_obj)


def get_field(cls: Any, field_name: str) -> Any:
    """The java.lang.reflect.Field of any visibility, made accessible.

    :param cls: a java.lang.Class object
    :raises ValueError: neither the class nor a superclass has the field
    """
    at = cls
    while at is not None:
        for field in at.getDeclaredFields():
            if field.getName() == field_name:
                field.setAccessible(True)
                return field
        at = at.getSuperclass()
    raise ValueError(f"Java class {cls.getName()} has no field '{field_name}'")


def load_java_class(class_name: str) -> Any:
    """The java.lang.Class object of that name, through the context class loader.

    :raises Py4JJavaError: there is no such class
    """
    jvm = get_gateway().jvm
    loader = jvm.java.lang.Thread.currentThread().getContextClassLoader()
    return jvm.java.lang.Class.forName(class_name, False, loader)


def invoke_method(obj: Any, object_type: str, method_name: str, args: Any = None,
                  arg_types: Any = None) -> Any:
    """Calls a method of any visibility.

    :param obj: the object, or None for a static method
    :param object_type: name of the class that declares the method
    :param method_name: name of the method
    :param args: the arguments, or None
    :param arg_types: full names of the parameter classes, or None for a method without parameters
    :raises Py4JJavaError: no such method, or it threw an exception
    """
    jvm = get_gateway().jvm
    types = [getattr(jvm, name)._java_lang_class
             if name in ("boolean", "byte", "short", "char", "int", "long", "float", "double")
             else load_java_class(name) for name in arg_types or []]
    method = load_java_class(object_type).getDeclaredMethod(
        method_name, to_jarray(jvm.java.lang.Class, types))
    method.setAccessible(True)
    return method.invoke(obj, to_jarray(jvm.java.lang.Object, args or []))


def is_local_deployment(j_configuration: Any) -> bool:
    """True when jobs with this configuration run in this process."""
    jvm = get_gateway().jvm
    options = jvm.org.apache.flink.configuration.DeploymentOptions
    return j_configuration.getString(options.TARGET.key(), "local") in ("local", "minicluster")


def add_jars_to_context_class_loader(jar_urls: list[str]) -> None:
    """Makes the classes of jars known to this program and to its jobs.

    :param jar_urls: URLs such as ``file:///a/b.jar``, or plain paths
    :raises ValueError: an entry is neither a URL nor a file that exists
    """
    jvm = get_gateway().jvm
    loader = jvm.java.lang.Thread.currentThread().getContextClassLoader()
    urls = [_url(jvm, entry) for entry in jar_urls]
    add = getattr(loader, "addJar", None)
    if add is not None:
        for url in urls:
            add(url)
        return
    present = {url.toString() for url in loader.getURLs()} if hasattr(loader, "getURLs") else set()
    missing = [url for url in urls if url.toString() not in present]
    if missing:
        jvm.java.lang.Thread.currentThread().setContextClassLoader(
            create_url_class_loader([url.toString() for url in missing], loader))


def _url(jvm: Any, entry: str) -> Any:
    if urlparse(entry).scheme and not (len(entry) > 1 and entry[1] == ":"):
        return jvm.java.net.URL(entry)
    path = pathlib.Path(entry)
    if not path.is_file():
        raise ValueError(f"no jar file {entry}")
    return jvm.java.net.URL(path.resolve().as_uri())


def create_url_class_loader(urls: list[str], parent_class_loader: Any) -> Any:
    """A new java.net.URLClassLoader.

    :param urls: URLs of jars and folders
    :param parent_class_loader: the class loader to ask first
    """
    jvm = get_gateway().jvm
    return jvm.java.net.URLClassLoader(
        to_jarray(jvm.java.net.URL, [jvm.java.net.URL(url) for url in urls]), parent_class_loader)


def to_j_flink_time(time_delta: timedelta) -> Any:
    """A Java org.apache.flink.api.common.time.Time of whole milliseconds."""
    jvm = get_gateway().jvm
    return jvm.org.apache.flink.api.common.time.Time.milliseconds(
        round(time_delta / timedelta(milliseconds=1)))


def from_j_flink_time(j_flink_time: Any) -> timedelta:
    """The timedelta of a Java org.apache.flink.api.common.time.Time."""
    return timedelta(milliseconds=j_flink_time.toMilliseconds())


def to_j_explain_detail_arr(p_extra_details: Iterable) -> Any:
    """A Java array of ExplainDetail; needs the Table API's jars.

    :param p_extra_details: Python ExplainDetail members
    """
    jvm = get_gateway().jvm
    details = jvm.org.apache.flink.table.api.ExplainDetail
    return to_jarray(details, [getattr(details, d.name) for d in p_extra_details])
