"""Errors as a cell shows them: the user's frames, and Python's error before Java's."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from _pyflink_session.programs import OURS


_CELL_FILE = re.compile(r'File "<ipython-input-(\d+)-[0-9a-f]+>", line')


def _is_ours(filename: str) -> bool:
    from pyflink.util._traceback import _hidden

    return _hidden(filename) or any(part in filename for part in OURS)


def with_cell_names(text: str) -> str:
    """A traceback in which cells are called as IPython calls them."""
    return _CELL_FILE.sub(r"Cell In[\1], line", text)


def _users_part(trace: Any) -> Any:
    """A traceback without the frames of this project, or None when all are its own."""
    frames = []
    while trace is not None:
        if not _is_ours(trace.tb_frame.f_code.co_filename):
            frames.append(trace)
        trace = trace.tb_next
    for earlier, later in zip(frames, frames[1:]):
        earlier.tb_next = later
    if frames:
        frames[-1].tb_next = None
    return frames[0] if frames else None


@contextlib.contextmanager
def cleaned(error: BaseException) -> Iterator[bool]:
    """While this lasts, an error has only the frames that its cell should show.

    True when its traceback now begins with a frame of the user's.

    A failed job's error is its Python traceback; the Java exception behind it is shown only when
    Java's traces are wanted.
    """
    from pyflink.util.exceptions import JobExecutionError

    seen: set[int] = set()
    pending: list[Any] = [error]
    restore = []
    while pending:
        part = pending.pop()
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        users = _users_part(part.__traceback__)
        if users is not None:
            part.__traceback__ = users
        if isinstance(part, JobExecutionError):
            restore.append((part, part.__cause__, part.__suppress_context__))
            part.__cause__, part.__suppress_context__ = None, True
            continue
        pending += [part.__cause__, part.__context__]
    try:
        yield _users_part(error.__traceback__) is not None
    finally:
        for part, cause, suppressed in restore:
            part.__cause__, part.__suppress_context__ = cause, suppressed
