"""The types whose values hold other values, and the type of any Python object."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from pyflink.common._typeinfo_basic import (
    BasicType,
    SingletonTypeInfo,
    TypeInformation,
    java_types,
)


class _ElementTypeInfo(TypeInformation):
    """A type made of many values of one other type.

    :param element_type: the type of each value.
    """

    _name = ""

    def __init__(self, element_type: TypeInformation) -> None:
        self._element_type = element_type
        super().__init__()

    def __eq__(self, o: Any) -> bool:
        return type(o) is type(self) and self._element_type == o._element_type

    def __repr__(self) -> str:
        return "%s<%r>" % (self._name, self._element_type)

    def _java_constant(self, class_name: str, names: Dict[BasicType, str], what: str) -> Any:
        """The constant of a Java class for this element type; TypeError when it has none."""
        basic = getattr(self._element_type, "_basic_type", None)
        if basic not in names:
            raise TypeError(
                "%r cannot be the element type of a %s; possible are %s"
                % (self._element_type, what, ", ".join(sorted(b.name for b in names)))
            )
        return getattr(getattr(java_types().common.typeinfo, class_name), names[basic])


_PRIMITIVES = ("BOOLEAN", "BYTE", "SHORT", "INT", "LONG", "FLOAT", "DOUBLE", "CHAR")
_PRIMITIVE_ARRAYS = {BasicType[n]: n + "_PRIMITIVE_ARRAY_TYPE_INFO" for n in _PRIMITIVES}
_BASIC_ARRAYS = {BasicType[n]: n + "_ARRAY_TYPE_INFO" for n in _PRIMITIVES + ("STRING",)}


class PrimitiveArrayTypeInfo(_ElementTypeInfo):
    """A Java array of primitive values, such as int[]. Its elements cannot be None."""

    _name = "PrimitiveArrayTypeInfo"

    def _make_java_type_info(self) -> Any:
        return self._java_constant("PrimitiveArrayTypeInfo", _PRIMITIVE_ARRAYS, "primitive array")


class BasicArrayTypeInfo(_ElementTypeInfo):
    """A Java array of boxed values, such as Integer[]. Its elements can be None."""

    _name = "BasicArrayTypeInfo"

    def _make_java_type_info(self) -> Any:
        return self._java_constant("BasicArrayTypeInfo", _BASIC_ARRAYS, "basic array")


class ObjectArrayTypeInfo(_ElementTypeInfo):
    """A Java array of any objects. Its elements can be None."""

    _name = "ObjectArrayTypeInfo"

    def _make_java_type_info(self) -> Any:
        # Java turns an array of boxed values into a basic array by itself.
        return java_types().common.typeinfo.Types.OBJECT_ARRAY(
            self._element_type.get_java_type_info()
        )


class ListTypeInfo(_ElementTypeInfo):
    """A java.util.List."""

    _name = "ListTypeInfo"

    # The peer's name for what the base calls the element type.
    @property
    def elem_type(self) -> TypeInformation:
        """The type of each element."""
        return self._element_type

    def _make_java_type_info(self) -> Any:
        return java_types().java.typeutils.ListTypeInfo(self._element_type.get_java_type_info())


class MapTypeInfo(TypeInformation):
    """A java.util.Map.

    :param key_type_info: the type of the keys.
    :param value_type_info: the type of the values.
    """

    def __init__(self, key_type_info: TypeInformation, value_type_info: TypeInformation) -> None:
        self._key_type_info = key_type_info
        self._value_type_info = value_type_info
        super().__init__()

    def _make_java_type_info(self) -> Any:
        return java_types().java.typeutils.MapTypeInfo(
            self._key_type_info.get_java_type_info(), self._value_type_info.get_java_type_info()
        )

    def __eq__(self, other: Any) -> bool:
        return (
            isinstance(other, MapTypeInfo)
            and self._key_type_info == other._key_type_info
            and self._value_type_info == other._value_type_info
        )

    def __repr__(self) -> str:
        return "MapTypeInfo<%r, %r>" % (self._key_type_info, self._value_type_info)


class PickledBytesTypeInfo(SingletonTypeInfo):
    """Any Python object. In Java it is the bytes of its pickle; print() shows str() of it."""

    _name = "PickledByteArrayTypeInfo"

    def _make_java_type_info(self) -> Any:
        from pyflink.java_gateway import get_gateway

        return get_gateway().jvm.io.pyflinkshell.types.PickledBytesTypeInfo.INSTANCE


class RowTypeInfo(TypeInformation):
    """A :class:`pyflink.common.Row` with typed fields.

    :param field_types: one type for each position.
    :param field_names: one name for each position; f0, f1, … when None.
    """

    def __init__(
        self, field_types: List[TypeInformation], field_names: Optional[List[str]] = None
    ) -> None:
        self._field_types = list(field_types)
        self._field_names = None if field_names is None else list(field_names)
        super().__init__()

    def get_field_names(self) -> List[str]:
        """The field names in order."""
        if self._field_names is None:
            return ["f%d" % i for i in range(len(self._field_types))]
        return self._field_names

    def get_field_index(self, field_name: str) -> int:
        """The position of a field.

        :raises ValueError: there is no such field.
        """
        return self.get_field_names().index(field_name)

    def get_field_types(self) -> List[TypeInformation]:
        """The field types in order."""
        return self._field_types

    def _make_java_type_info(self) -> Any:
        if self._field_names is not None and len(self._field_names) != len(self._field_types):
            raise ValueError(
                "a row type with %d field names and %d field types: %r"
                % (len(self._field_names), len(self._field_types), self._field_names)
            )
        from pyflink.java_gateway import get_gateway
        from pyflink.util.java_utils import to_jarray

        jvm = get_gateway().jvm
        types = to_jarray(
            jvm.org.apache.flink.api.common.typeinfo.TypeInformation,
            [field.get_java_type_info() for field in self._field_types],
        )
        row_type = jvm.org.apache.flink.api.java.typeutils.RowTypeInfo
        if self._field_names is None:
            return row_type(types)
        return row_type(types, to_jarray(jvm.java.lang.String, self._field_names))

    def __eq__(self, other: Any) -> bool:
        # As in Java, names do not make two row types differ.
        return isinstance(other, RowTypeInfo) and self._field_types == other._field_types

    def __repr__(self) -> str:
        if self._field_names is None:
            return "RowTypeInfo(%s)" % ", ".join(map(repr, self._field_types))
        return "RowTypeInfo(%s)" % ", ".join(
            "%s: %r" % pair for pair in zip(self._field_names, self._field_types)
        )

    def need_conversion(self) -> bool:
        return True

    def to_internal_type(self, obj: Any) -> Any:
        if obj is None:
            return None
        from pyflink.common.types import Row

        kind = 0
        if isinstance(obj, dict):
            values = [obj.get(name) for name in self.get_field_names()]
        elif isinstance(obj, Row):
            kind = obj.get_row_kind().value
            values = obj.get_fields_by_names(self.get_field_names())
        elif isinstance(obj, (tuple, list)):
            values = list(obj)
        else:
            raise ValueError("%r is no row, tuple, list or dict, as %r needs" % (obj, self))
        return (kind,) + tuple(t.to_internal_type(v) for t, v in zip(self._field_types, values))

    def from_internal_type(self, obj: Any) -> Any:
        return obj


class TupleTypeInfo(TypeInformation):
    """A Python tuple, a Tuple0 to Tuple25 in Java.

    :param field_types: one type for each position.
    """

    def __init__(self, field_types: List[TypeInformation]) -> None:
        self._field_types = list(field_types)
        super().__init__()

    def get_field_types(self) -> List[TypeInformation]:
        """The field types in order."""
        return self._field_types

    def _make_java_type_info(self) -> Any:
        from pyflink.java_gateway import get_gateway
        from pyflink.util.java_utils import to_jarray

        jvm = get_gateway().jvm
        return jvm.org.apache.flink.api.java.typeutils.TupleTypeInfo(
            to_jarray(
                jvm.org.apache.flink.api.common.typeinfo.TypeInformation,
                [field.get_java_type_info() for field in self._field_types],
            )
        )

    def need_conversion(self) -> bool:
        return True

    def to_internal_type(self, obj: Any) -> Any:
        if obj is None:
            return None
        return tuple(t.to_internal_type(v) for t, v in zip(self._field_types, obj))

    def from_internal_type(self, obj: Any) -> Any:
        return obj

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, TupleTypeInfo) and self._field_types == other._field_types

    def __repr__(self) -> str:
        return "TupleTypeInfo(%s)" % ", ".join(map(repr, self._field_types))


class ExternalTypeInfo(TypeInformation):
    """A type of the Table API seen from a DataStream.

    :param type_info: the type of the values.
    """

    def __init__(self, type_info: TypeInformation) -> None:
        self._type_info = type_info
        super().__init__()

    def get_java_type_info(self) -> Any:
        raise NotImplementedError("ExternalTypeInfo needs the Table API, which is not here yet")

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, ExternalTypeInfo) and self._type_info == other._type_info

    def __repr__(self) -> str:
        return "ExternalTypeInfo<%r>" % self._type_info
