"""The way from Python to Java: gateway, packages, classes, objects."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import _pyflink_engine
from _pyflink_engine import JavaClass, JavaMember, JavaObject

from py4j.java_collections import JavaArray, JavaIterator, JavaList, JavaMap, JavaSet
from py4j.protocol import Py4JError, Py4JJavaError, Py4JNetworkError

__all__ = ["CallbackServerParameters", "GatewayParameters", "JVMView", "JavaArray", "JavaClass",
           "JavaGateway", "JavaIterator", "JavaList", "JavaMap", "JavaMember", "JavaObject",
           "JavaPackage", "JavaSet", "Py4JError", "Py4JJavaError", "Py4JNetworkError", "get_field",
           "get_java_class", "get_method", "is_instance_of", "java_import", "launch_gateway",
           "set_field"]

_PRIMITIVES = frozenset(
    ["boolean", "byte", "short", "char", "int", "long", "float", "double", "void"])


class JavaPackage:
    """A Java package, or a class that was not found (yet): only calling it tells.

    :param fqn: full name, with dots
    """

    def __init__(self, fqn: str, jvm_client: Any = None, jvm_id: Any = None):
        self._fqn = fqn

    def __getattr__(self, name: str) -> Any:
        return _member(self, f"{self._fqn}.{name}", name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(
            f"no Java class '{self._fqn}' on the class path. Add the jar that holds it: "
            f"env.add_jars('file:///…'), the command line option --jars, or the configuration "
            f"option 'pipeline.jars'")

    def __dir__(self) -> list[str]:
        return _names_below(self._fqn)

    def __repr__(self) -> str:
        return f"<java package '{self._fqn}'>"


def _names_below(package: str) -> list[str]:
    # Only asked for completion and by people who look around.
    names = _pyflink_engine.java_class("io.pyflinkshell.bridge.JavaNames")
    return str(names.below(package)).split()


def _member(parent: Any, full_name: str, name: str) -> Any:
    # Classes are kept in the parent, so the next access is one dictionary look-up; a package is
    # kept once a class was found in it, because what is missing now may come with a jar later.
    if name.startswith("__") and name.endswith("__"):
        raise AttributeError(name)
    found = _pyflink_engine.java_class(full_name)
    if found is None and name.startswith("_"):  # asked by a tool such as IPython or inspect
        raise AttributeError(f"no Java class or package {full_name}")
    if found is None:
        package = JavaPackage(full_name)
        object.__setattr__(package, "_parent", parent)
        return package
    parent.__dict__[name] = found
    while isinstance(parent, JavaPackage):
        above = parent.__dict__.get("_parent")
        if above is None:
            break
        above.__dict__.setdefault(parent._fqn.rpartition(".")[2], parent)
        parent = above
    return found


class JVMView:
    """What ``gateway.jvm`` is: packages, java.lang by bare name, imported classes."""

    def __init__(self, gateway_client: Any = None, jvm_name: str = "default", id: Any = None,
                 jvm_object: Any = None):
        self.__dict__["_imports"] = {"java.lang.*": None}
        self.__dict__["_jvm_name"] = jvm_name
        self.__dict__["_gateway_client"] = gateway_client

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if name in _PRIMITIVES:
            found = _pyflink_engine.java_class(name)
        else:
            found = self._imported(name)
        if found is not None:
            self.__dict__[name] = found
            return found
        return _member(self, name, name)

    def _imported(self, name: str) -> Any:
        for pattern in reversed(list(self._imports)):
            package, _, last = pattern.rpartition(".")
            if last == name or last == "*":
                found = _find(f"{package}.{name}")
                if found is not None:
                    return found
        return None

    def __dir__(self) -> list[str]:
        return sorted(set(name for name in vars(self) if not name.startswith("_")) |
                      {"com", "java", "org"})


def _find(name: str) -> Any:
    # An inner class is named with dots in an import and with dollars in Java.
    found = _pyflink_engine.java_class(name)
    while found is None:
        package, dot, last = name.rpartition(".")
        if not dot or not package.rpartition(".")[2][:1].isupper():
            return None
        name = f"{package}${last}"
        found = _pyflink_engine.java_class(name)
    return found


class GatewayParameters:
    """Accepted for programs that make one; there is no network to set up."""

    def __init__(self, address: str = "127.0.0.1", port: int = 25333, auto_field: bool = False,
                 auto_close: bool = True, auto_convert: bool = False, eager_load: bool = False,
                 ssl_context: Any = None, enable_memory_management: bool = True,
                 read_timeout: Any = None, auth_token: Any = None):
        self.address = address
        self.port = port
        self.auto_field = auto_field
        self.auto_close = auto_close
        self.auto_convert = auto_convert
        self.eager_load = eager_load
        self.ssl_context = ssl_context
        self.enable_memory_management = enable_memory_management
        self.read_timeout = read_timeout
        self.auth_token = auth_token


class CallbackServerParameters:
    """Accepted for programs that make one; Java calls Python without a server."""

    def __init__(self, address: str = "127.0.0.1", port: int = 25334, daemonize: bool = False,
                 daemonize_connections: bool = False, eager_load: bool = True,
                 ssl_context: Any = None, accept_timeout: Any = 5, read_timeout: Any = None,
                 propagate_java_exceptions: bool = False, auth_token: Any = None):
        self.address = address
        self.port = port
        self.daemonize = daemonize
        self.daemonize_connections = daemonize_connections
        self.eager_load = eager_load
        self.ssl_context = ssl_context
        self.accept_timeout = accept_timeout
        self.read_timeout = read_timeout
        self.propagate_java_exceptions = propagate_java_exceptions
        self.auth_token = auth_token


class JavaGateway:
    """Gives access to Java: ``jvm`` for classes, ``new_array`` for arrays.

    All parameters are accepted for programs written for py4j and not used.
    """

    def __init__(self, gateway_client: Any = None, auto_field: bool = False,
                 python_proxy_port: int = 25334, start_callback_server: bool = False,
                 auto_convert: bool = False, eager_load: bool = False,
                 gateway_parameters: Any = None, callback_server_parameters: Any = None,
                 python_server_entry_point: Any = None, gateway_property: Any = None,
                 **kwargs: Any):
        self.gateway_parameters = gateway_parameters or GatewayParameters(auto_convert=True)
        self.callback_server_parameters = callback_server_parameters or CallbackServerParameters()
        self.jvm = JVMView()
        self._gateway_client = SimpleNamespace(gateway_property=SimpleNamespace(pool={}))
        self._callback_server = None

    @classmethod
    def launch_gateway(cls, *args: Any, **kwargs: Any) -> JavaGateway:
        """A gateway on the JVM of this process; the arguments are not used."""
        return cls()

    @property
    def entry_point(self) -> Any:
        """The gateway's own Java object in py4j; here the java.lang.Runtime."""
        return self.jvm.java.lang.Runtime.getRuntime()

    @property
    def java_gateway_server(self) -> Any:
        """py4j's server object; there is none, so an error says so."""
        raise Py4JError("there is no gateway server: Java runs inside this process")

    def new_array(self, java_class: Any, *dimensions: int) -> Any:
        """A new Java array with Java's default values.

        :param java_class: class of the elements, such as ``jvm.int`` or ``jvm.java.lang.String``
        :param dimensions: number of elements of each dimension
        :raises TypeError: java_class is no class, or no dimension is given
        :raises ValueError: a dimension is negative
        """
        if not isinstance(java_class, JavaClass):
            if isinstance(java_class, JavaPackage):
                java_class()
            raise TypeError(f"a Java class was expected, not {java_class!r}")
        if not dimensions:
            raise TypeError("new arrays must have at least one dimension")
        return _pyflink_engine.java_new_array(java_class, tuple(dimensions))

    def new_jvm_view(self, name: str = "custom jvm") -> JVMView:
        """A view with imports of its own."""
        return JVMView(jvm_name=name)

    def start_callback_server(self, callback_server_parameters: Any = None) -> bool:
        """Accepted and not needed: Java calls Python directly."""
        return True

    def get_callback_server(self) -> None:
        """There is none."""
        return None

    def help(self, var: Any, pattern: Any = None, short_name: bool = True,
             display: bool = True) -> Any:
        """Shows (or returns) the members of a Java object or class."""
        names = "\n".join(name for name in dir(var) if not name.startswith("_"))
        if not display:
            return names
        print(names)
        return None

    def detach(self, java_object: Any) -> None:
        """Accepted and not needed: references end with the Python object."""

    def close(self, keep_callback_server: bool = False,
              close_callback_server_connections: bool = False) -> None:
        """Does nothing: Java ends with the process."""

    def shutdown(self, raise_exception: bool = False) -> None:
        """Does nothing: Java ends with the process."""

    def shutdown_callback_server(self, raise_exception: bool = False) -> None:
        """Does nothing."""

    def close_callback_server(self, raise_exception: bool = False) -> None:
        """Does nothing."""


def java_import(jvm_view: Any, import_str: str) -> None:
    """Makes a class, or with ``package.*`` all of a package, known by bare name.

    :param jvm_view: ``gateway.jvm``, or the gateway
    :param import_str: such as ``java.util.*`` or ``java.util.ArrayList``
    """
    if isinstance(jvm_view, JavaGateway):
        jvm_view = jvm_view.jvm
    jvm_view._imports.pop(import_str, None)
    jvm_view._imports[import_str] = None
    # A bare name may have been looked up before; forget those that the import can change.
    last = import_str.rpartition(".")[2]
    for name in [last] if last != "*" else [n for n in vars(jvm_view) if n[:1].isupper()]:
        jvm_view.__dict__.pop(name, None)


def get_field(java_object: Any, field_name: str) -> Any:
    """The value of a public field.

    :raises Py4JError: the class has no such public field
    """
    try:
        return _pyflink_engine.java_field(java_object, field_name)
    except AttributeError as e:
        raise Py4JError(str(e)) from None


def set_field(java_object: Any, field_name: str, value: Any) -> None:
    """Sets a public field.

    :raises Py4JError: the class has no such public field, or it is final
    """
    try:
        _pyflink_engine.java_field(java_object, field_name, value)
    except AttributeError as e:
        raise Py4JError(str(e)) from None


def get_method(java_object: Any, method_name: str) -> Any:
    """The Java method of an object, also where Python behaviour has the same name.

    :raises Py4JError: the class has no such public method
    """
    if isinstance(java_object, JavaClass):
        return getattr(java_object, method_name)
    member: Any = getattr(type(java_object), method_name, None)
    if not isinstance(member, JavaMember):
        member = _pyflink_engine.java_method(type(java_object)._fqn, method_name)
    return member.__get__(java_object, type(java_object))


def get_java_class(java_class: JavaClass) -> Any:
    """The java.lang.Class object of a class."""
    return java_class._java_lang_class


def is_instance_of(gateway: Any, java_object: Any, java_class: Any) -> bool:
    """True when an object is an instance of a Java class.

    :param gateway: not used
    :param java_object: any value that can be passed to Java
    :param java_class: a class, its full name, or an object whose class is meant
    :raises Py4JError: there is no class of that name
    """
    if isinstance(java_class, str):
        found = _find(java_class)
        if found is None:
            raise Py4JError(f"no Java class '{java_class}' on the class path")
        java_class = found
    elif isinstance(java_class, JavaObject):
        java_class = type(java_class)
    elif not isinstance(java_class, JavaClass):
        raise TypeError("java_class must be a string, a JavaClass, or a JavaObject")
    return java_class._java_lang_class.isInstance(java_object)


def launch_gateway(*args: Any, **kwargs: Any) -> JavaGateway:
    """The JVM of this process; no other one is started, and the arguments are not used."""
    return JavaGateway()
