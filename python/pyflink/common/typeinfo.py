"""Type information: what kind of value a stream carries, in Python and in Java."""

from __future__ import annotations

import calendar
import datetime
import time
from enum import Enum
from typing import Any, Dict, List, Optional

from pyflink.common._java_types import from_java_type as _from_java_type  # noqa: F401

__all__ = ["TypeInformation", "Types"]


def _java_types() -> Any:
    """The JVM's package that holds most of Flink's type classes."""
    from pyflink.java_gateway import get_gateway

    return get_gateway().jvm.org.apache.flink.api


class TypeInformation:
    """The type of the values in a stream. Make one with :class:`Types`.

    A TypeInformation is plain Python data until its Java counterpart is asked for, so it can be
    made before the JVM runs, shared between streams, and shipped inside functions.
    """

    def __init__(self) -> None:
        self._j_typeinfo: Any = None

    def get_java_type_info(self) -> Any:
        """The org.apache.flink.api.common.typeinfo.TypeInformation of the same type.

        :raises TypeError: Java has no such type, for example a primitive array of strings.
        """
        if self._j_typeinfo is None:
            self._j_typeinfo = self._make_java_type_info()
        return self._j_typeinfo

    def _make_java_type_info(self) -> Any:
        raise NotImplementedError("%s.get_java_type_info" % type(self).__name__)

    def need_conversion(self) -> bool:
        """Whether :meth:`to_internal_type` changes values of this type."""
        return False

    def to_internal_type(self, obj: Any) -> Any:
        """The simple form of a value (numbers, strings, tuples) that stands for `obj`."""
        return obj

    def from_internal_type(self, obj: Any) -> Any:
        """The value that the simple form `obj` stands for."""
        return obj

    def __getstate__(self) -> Dict[str, Any]:
        # The Java object belongs to this process; the receiver makes its own when it needs one.
        return {**self.__dict__, "_j_typeinfo": None}

    __hash__ = None  # type: ignore[assignment]


class BasicType(Enum):
    """The types that are one value; the value of each constant is its printed name."""

    STRING = "String"
    BYTE = "Byte"
    BOOLEAN = "Boolean"
    SHORT = "Short"
    INT = "Integer"
    LONG = "Long"
    FLOAT = "Float"
    DOUBLE = "Double"
    CHAR = "Char"
    BIG_INT = "BigInteger"
    BIG_DEC = "BigDecimal"
    INSTANT = "Instant"


class BasicTypeInfo(TypeInformation):
    """A type of one value: a number, a string, a boolean.

    :param basic_type: which one.
    """

    def __init__(self, basic_type: BasicType) -> None:
        self._basic_type = basic_type
        super().__init__()

    def _make_java_type_info(self) -> Any:
        info = _java_types().common.typeinfo.BasicTypeInfo
        return getattr(info, self._basic_type.name + "_TYPE_INFO")

    def __eq__(self, o: Any) -> bool:
        return isinstance(o, BasicTypeInfo) and self._basic_type is o._basic_type

    def __repr__(self) -> str:
        return self._basic_type.value

    @staticmethod
    def STRING_TYPE_INFO() -> BasicTypeInfo:
        return BasicTypeInfo(BasicType.STRING)

    @staticmethod
    def BOOLEAN_TYPE_INFO() -> BasicTypeInfo:
        return BasicTypeInfo(BasicType.BOOLEAN)

    @staticmethod
    def BYTE_TYPE_INFO() -> BasicTypeInfo:
        return BasicTypeInfo(BasicType.BYTE)

    @staticmethod
    def SHORT_TYPE_INFO() -> BasicTypeInfo:
        return BasicTypeInfo(BasicType.SHORT)

    @staticmethod
    def INT_TYPE_INFO() -> BasicTypeInfo:
        return BasicTypeInfo(BasicType.INT)

    @staticmethod
    def LONG_TYPE_INFO() -> BasicTypeInfo:
        return BasicTypeInfo(BasicType.LONG)

    @staticmethod
    def FLOAT_TYPE_INFO() -> BasicTypeInfo:
        return BasicTypeInfo(BasicType.FLOAT)

    @staticmethod
    def DOUBLE_TYPE_INFO() -> BasicTypeInfo:
        return BasicTypeInfo(BasicType.DOUBLE)

    @staticmethod
    def CHAR_TYPE_INFO() -> BasicTypeInfo:
        return BasicTypeInfo(BasicType.CHAR)

    @staticmethod
    def BIG_INT_TYPE_INFO() -> BasicTypeInfo:
        return BasicTypeInfo(BasicType.BIG_INT)

    @staticmethod
    def BIG_DEC_TYPE_INFO() -> BasicTypeInfo:
        return BasicTypeInfo(BasicType.BIG_DEC)

    @staticmethod
    def INSTANT_TYPE_INFO() -> BasicTypeInfo:
        return InstantTypeInfo(BasicType.INSTANT)


class InstantTypeInfo(BasicTypeInfo):
    """A point on the time line; its simple form is microseconds since 1970 in UTC.

    :param basic_type: BasicType.INSTANT.
    """

    def need_conversion(self) -> bool:
        return True

    def to_internal_type(self, obj: Any) -> Optional[int]:
        return None if obj is None else obj.seconds * 10**6 + obj.nanos // 1000

    def from_internal_type(self, obj: Any) -> Any:
        from pyflink.common.time import Instant

        return None if obj is None else Instant(obj // 10**6, obj % 10**6 * 1000)


class _SingletonTypeInfo(TypeInformation):
    """A type without parameters: all of its instances are equal."""

    _name = ""

    def __eq__(self, o: Any) -> bool:
        return type(o) is type(self)

    def __repr__(self) -> str:
        return self._name


class DateTypeInfo(_SingletonTypeInfo):
    """A calendar day (java.sql.Date); its simple form is days since 1970-01-01."""

    EPOCH_ORDINAL = datetime.date(1970, 1, 1).toordinal()
    _name = "DateTypeInfo"

    def __init__(self) -> None:
        super().__init__()

    def need_conversion(self) -> bool:
        return True

    def to_internal_type(self, d: Any) -> Optional[int]:
        return None if d is None else d.toordinal() - self.EPOCH_ORDINAL

    def from_internal_type(self, v: Any) -> Optional[datetime.date]:
        return None if v is None else datetime.date.fromordinal(v + self.EPOCH_ORDINAL)

    def _make_java_type_info(self) -> Any:
        return _java_types().common.typeinfo.SqlTimeTypeInfo.DATE


class TimeTypeInfo(_SingletonTypeInfo):
    """A time of day (java.sql.Time); its simple form is microseconds of the day."""

    EPOCH_ORDINAL = calendar.timegm(time.localtime(0)) * 10**6
    _name = "TimeTypeInfo"

    def need_conversion(self) -> bool:
        return True

    def to_internal_type(self, t: Any) -> Optional[int]:
        if t is None:
            return None
        offset = t.utcoffset() or datetime.timedelta()
        day = datetime.timedelta(hours=t.hour, minutes=t.minute, seconds=t.second) - offset
        return day // datetime.timedelta(microseconds=1) + t.microsecond

    def from_internal_type(self, t: Any) -> Optional[datetime.time]:
        if t is None:
            return None
        seconds, micros = divmod(t, 10**6)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return datetime.time(hours, minutes, seconds, micros)

    def _make_java_type_info(self) -> Any:
        return _java_types().common.typeinfo.SqlTimeTypeInfo.TIME


class TimestampTypeInfo(_SingletonTypeInfo):
    """A date with a time (java.sql.Timestamp); its simple form is microseconds since 1970."""

    _name = "TimestampTypeInfo"

    def need_conversion(self) -> bool:
        return True

    def to_internal_type(self, dt: Any) -> Optional[int]:
        if dt is None:
            return None
        seconds = calendar.timegm(dt.utctimetuple() if dt.tzinfo else dt.timetuple())
        return seconds * 10**6 + dt.microsecond

    def from_internal_type(self, ts: Any) -> Optional[datetime.datetime]:
        if ts is None:
            return None
        return datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=ts)

    def _make_java_type_info(self) -> Any:
        return _java_types().common.typeinfo.SqlTimeTypeInfo.TIMESTAMP


class SqlTimeTypeInfo(TypeInformation):
    """The three types of java.sql that hold dates and times."""

    @staticmethod
    def DATE() -> TypeInformation:
        return DateTypeInfo()

    @staticmethod
    def TIME() -> TypeInformation:
        return TimeTypeInfo()

    @staticmethod
    def TIMESTAMP() -> TypeInformation:
        return TimestampTypeInfo()


class LocalTimeTypeInfo(TypeInformation):
    """The types of java.time that hold dates and times without a zone.

    :param time_type: which one.
    """

    class TimeType(Enum):
        """The three local types."""

        LOCAL_DATE = 0
        LOCAL_TIME = 1
        LOCAL_DATE_TIME = 2

    def __init__(self, time_type: TimeType) -> None:
        self._time_type = time_type
        super().__init__()

    def _make_java_type_info(self) -> Any:
        return getattr(_java_types().common.typeinfo.LocalTimeTypeInfo, self._time_type.name)

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, LocalTimeTypeInfo) and self._time_type is other._time_type

    def __repr__(self) -> str:
        return "LocalTimeTypeInfo<%s>" % self._time_type.name


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
        return getattr(getattr(_java_types().common.typeinfo, class_name), names[basic])


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
        return _java_types().common.typeinfo.Types.OBJECT_ARRAY(
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
        return _java_types().java.typeutils.ListTypeInfo(self._element_type.get_java_type_info())


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
        return _java_types().java.typeutils.MapTypeInfo(
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


class PickledBytesTypeInfo(_SingletonTypeInfo):
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
        from pyflink.util.java_utils import to_jarray
        from pyflink.java_gateway import get_gateway

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
        from pyflink.util.java_utils import to_jarray
        from pyflink.java_gateway import get_gateway

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


class Types:
    """Makes every kind of :class:`TypeInformation`."""

    STRING = BasicTypeInfo.STRING_TYPE_INFO
    BYTE = BasicTypeInfo.BYTE_TYPE_INFO
    BOOLEAN = BasicTypeInfo.BOOLEAN_TYPE_INFO
    SHORT = BasicTypeInfo.SHORT_TYPE_INFO
    INT = BasicTypeInfo.INT_TYPE_INFO
    LONG = BasicTypeInfo.LONG_TYPE_INFO
    FLOAT = BasicTypeInfo.FLOAT_TYPE_INFO
    DOUBLE = BasicTypeInfo.DOUBLE_TYPE_INFO
    CHAR = BasicTypeInfo.CHAR_TYPE_INFO
    BIG_INT = BasicTypeInfo.BIG_INT_TYPE_INFO
    BIG_DEC = BasicTypeInfo.BIG_DEC_TYPE_INFO
    INSTANT = BasicTypeInfo.INSTANT_TYPE_INFO

    SQL_DATE = SqlTimeTypeInfo.DATE
    SQL_TIME = SqlTimeTypeInfo.TIME
    SQL_TIMESTAMP = SqlTimeTypeInfo.TIMESTAMP

    PICKLED_BYTE_ARRAY = PickledBytesTypeInfo

    @staticmethod
    def LOCAL_DATE() -> TypeInformation:
        """A datetime.date, java.time.LocalDate in Java."""
        return LocalTimeTypeInfo(LocalTimeTypeInfo.TimeType.LOCAL_DATE)

    @staticmethod
    def LOCAL_TIME() -> TypeInformation:
        """A datetime.time, java.time.LocalTime in Java."""
        return LocalTimeTypeInfo(LocalTimeTypeInfo.TimeType.LOCAL_TIME)

    @staticmethod
    def LOCAL_DATE_TIME() -> TypeInformation:
        """A datetime.datetime without a zone, java.time.LocalDateTime in Java."""
        return LocalTimeTypeInfo(LocalTimeTypeInfo.TimeType.LOCAL_DATE_TIME)

    @staticmethod
    def ROW(field_types: List[TypeInformation]) -> RowTypeInfo:
        """A row whose fields are called f0, f1, ….

        :param field_types: one type for each field.
        """
        return RowTypeInfo(field_types)

    @staticmethod
    def ROW_NAMED(field_names: List[str], field_types: List[TypeInformation]) -> RowTypeInfo:
        """A row with named fields.

        :param field_names: one name for each field.
        :param field_types: one type for each field.
        """
        return RowTypeInfo(field_types, field_names)

    @staticmethod
    def TUPLE(field_types: List[TypeInformation]) -> TupleTypeInfo:
        """A tuple of at most 25 fields.

        :param field_types: one type for each field.
        """
        return TupleTypeInfo(field_types)

    @staticmethod
    def PRIMITIVE_ARRAY(element_type: TypeInformation) -> TypeInformation:
        """A Java array of primitive values.

        :param element_type: BOOLEAN, BYTE, SHORT, INT, LONG, FLOAT, DOUBLE or CHAR.
        """
        return PrimitiveArrayTypeInfo(element_type)

    @staticmethod
    def BASIC_ARRAY(element_type: TypeInformation) -> TypeInformation:
        """A Java array of boxed values.

        :param element_type: BOOLEAN, BYTE, SHORT, INT, LONG, FLOAT, DOUBLE, CHAR or STRING.
        """
        return BasicArrayTypeInfo(element_type)

    @staticmethod
    def OBJECT_ARRAY(element_type: TypeInformation) -> TypeInformation:
        """A Java array of objects.

        :param element_type: the type of each element.
        """
        return ObjectArrayTypeInfo(element_type)

    @staticmethod
    def MAP(key_type_info: TypeInformation, value_type_info: TypeInformation) -> TypeInformation:
        """A dict, java.util.Map in Java.

        :param key_type_info: the type of the keys.
        :param value_type_info: the type of the values.
        """
        return MapTypeInfo(key_type_info, value_type_info)

    @staticmethod
    def LIST(element_type_info: TypeInformation) -> TypeInformation:
        """A list, java.util.List in Java.

        :param element_type_info: the type of each element.
        """
        return ListTypeInfo(element_type_info)
