"""From Java's TypeInformation to ours."""

from __future__ import annotations

from typing import Any, Callable, Dict


def _fields(j_type: Any) -> list:
    return [from_java_type(j_type.getTypeAt(i)) for i in range(j_type.getArity())]


def _basic(j_type: Any) -> Any:
    from pyflink.common.typeinfo import BasicType, BasicTypeInfo

    name = str(j_type.getTypeClass().getSimpleName())
    names = {basic.value: basic for basic in BasicType}
    names["Character"] = BasicType.CHAR
    if name not in names:
        raise _unsupported(j_type)
    return getattr(BasicTypeInfo, names[name].name + "_TYPE_INFO")()


def _sql(j_type: Any) -> Any:
    from pyflink.common.typeinfo import Types

    return getattr(Types, "SQL_" + str(j_type.getTypeClass().getSimpleName()).upper())()


def _local(j_type: Any) -> Any:
    from pyflink.common.typeinfo import Types

    names = {"LocalDate": "LOCAL_DATE", "LocalTime": "LOCAL_TIME"}
    name = str(j_type.getTypeClass().getSimpleName())
    return getattr(Types, names.get(name, "LOCAL_DATE_TIME"))()


def _primitive_array(j_type: Any) -> Any:
    from pyflink.common.typeinfo import Types

    name = str(j_type.getTypeClass().getComponentType().getName())
    return Types.PRIMITIVE_ARRAY(getattr(Types, name.upper())())


def _basic_array(j_type: Any) -> Any:
    from pyflink.common.typeinfo import Types

    return Types.BASIC_ARRAY(from_java_type(j_type.getComponentInfo()))


def _object_array(j_type: Any) -> Any:
    from pyflink.common.typeinfo import Types

    return Types.OBJECT_ARRAY(from_java_type(j_type.getComponentInfo()))


def _row(j_type: Any) -> Any:
    from pyflink.common.typeinfo import Types

    return Types.ROW_NAMED([str(name) for name in j_type.getFieldNames()], _fields(j_type))


def _tuple(j_type: Any) -> Any:
    from pyflink.common.typeinfo import Types

    return Types.TUPLE(_fields(j_type))


def _map(j_type: Any) -> Any:
    from pyflink.common.typeinfo import Types

    return Types.MAP(
        from_java_type(j_type.getKeyTypeInfo()), from_java_type(j_type.getValueTypeInfo())
    )


def _list(j_type: Any) -> Any:
    from pyflink.common.typeinfo import Types

    return Types.LIST(from_java_type(j_type.getElementTypeInfo()))


def _pickled(_: Any) -> Any:
    from pyflink.common.typeinfo import Types

    return Types.PICKLED_BYTE_ARRAY()


_BY_CLASS: Dict[str, Callable[[Any], Any]] = {
    "org.apache.flink.api.common.typeinfo.BasicTypeInfo": _basic,
    "org.apache.flink.api.common.typeinfo.IntegerTypeInfo": _basic,
    "org.apache.flink.api.common.typeinfo.FractionalTypeInfo": _basic,
    "org.apache.flink.api.common.typeinfo.SqlTimeTypeInfo": _sql,
    "org.apache.flink.api.common.typeinfo.LocalTimeTypeInfo": _local,
    "org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo": _primitive_array,
    "org.apache.flink.api.common.typeinfo.BasicArrayTypeInfo": _basic_array,
    "org.apache.flink.api.java.typeutils.ObjectArrayTypeInfo": _object_array,
    "org.apache.flink.api.java.typeutils.RowTypeInfo": _row,
    "org.apache.flink.api.java.typeutils.TupleTypeInfo": _tuple,
    "org.apache.flink.api.java.typeutils.MapTypeInfo": _map,
    "org.apache.flink.api.java.typeutils.ListTypeInfo": _list,
    "io.pyflinkshell.types.PickledBytesTypeInfo": _pickled,
}


def _unsupported(j_type: Any) -> TypeError:
    return TypeError(
        "the Java type %s has no counterpart in Python; give the operator an output_type" % j_type
    )


def from_java_type(j_type_info: Any) -> Any:
    """The TypeInformation of this package that equals a Java one.

    :param j_type_info: a Java org.apache.flink.api.common.typeinfo.TypeInformation.
    :raises TypeError: Python cannot read values of that type.
    """
    make = _BY_CLASS.get(str(j_type_info.getClass().getName()))
    if make is None:
        raise _unsupported(j_type_info)
    result = make(j_type_info)
    result._j_typeinfo = j_type_info
    return result
