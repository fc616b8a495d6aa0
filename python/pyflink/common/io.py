"""Input formats of Java."""

from __future__ import annotations

from typing import Any

from pyflink.common.utils import JavaObjectWrapper

__all__ = ["InputFormat"]


class InputFormat(JavaObjectWrapper):
    """A Java org.apache.flink.api.common.io.InputFormat.

    :param j_input_format: the Java object.
    """

    def __init__(self, j_input_format: Any) -> None:
        super().__init__(j_input_format)
