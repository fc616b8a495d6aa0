"""The gateway to the JVM in this process."""

from __future__ import annotations

from threading import RLock
from typing import Any

from py4j.java_gateway import JavaGateway, java_import

__all__ = ["get_gateway", "import_flink_view", "is_launch_gateway_disabled", "launch_gateway"]

_gateway: JavaGateway | None = None
_lock = RLock()


def get_gateway() -> JavaGateway:
    """The gateway, the same one at every call. ``get_gateway().jvm`` gives Java's classes.

    The JVM starts with ``import pyflink``; the first use of a class waits for it.
    """
    global _gateway
    with _lock:
        if _gateway is None:
            _gateway = launch_gateway()
        return _gateway


def launch_gateway() -> JavaGateway:
    """A new gateway object on the same JVM."""
    gateway = JavaGateway()
    import_flink_view(gateway)
    return gateway


def is_launch_gateway_disabled() -> bool:
    """Always False: the JVM is part of the process and cannot be missing."""
    return False


def import_flink_view(gateway: Any) -> None:
    """Makes the classes of Flink that programs use known by bare name."""
    for name in (
            "java.util.*",
            "org.apache.flink.api.common.*",
            "org.apache.flink.api.common.typeinfo.TypeInformation",
            "org.apache.flink.api.common.typeinfo.Types",
            "org.apache.flink.api.java.ExecutionEnvironment",
            "org.apache.flink.configuration.*",
            "org.apache.flink.core.execution.JobClient",
            "org.apache.flink.core.fs.Path",
            "org.apache.flink.runtime.state.*",
            "org.apache.flink.streaming.api.*",
            "org.apache.flink.streaming.api.datastream.*",
            "org.apache.flink.streaming.api.environment.*",
            "org.apache.flink.streaming.api.functions.*",
            "org.apache.flink.types.Row"):
        java_import(gateway.jvm, name)
