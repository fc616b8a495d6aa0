"""A client of the Debug Adapter Protocol over a socket."""

from __future__ import annotations

import json
import socket
import threading
from typing import Any, Callable, Optional

TIMEOUT = 30.0  # seconds for an answer


class DapError(Exception):
    """The debug adapter does not answer."""


def hide_thread(thread: threading.Thread) -> None:
    """Have pydevd neither trace nor stop a thread."""
    thread.pydev_do_not_trace = True  # type: ignore[attr-defined]
    thread.is_pydev_daemon_thread = True  # type: ignore[attr-defined]


class DapClient:
    """Sends requests and waits for their responses; events go to a function.

    :param address: host and port.
    :param on_event: called with each event, on a thread of the client.
    """

    def __init__(
        self, address: tuple[str, int], on_event: Callable[[dict[str, Any]], None]
    ) -> None:
        self._socket = socket.create_connection(address, TIMEOUT)
        self._socket.settimeout(None)
        self._on_event = on_event
        self._changed = threading.Condition()
        self._responses: dict[int, dict[str, Any]] = {}
        self._wanted: set[int] = set()
        self._next = 1
        self._closed = False
        self.initialized = threading.Event()
        reader = threading.Thread(target=self._read, name="debug events", daemon=True)
        hide_thread(reader)
        reader.start()

    def send(self, message: dict[str, Any]) -> int:
        """Send a request; the number by which its response is asked for."""
        with self._changed:
            number = self._next
            self._next += 1
            self._wanted.add(number)
            text = json.dumps({**message, "seq": number}).encode()
            self._socket.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(text), text))
        return number

    def wait(self, number: int, timeout: float = TIMEOUT) -> dict[str, Any]:
        """The response to a request.

        :raises DapError: none came in time, or the connection ended.
        """
        with self._changed:
            self._changed.wait_for(lambda: number in self._responses or self._closed, timeout)
            self._wanted.discard(number)
            response = self._responses.pop(number, None)
        if response is None:
            raise DapError("the debug adapter does not answer")
        return response

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait; its response carries the number of the given message."""
        return {**self.wait(self.send(message)), "request_seq": message.get("seq", 0)}

    def close(self) -> None:
        """End the connection."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()

    def _read(self) -> None:
        try:
            with self._socket.makefile("rb") as stream:
                while True:
                    message = _read_message(stream)
                    if message is None:
                        break
                    self._take(message)
        except (OSError, ValueError):
            pass
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _take(self, message: dict[str, Any]) -> None:
        if message.get("type") == "response":
            with self._changed:
                if message.get("request_seq") in self._wanted:
                    self._responses[message["request_seq"]] = message
                    self._changed.notify_all()
        elif message.get("type") == "event":
            if message.get("event") == "initialized":
                self.initialized.set()
            self._on_event(message)


def _read_message(stream: Any) -> Optional[dict[str, Any]]:
    length = 0
    while True:
        line = stream.readline()
        if not line:
            return None
        if not line.strip():
            break
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    return json.loads(stream.read(length))
