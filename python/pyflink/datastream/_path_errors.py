"""Why a job could not write a local file, said in front of Java's error."""

from __future__ import annotations

import os
import re
from typing import Any, Optional

# What Flink's local file system and the JDK say, and the path.
_SAID = re.compile(
    r"(?:Failed to create the parent directory|FileAlreadyExistsException|Mkdirs failed to create"
    r"|AccessDeniedException|FileNotFoundException): *(?:file:)?(?P<path>/[^\n(:]*)"
)


def explain_path(error: Any) -> None:
    """Put the reason in front of a Py4JJavaError's text, when it is one that can be seen here.

    :param error: what the job failed with; changed in place.
    """
    said = _SAID.search(str(getattr(error, "errmsg", None)))
    reason = None if said is None else _reason(said.group("path").strip())
    if reason is not None:
        error.errmsg = "%s\n%s" % (reason, error.errmsg)


def _reason(path: str) -> Optional[str]:
    """Why nothing can be written at `path`, or None when something can."""
    there = path
    while not os.path.lexists(there):
        there = os.path.dirname(there)
    if os.path.isdir(there):
        if not os.access(there, os.W_OK | os.X_OK):
            return "cannot write %r: the folder %r is not writable for this user" % (path, there)
    elif there != path:
        return "cannot write %r: %r is a file, not a folder" % (path, there)
    elif not os.access(path, os.W_OK):
        return "cannot write %r: the file is not writable for this user" % path
    else:
        return "%r is a file where a folder was to be made, or one that is not replaced" % path
    return None
