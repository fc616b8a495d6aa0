"""Names of side outputs."""

from __future__ import annotations

from typing import Any, Optional, Union

from pyflink.common.typeinfo import RowTypeInfo, TypeInformation, Types

__all__ = ["OutputTag"]


class OutputTag:
    """Names a side output of an operator and the type of its records.

    :param tag_id: the name.
    :param type_info: the type, or a list of field types for rows; any Python objects when None.
    :raises ValueError: the name is empty.
    """

    def __init__(
        self, tag_id: str, type_info: Optional[Union[TypeInformation, list]] = None
    ) -> None:
        if not tag_id:
            raise ValueError("an OutputTag needs a name that is not empty")
        self.tag_id = tag_id
        if type_info is None:
            self.type_info: TypeInformation = Types.PICKLED_BYTE_ARRAY()
        elif isinstance(type_info, list):
            self.type_info = RowTypeInfo(type_info)
        elif isinstance(type_info, TypeInformation):
            self.type_info = type_info
        else:
            raise TypeError(
                "the type of an OutputTag must be a TypeInformation or a list of them, not %s"
                % type(type_info).__name__
            )
        self._j_output_tag: Any = None

    def get_java_output_tag(self) -> Any:
        """The Java OutputTag."""
        if self._j_output_tag is None:
            from pyflink.datastream._java import jvm

            self._j_output_tag = jvm().org.apache.flink.util.OutputTag(
                self.tag_id, self.type_info.get_java_type_info()
            )
        return self._j_output_tag

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_j_output_tag": None}
