"""Comms: channels between objects here and widgets of a client.

The `comm` package, which ipywidgets uses, keeps the open ones. Its two functions are replaced when
it is imported, so that a session without widgets does not pay for it.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Optional

import _pyflink_engine as engine


def _publish(
    comm_id: str, kind: str, data: Any, metadata: Any, buffers: Any, keys: dict[str, Any]
) -> None:
    given = {name: value for name, value in keys.items() if value is not None}
    content = {"data": data or {}, "comm_id": comm_id, **given}
    # The first buffer is the message's metadata: its content has no place for it.
    first = json.dumps(metadata or {}, default=str).encode()
    engine.session_send(
        kind + "+metadata", json.dumps(content, default=str), [first, *_bytes(buffers)]
    )


def _bytes(buffers: Any) -> list[memoryview]:
    """Buffers as flat, contiguous memory."""
    views = [memoryview(buffer) for buffer in buffers or ()]
    return [view.cast("B") if view.contiguous else memoryview(bytes(view)) for view in views]


class Comms:
    """Connects the comm package to the kernel.

    :raises ModuleNotFoundError: the package is not there.
    """

    def __init__(self) -> None:
        import comm
        from comm.base_comm import BaseComm, CommManager

        class KernelComm(BaseComm):
            """A comm whose messages go to the clients."""

            def publish_msg(
                self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None,
                **keys: Any,
            ) -> None:  # fmt: skip
                """Send a message."""
                _publish(self.comm_id, msg_type, data, metadata, buffers, keys)

        self.manager = CommManager()
        comm.create_comm = KernelComm
        comm.get_comm_manager = lambda: self.manager

    def receive(self, kind: str, message: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """Hand a client's message to its comm."""
        message = {**message, "msg_type": kind, "buffers": [memoryview(b) for b in buffers]}
        getattr(self.manager, kind)(None, None, message)
        return {"status": "ok"}

    def info(self, target: Optional[str]) -> dict[str, Any]:
        """The open comms by id, of one target or all."""
        return {
            name: {"target_name": comm.target_name}
            for name, comm in list(self.manager.comms.items())
            if target is None or comm.target_name == target
        }


class Finder:
    """Begins with comms when a program imports the package.

    :param begin: called right after the import.
    """

    def __init__(self, begin: Any) -> None:
        self._begin = begin

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The spec of `comm` with a loader that also begins; None for any other module."""
        if name != "comm":
            return None
        sys.meta_path.remove(self)
        import importlib.util

        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def exec_module(module: Any) -> None:
                run(module)
                self._begin()

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec
