"""sys.stdout, sys.stderr, input() and threads: what a cell writes goes to that cell."""

from __future__ import annotations

import builtins
import getpass
import io
import threading
from typing import Any

import _pyflink_engine as engine


class CellStream(io.TextIOBase):
    """A text stream whose writes go to the cell that the writer works for.

    :param error: standard error instead of standard output.
    :param terminal: what isatty() says.
    """

    encoding = "utf-8"
    errors = "backslashreplace"
    newlines = None
    line_buffering = True

    def __init__(self, error: bool, terminal: bool) -> None:
        super().__init__()
        self._error = error
        self._terminal = terminal
        self.name = "<stderr>" if error else "<stdout>"
        self.mode = "w"

    def write(self, text: str) -> int:
        """Write a string; waits while the front end is behind."""
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not %s" % type(text).__name__)
        engine.session_write(self._error, text)
        return len(text)

    def writable(self) -> bool:
        """Always true."""
        return True

    def isatty(self) -> bool:
        """Whether the front end is a terminal."""
        return self._terminal

    def fileno(self) -> int:
        """The process's own descriptor: what is written there is not tagged with a cell."""
        return 2 if self._error else 1

    @property
    def buffer(self) -> _Bytes:
        """A binary stream that writes UTF-8 to the same place."""
        return _Bytes(self)

    def close(self) -> None:
        """Has no effect: the stream lives as long as the session."""


class _Bytes(io.RawIOBase):
    def __init__(self, stream: CellStream) -> None:
        super().__init__()
        self._stream = stream

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        data = bytes(data)
        self._stream.write(data.decode("utf-8", "replace"))
        return len(data)

    def fileno(self) -> int:
        return self._stream.fileno()


def _ask(prompt: object = "", /) -> str:
    return engine.session_input(str(prompt))


def _ask_password(prompt: str = "Password: ", stream: Any = None) -> str:
    return engine.session_input(str(prompt), True)


def _start_in_cell(start: Any) -> Any:
    def start_thread(self: threading.Thread) -> None:
        if "run" not in self.__dict__:
            cell, run = engine.session_cell(), self.run

            def run_in_cell() -> None:
                engine.session_enter_cell(cell)
                self.__dict__.pop("run", None)
                run()

            self.run = run_in_cell  # type: ignore[method-assign]
        start(self)

    start_thread.__doc__ = start.__doc__
    return start_thread


def install(terminal: bool) -> None:
    """Replace the process's streams, input() and getpass(); threads inherit their cell."""
    import sys

    sys.stdout = CellStream(False, terminal)
    sys.stderr = CellStream(True, terminal)
    builtins.input = _ask
    getpass.getpass = _ask_password
    threading.Thread.start = _start_in_cell(threading.Thread.start)  # type: ignore[method-assign]
