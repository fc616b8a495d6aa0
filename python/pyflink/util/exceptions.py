"""Exceptions of Java code and of failed jobs."""

from __future__ import annotations

import functools
import sys
from typing import Any, Callable

from py4j.protocol import Py4JJavaError, java_trace_wanted

from pyflink.util._traceback import format_exception

__all__ = ["CatalogException", "DatabaseAlreadyExistException", "DatabaseNotEmptyException",
           "DatabaseNotExistException", "FunctionAlreadyExistException",
           "FunctionNotExistException", "JavaException", "JobExecutionError",
           "PartitionAlreadyExistsException", "PartitionNotExistException",
           "PartitionSpecInvalidException", "TableAlreadyExistException", "TableException",
           "TableNotExistException", "TableNotPartitionedException", "capture_java_exception",
           "convert_py4j_exception", "install_exception_handler", "install_py4j_hooks"]

_REPR_LIMIT = 500
_TRACE_LIMIT = 50_000

# What Python was doing when no function of the user's was running.
_OUTSIDE_FUNCTIONS = {
    "input": "raised when a record that came to the operator was read",
    "output": "raised when the result was written, for the next operator to read",
}


class JavaException(Exception):
    """A Java exception told by its stack trace.

    :param stack_trace: the Java stack trace as text
    """

    def __init__(self, stack_trace: str = ""):
        super().__init__(stack_trace)
        self._stack_trace = stack_trace

    @property
    def stack_trace(self) -> str:
        """The Java stack trace as text."""
        return self._stack_trace

    def __str__(self) -> str:
        return self.stack_trace


class JobExecutionError(Py4JJavaError, JavaException):
    """A job failed because a Python function of the user's did.

    str() begins with the Python traceback, then names the operator, the subtask and the record.
    ``__cause__`` is the Java exception.
    """

    #: The exception that the function raised; None when it is not from this process.
    python_exception: BaseException | None
    #: Name of the operator, or None when the failure is not inside a job.
    operator_name: str | None
    #: Index of the subtask, from 0; -1 when not known.
    subtask: int
    #: repr() of the record that was processed, or None.
    record: str | None
    #: Which input of an operator with two inputs the record came from, 1 or 2; else 0.
    input: int

    def __init__(self, msg: Any, java_exception: Any, details: Any = None,
                 python_exception: BaseException | None = None):
        super().__init__(msg, java_exception)
        self.python_exception = python_exception
        self.operator_name = details.getOperatorName() if details is not None else None
        self.subtask = details.getSubtask() if details is not None else -1
        self.record = details.getRecordRepr() if details is not None else None
        self.input = details.getInput() if details is not None else 0
        self._details = details
        self._text: str | None = None

    def __str__(self) -> str:
        if self._text is None:
            self._text = self._describe()
        text = self._text
        if java_trace_wanted():
            text += "\n\nJava stack trace:\n" + "\n".join(self.java_stack_trace())
        return text

    @property
    def stack_trace(self) -> str:
        """The Java stack trace as text."""
        return "\n".join(self.java_stack_trace())

    def _describe(self) -> str:
        details = self._details
        if details is None:
            return str(self.errmsg)
        text = details.getPythonTraceback() or str(self.errmsg)
        if self.operator_name is not None:
            place = f"in operator '{self.operator_name}'"
            if self.subtask >= 0:
                place += f" (subtask {self.subtask + 1}/{details.getParallelism()})"
            if self.record is not None:
                where = f" of input {self.input}" if self.input else ""
                place += f", on record{where}: {self.record}"
            text += "\n" + place
        return text


class _JavaCause(Py4JJavaError):
    # The Java exception of a failed job; its stack trace is shown by the JobExecutionError.

    def __str__(self) -> str:
        return str(self.errmsg)


# Shown under the name of what it is for the user.
_JavaCause.__module__ = Py4JJavaError.__module__
_JavaCause.__qualname__ = Py4JJavaError.__qualname__


def _job_error(message: str, java_exception: Any, details: Any,
               original: BaseException | None) -> JobExecutionError:
    # Called by the engine when a Python exception is among the causes of a Java one.
    error = JobExecutionError(message, java_exception, details, original)
    error.__cause__ = _JavaCause(message.splitlines()[0] if message else "", java_exception)
    install_exception_handler()
    return error


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}… ({len(text) - limit} more characters) …{text[-half:]}"


def _describe(error: BaseException, record: Any, has_record: int, what: str | None) -> tuple:
    # Called by the engine to throw a Python exception into Java. Must not fail.
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else (
        f"{kind.__module__}.{kind.__qualname__}")
    try:
        message = str(error)
    except Exception as broken:
        message = f"(no message: {broken!r})"
    try:
        trace = format_exception(error)
    except Exception:
        trace = f"{name}: {message}"
    trace = _cut(trace, _TRACE_LIMIT) + _missing_module_hint(error)
    message = _cut(message, _TRACE_LIMIT)
    if what in _OUTSIDE_FUNCTIONS and not message.startswith("operator '"):
        trace += f"\n({_OUTSIDE_FUNCTIONS[what]})"
    shown = None
    if has_record:
        try:
            shown = repr(record)
        except Exception as broken:
            shown = f"(no repr: {type(broken).__name__})"
        if len(shown) > _REPR_LIMIT:
            shown = shown[:_REPR_LIMIT] + "…"
    return name, message, trace, shown


def _missing_module_hint(error: BaseException | None) -> str:
    # The module may be the program's own, which is only importable where the program runs.
    for _ in range(10):
        if isinstance(error, ModuleNotFoundError) and error.name:
            return (
                f"\n(the job does not bring the module '{error.name.partition('.')[0]}' along: "
                "-pyfs or env.add_python_file() ships a module, -pyreq or "
                "env.set_python_requirements() installs a package)")
        if error is None:
            break
        error = error.__cause__ or error.__context__
    return ""


class TableException(JavaException):
    """The Table API of Flink failed."""


class CatalogException(JavaException):
    """A catalog failed."""


class DatabaseAlreadyExistException(JavaException):
    """The database is there already."""


class DatabaseNotEmptyException(JavaException):
    """The database still holds tables."""


class DatabaseNotExistException(JavaException):
    """There is no such database."""


class FunctionAlreadyExistException(JavaException):
    """The function is there already."""


class FunctionNotExistException(JavaException):
    """There is no such function."""


class PartitionAlreadyExistsException(JavaException):
    """The partition is there already."""


class PartitionNotExistException(JavaException):
    """There is no such partition."""


class PartitionSpecInvalidException(JavaException):
    """The partition specification does not fit the table."""


class TableAlreadyExistException(JavaException):
    """The table is there already."""


class TableNotExistException(JavaException):
    """There is no such table."""


class TableNotPartitionedException(JavaException):
    """The table has no partitions."""


_CATALOG = "org.apache.flink.table.catalog.exceptions."
_BY_JAVA_NAME = {
    "org.apache.flink.table.api.TableException": TableException,
    **{_CATALOG + kind.__name__: kind for kind in (
        CatalogException, DatabaseAlreadyExistException, DatabaseNotEmptyException,
        DatabaseNotExistException, FunctionAlreadyExistException, FunctionNotExistException,
        PartitionAlreadyExistsException, PartitionNotExistException,
        PartitionSpecInvalidException, TableAlreadyExistException, TableNotExistException,
        TableNotPartitionedException)},
}


def convert_py4j_exception(e: Py4JJavaError) -> JavaException:
    """The exception of this module that stands for a Java one.

    :param e: what a Java call raised
    :return: an instance of the class that has the Java class's name, else a JavaException
    """
    trace = "\n".join(e.java_stack_trace())
    name = getattr(type(e.java_exception), "_fqn", "")
    return _BY_JAVA_NAME.get(name, JavaException)(trace)


def capture_java_exception(f: Callable) -> Callable:
    """A function like ``f`` that raises this module's exceptions for Java's catalog exceptions.

    Any other exception is raised as it is.
    """

    @functools.wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return f(*args, **kwargs)
        except Py4JJavaError as e:
            converted = convert_py4j_exception(e)
            if type(converted) is JavaException:
                raise
            raise converted from e

    return wrapped


def install_exception_handler() -> None:
    """Lets an uncaught JobExecutionError be shown Python first, without its Java cause.

    Called when the first such error is made. A sys.excepthook of the program's is left alone.
    """
    hook = sys.excepthook
    if hook is sys.__excepthook__ or getattr(hook, "__module__", "") == "_pyflink_host":
        sys.excepthook = functools.partial(_show_uncaught, hook)


def _show_uncaught(show: Callable, kind: Any, error: BaseException, trace: Any) -> None:
    if not isinstance(error, JobExecutionError):
        show(kind, error, trace)
        return
    cause, suppressed = error.__cause__, error.__suppress_context__
    error.__cause__, error.__suppress_context__ = None, True
    try:
        show(kind, error, trace)
    finally:
        error.__cause__, error.__suppress_context__ = cause, suppressed


def install_py4j_hooks() -> None:
    """Nothing to install: a missing Java class already raises an error that names it."""
