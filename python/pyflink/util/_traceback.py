"""Tracebacks as the user should see them: without the frames of this package."""

from __future__ import annotations

import os
import traceback

_HIDDEN = tuple(
    os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), name)
    + os.sep for name in ("pyflink", "py4j"))


def _hidden(filename: str) -> bool:
    examples = _HIDDEN[0] + "examples" + os.sep
    return filename.startswith(_HIDDEN) and not filename.startswith(examples)


def format_exception(error: BaseException) -> str:
    """The traceback with its causes; frames of this package are left out unless all are ours."""
    shown = traceback.TracebackException(type(error), error, error.__traceback__)
    seen: set[int] = set()
    pending: list[traceback.TracebackException | None] = [shown]
    while pending:
        part = pending.pop()
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        users = [frame for frame in part.stack if not _hidden(frame.filename)]
        if users:
            part.stack = traceback.StackSummary.from_list(users)
        pending += [part.__cause__, part.__context__]
        pending += getattr(part, "exceptions", None) or []
    return "".join(shown.format()).rstrip("\n")
