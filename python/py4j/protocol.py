"""Exceptions of Java calls. Their short text is what Java says; the Java trace is on request."""

from __future__ import annotations

from typing import Any

import _pyflink_engine

__all__ = ["Py4JAttributeError", "Py4JAuthenticationError", "Py4JError", "Py4JJavaError",
           "Py4JMethodError", "Py4JNetworkError", "register_input_converter",
           "register_output_converter"]


class Py4JError(Exception):
    """A call into Java could not be made.

    :param args: the message
    :param cause: ignored; py4j's callers pass it
    """

    def __init__(self, args: Any = None, cause: Any = None):
        super().__init__(*([] if args is None else [args]))
        self.cause = cause


class Py4JNetworkError(Py4JError):
    """Never raised here, because no network is between Python and Java."""

    def __init__(self, args: Any = None, cause: Any = None, when: Any = None):
        super().__init__(args, cause)
        self.when = when


class Py4JAuthenticationError(Py4JNetworkError):
    """Never raised here, because no network is between Python and Java."""


class Py4JMethodError(Py4JError, TypeError):
    """No overload of the Java method or constructor takes the arguments given."""


class Py4JAttributeError(Py4JError, AttributeError):
    """A Java class has no such static member.

    py4j says so when the member is called; here it is known when it is looked up, where
    ``hasattr`` and the like want an AttributeError. An object without such a member raises
    CPython's plain AttributeError: any other look-up would make each call of a method dearer.
    """


class Py4JJavaError(Py4JError):
    """Java code threw an exception.

    :param msg: what was being done, or the short text of the exception
    :param java_exception: the Java exception, a Java object
    """

    def __init__(self, msg: Any, java_exception: Any):
        super().__init__(msg)
        self.errmsg = msg
        self.java_exception = java_exception
        self.exception_cmd = None

    def java_stack_trace(self) -> list[str]:
        """The Java stack trace, one line per entry."""
        try:
            return _pyflink_engine.java_stack_trace(self.java_exception).splitlines()
        except Exception as e:  # a str() of an exception must not fail
            return [f"(no Java stack trace: {e})"]

    def __str__(self) -> str:
        text = str(self.errmsg)
        if java_trace_wanted():
            text += "\n\nJava stack trace:\n" + "\n".join(self.java_stack_trace())
        return text


# What an interactive session chose; None for what the command line says.
_java_trace: Any = None


def java_trace_wanted() -> bool:
    """True when Java stack traces are to be shown with errors (option --java-trace)."""
    if _java_trace is not None:
        return bool(_java_trace)
    return bool(_pyflink_engine.options().get("java_trace"))


def _java_error(message: str, java_exception: Any) -> Py4JJavaError:
    """Called by the engine for every Java exception that no Python exception caused."""
    return Py4JJavaError(message, java_exception)


def register_input_converter(converter: Any, prepend: bool = False) -> None:
    """Accepted and not needed: the engine converts Python's collections itself."""


def register_output_converter(output_type: Any, converter: Any) -> None:
    """Accepted and not needed."""
