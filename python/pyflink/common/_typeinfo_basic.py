"""The base of the types, and the types whose values are one thing."""

from __future__ import annotations

import datetime
import time
from enum import Enum
from typing import Any, Dict, Optional


def java_types() -> Any:
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
        info = java_types().common.typeinfo.BasicTypeInfo
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


class SingletonTypeInfo(TypeInformation):
    """A type without parameters: all of its instances are equal."""

    _name = ""

    def __eq__(self, o: Any) -> bool:
        return type(o) is type(self)

    def __repr__(self) -> str:
        return self._name


class DateTypeInfo(SingletonTypeInfo):
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
        return java_types().common.typeinfo.SqlTimeTypeInfo.DATE


class TimeTypeInfo(SingletonTypeInfo):
    """A time of day (java.sql.Time); its simple form is microseconds of the day."""

    # How far the machine's zone was from UTC in 1970, in microseconds.
    EPOCH_ORDINAL = time.localtime(0).tm_gmtoff * 10**6
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
        return java_types().common.typeinfo.SqlTimeTypeInfo.TIME


class TimestampTypeInfo(SingletonTypeInfo):
    """A date with a time (java.sql.Timestamp); its simple form is microseconds since 1970."""

    _name = "TimestampTypeInfo"

    def need_conversion(self) -> bool:
        return True

    def to_internal_type(self, dt: Any) -> Optional[int]:
        if dt is None:
            return None
        if dt.tzinfo is not None:
            dt = dt.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        return (dt - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1)

    def from_internal_type(self, ts: Any) -> Optional[datetime.datetime]:
        if ts is None:
            return None
        return datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=ts)

    def _make_java_type_info(self) -> Any:
        return java_types().common.typeinfo.SqlTimeTypeInfo.TIMESTAMP


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
        return getattr(java_types().common.typeinfo.LocalTimeTypeInfo, self._time_type.name)

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, LocalTimeTypeInfo) and self._time_type is other._time_type

    def __repr__(self) -> str:
        return "LocalTimeTypeInfo<%s>" % self._time_type.name
