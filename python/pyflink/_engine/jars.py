"""Looks at jars before Java does, which passes over what it cannot read."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable
from urllib.parse import unquote, urlparse

__all__ = ["check_jars"]


def check_jars(urls: Iterable[str], what: str) -> None:
    """Checks that local files can be jars.

    :param urls: paths or URLs; those that are not of a local file are left out.
    :param what: the function or option that they were given to.
    :raises ValueError: one of them is a folder, empty, cut off, or something else than a jar.
    """
    for url in urls:
        parts = urlparse(url)
        if parts.scheme not in ("", "file"):
            continue
        path = unquote(parts.path) if parts.scheme else url
        if os.path.isdir(path):
            why = "a folder"
        elif not os.path.isfile(path) or zipfile.is_zipfile(path):
            continue
        else:
            why = "empty" if os.path.getsize(path) == 0 else "no zip file, or only a part of one"
        raise ValueError("%s: %r is not a jar: it is %s" % (what, path, why))
