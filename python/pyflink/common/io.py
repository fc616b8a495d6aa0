"""Input formats of Java, and what writing does to files that are there."""

from __future__ import annotations

from enum import Enum
from typing import Any

from pyflink.common.utils import JavaObjectWrapper

__all__ = ["InputFormat", "WriteMode"]


class InputFormat(JavaObjectWrapper):
    """A Java org.apache.flink.api.common.io.InputFormat.

    :param j_input_format: the Java object.
    """

    def __init__(self, j_input_format: Any) -> None:
        super().__init__(j_input_format)


class WriteMode(Enum):
    """What happens when a file that is to be written is there already."""

    NO_OVERWRITE = 0
    OVERWRITE = 1

    def _to_j_write_mode(self) -> Any:
        from pyflink.java_gateway import get_gateway

        return getattr(get_gateway().jvm.org.apache.flink.core.fs.FileSystem.WriteMode, self.name)
