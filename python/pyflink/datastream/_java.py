"""The Java side of the DataStream API: class look-up, waiting for results, shipping functions."""

from __future__ import annotations

import sys
from typing import Any

from pyflink.datastream._shipping import ship

__all__ = [
    "cancel_job",
    "jvm",
    "new_java_object",
    "ship",
    "transforms",
    "wait_for",
    "wait_for_job",
]

# How long one wait inside Java lasts, in milliseconds. Between two waits Python's signal handlers
# run, so this is also how late Ctrl-C can be noticed when the host cannot interrupt the wait.
_SLICE_MILLIS = 50

# A wait in Java ends with it when a signal came whose Python handler raised nothing: it goes on.
_INTERRUPTED = "java.lang.InterruptedException"

# How long a job may take to end after it was cancelled, in milliseconds.
_CANCEL_MILLIS = 5_000


def jvm() -> Any:
    """The entry to all Java packages."""
    from pyflink.java_gateway import get_gateway

    return get_gateway().jvm


def transforms() -> Any:
    """The Java class that adds Python operators to a program."""
    return jvm().io.pyflinkshell.api.PythonTransforms


def new_java_object(class_name: str) -> Any:
    """An object of a Java class, made by the constructor without arguments.

    :param class_name: the full name of the class.
    :raises TypeError: the class cannot be found or has no such constructor.
    """
    from py4j.protocol import Py4JError

    name = jvm().java.lang.String.valueOf(class_name)
    try:
        loader = jvm().java.lang.Thread.currentThread().getContextClassLoader()
        return jvm().java.lang.Class.forName(name, True, loader).newInstance()
    except Py4JError as error:
        raise TypeError(
            "the Java class %r cannot be loaded or made without arguments (%s); add the jar that "
            "holds it with --jars, env.add_jars() or the option pipeline.jars"
            % (class_name, _first_line(error))
        ) from error


def java_function(function: Any, interface: str, method: str) -> Any:
    """The Java object of a source or sink.

    :param function: its Python wrapper, the Java object itself, or the full name of a class that
        has a constructor without arguments.
    :param interface: the full name of what it must implement.
    :param method: who asks, for the error.
    :raises TypeError: it is none of these, or implements something else.
    """
    from py4j.java_gateway import is_instance_of

    from pyflink.java_gateway import get_gateway

    if isinstance(function, str):
        function = new_java_object(function)
    getter = getattr(function, "get_java_function", None)
    j_function = function if getter is None else getter()
    name = interface.rsplit(".", 1)[1]
    try:
        fits = is_instance_of(get_gateway(), j_function, interface)
    except TypeError:
        fits = False
    if fits:
        return j_function
    j_class = getattr(j_function, "getClass", None)
    found = type(function).__name__ if j_class is None else str(j_class().getName())
    raise TypeError(
        "%s needs a Java %s: its wrapper, its object or the name of its class, not %s%s"
        % (method, name, found, _other_way(j_function, method) if j_class is not None else "")
    )


# Which method takes what another one refuses.
_TAKERS = {
    "org.apache.flink.api.connector.source.Source": "from_source",
    "org.apache.flink.streaming.api.functions.source.SourceFunction": "add_source",
    "org.apache.flink.api.connector.sink2.Sink": "sink_to",
    "org.apache.flink.streaming.api.functions.sink.SinkFunction": "add_sink",
}


def _other_way(j_function: Any, method: str) -> str:
    from py4j.java_gateway import is_instance_of

    from pyflink.java_gateway import get_gateway

    for interface, taker in _TAKERS.items():
        if taker != method and is_instance_of(get_gateway(), j_function, interface):
            return "; %s() takes it" % taker
    return ""


def _first_line(error: BaseException) -> str:
    java = getattr(error, "java_exception", None)
    return (str(java) if java is not None else str(error)).split("\n")[0]


def wait_for(j_future: Any) -> Any:
    """The result of a Java future; Ctrl-C and other signals are handled while waiting.

    :raises Py4JJavaError: the future failed.
    """
    from py4j.protocol import Py4JJavaError

    millis = jvm().java.util.concurrent.TimeUnit.MILLISECONDS
    while not j_future.isDone():
        try:
            return j_future.get(_SLICE_MILLIS, millis)
        except Py4JJavaError as error:
            j_class = error.java_exception.getClass().getName()
            if str(j_class) not in ("java.util.concurrent.TimeoutException", _INTERRUPTED):
                raise
    return j_future.get()


def wait_for_job(j_job_client: Any, cancel: bool = True) -> Any:
    """The Java JobExecutionResult of a submitted job, when it has ended.

    A KeyboardInterrupt, a SystemExit or anything else that a signal handler raises meanwhile
    cancels the job, waits a bounded time for its end, and goes on upwards.

    :param cancel: False lets the job go on in that case.
    :raises JobExecutionError: the job failed.
    :raises OSError: it failed because standard output took no more, as BrokenPipeError.
    """
    cluster = jvm().io.pyflinkshell.cluster.SessionCluster
    wait = getattr(cluster, "await")
    # The job is now the cell's that waits: its progress is shown, and its failure is this call's.
    jobs = jvm().io.pyflinkshell.cluster.SessionJobs
    jobs.waitedFor(j_job_client, True)
    try:
        while True:
            try:
                result = wait(j_job_client, _SLICE_MILLIS)
            except Exception as error:
                if not was_interrupted(error):
                    raise
                continue
            if result is not None:
                return result
    except BaseException as error:
        if _is_the_jobs(error):
            from pyflink.datastream._path_errors import explain_path

            _raise_output_error(error)
            explain_path(error)
            raise
        if cancel:
            cancel_job(j_job_client)
        jobs.waitedFor(j_job_client, False)
        raise


def was_interrupted(error: BaseException) -> bool:
    """Whether a Java call ended because of a signal whose handler raised nothing."""
    java = getattr(error, "java_exception", None)
    return java is not None and str(java.getClass().getName()) == _INTERRUPTED


def _is_the_jobs(error: BaseException) -> bool:
    # A handler may also raise an exception of its own, as a time-out by signal.alarm does.
    from py4j.protocol import Py4JError

    return isinstance(error, Py4JError)


def _raise_output_error(error: BaseException) -> None:
    """Raise what Python's print() would when a job failed because standard output is closed."""
    import errno
    import os

    j_error = getattr(error, "java_exception", None)
    while j_error is not None:
        if str(j_error.getClass().getSimpleName()) == "OutputClosedException":
            text = str(j_error.getCause().getMessage())
            for number in (errno.EPIPE, errno.ENOSPC, errno.EIO):
                if os.strerror(number) == text:
                    raise OSError(number, text) from None
            raise OSError(text) from None
        j_error = j_error.getCause()


def cancel_job(j_job_client: Any) -> None:
    """Cancel a job and wait a bounded time until it has ended. Never raises."""
    from time import monotonic

    try:
        j_job_client.cancel()
        cluster = jvm().io.pyflinkshell.cluster.SessionCluster
        end = monotonic() + _CANCEL_MILLIS / 1000
        while monotonic() < end:
            if getattr(cluster, "await")(j_job_client, _SLICE_MILLIS) is not None:
                return
    except BaseException as error:  # the job failed or was cancelled, or Ctrl-C came again
        if isinstance(error, KeyboardInterrupt):
            print("stopped waiting for the cancelled job", file=sys.stderr)
