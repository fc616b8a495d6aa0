"""Files that a job has a copy of wherever it runs."""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["DistributedCache", "DistributedCacheEntry"]


class DistributedCacheEntry(NamedTuple):
    """What was registered under a name."""

    #: Path or URI of the file or folder.
    file_path: str
    #: Whether the copy can be executed.
    is_executable: bool


class DistributedCache:
    """Gives functions the files that the program registered with ``register_cached_file``.

    :param j_distributed_cache: Java's DistributedCache, or None outside of a job.
    """

    def __init__(self, j_distributed_cache: Any) -> None:
        self._j_distributed_cache = j_distributed_cache

    def get_file(self, name: str) -> str:
        """The path of the copy of a file or folder; waits until the copy is complete.

        :param name: the name that it was registered under.
        :raises TypeError: `name` is no str.
        :raises LookupError: no file has this name.
        :raises OSError: the file could not be copied.
        """
        from py4j.protocol import Py4JJavaError

        if not isinstance(name, str):
            raise TypeError("the name must be str, not %s" % type(name).__name__)
        try:
            if self._j_distributed_cache is not None:
                return self._j_distributed_cache.getFile(name).getPath()
        except Py4JJavaError as error:
            kind = error.java_exception.getClass().getSimpleName()
            if kind != "IllegalArgumentException":
                raise OSError("no copy of the cached file %r: %s" % (name, error)) from error
        raise LookupError(
            "no cached file has the name %r; the program registers it with "
            "env.register_cached_file(path, %r)" % (name, name)
        )
