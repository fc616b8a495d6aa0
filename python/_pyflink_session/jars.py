"""Jars that are added to a running session."""

from __future__ import annotations

import glob
import os
import re
import subprocess
import tempfile
from typing import Any

from IPython.core.error import UsageError

_COORDINATES = re.compile(r"[\w.-]+:[\w.-]+(:[\w.-]+){1,3}")
_URL = re.compile(r"[a-z][a-z0-9+.-]+://")

_POM = """\
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>session</groupId><artifactId>jars</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>
  </dependency></dependencies>
</project>
"""


def _loader() -> Any:
    from pyflink.java_gateway import get_gateway

    return get_gateway().jvm.io.pyflinkshell.cluster.SessionClassLoader.instance()


def listed() -> list[str]:
    """The jars that were added, by the command line or in the session."""
    return [str(url) for url in _loader().getURLs()]


def add(names: list[str]) -> list[str]:
    """Make the classes of jars known to the session and to its later jobs.

    :param names: paths, patterns, URLs or Maven coordinates.
    :return: what was added.
    :raises UsageError: there is no such jar.
    """
    from pyflink.java_gateway import get_gateway

    found: list[str] = []
    for name in names:
        if _URL.match(name):
            found.append(name)
        elif _COORDINATES.fullmatch(name) and not os.path.exists(name):
            found += _from_maven(name)
        else:
            found += _from_files(name)
    for jar in found:
        url = jar if _URL.match(jar) else "file://" + os.path.abspath(jar)
        _loader().addJar(get_gateway().jvm.java.net.URL(url))
    return found


def _from_files(pattern: str) -> list[str]:
    paths = sorted(glob.glob(os.path.expanduser(pattern)))
    if not paths:
        raise UsageError("there is no file %s" % pattern)
    for path in paths:
        with open(path, "rb") as file:
            if file.read(2) != b"PK":
                raise UsageError("%s is no jar" % path)
    return [os.path.abspath(path) for path in paths]


def _from_maven(coordinates: str) -> list[str]:
    """The jar of group:artifact:version and what it needs, by the program mvn."""
    words = coordinates.split(":")
    if len(words) != 3:
        raise UsageError("%s: group:artifact:version is needed" % coordinates)
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = os.path.join(cache, "pyflink-shell", "jars", "-".join(words))
    if not os.path.isdir(folder):
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        with tempfile.TemporaryDirectory(dir=os.path.dirname(folder)) as work:
            with open(os.path.join(work, "pom.xml"), "w", encoding="utf-8") as file:
                file.write(_POM % tuple(words))
            _run_maven(work, coordinates)
            os.rename(os.path.join(work, "jars"), folder)
    return sorted(glob.glob(os.path.join(folder, "*.jar")))


def _run_maven(work: str, coordinates: str) -> None:
    command = [
        "mvn", "-q", "-B", "-f", os.path.join(work, "pom.xml"), "dependency:copy-dependencies",
        "-DincludeScope=runtime", "-DoutputDirectory=%s" % os.path.join(work, "jars"),
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise UsageError("%s: Maven (mvn) is needed for coordinates" % coordinates) from None
    if done.returncode != 0 or not os.path.isdir(os.path.join(work, "jars")):
        lines = [line for line in done.stdout.splitlines() if line.startswith("[ERROR]")]
        reason = lines[0][8:] if lines else done.stderr.strip() or "mvn brought nothing"
        raise UsageError("%s: %s" % (coordinates, reason))
