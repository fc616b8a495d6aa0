"""Types: their printed form, equality, simple forms, and the way to Java and back."""

import datetime
import pickle

import pytest
from pyflink.common import Instant, Row, RowKind, Types
from pyflink.common.typeinfo import LocalTimeTypeInfo, _from_java_type

PRINTED = [
    (Types.STRING(), "String"),
    (Types.BOOLEAN(), "Boolean"),
    (Types.BYTE(), "Byte"),
    (Types.SHORT(), "Short"),
    (Types.INT(), "Integer"),
    (Types.LONG(), "Long"),
    (Types.FLOAT(), "Float"),
    (Types.DOUBLE(), "Double"),
    (Types.CHAR(), "Char"),
    (Types.BIG_INT(), "BigInteger"),
    (Types.BIG_DEC(), "BigDecimal"),
    (Types.INSTANT(), "Instant"),
    (Types.SQL_DATE(), "DateTypeInfo"),
    (Types.SQL_TIME(), "TimeTypeInfo"),
    (Types.SQL_TIMESTAMP(), "TimestampTypeInfo"),
    (Types.LOCAL_DATE(), "LocalTimeTypeInfo<LOCAL_DATE>"),
    (Types.LOCAL_TIME(), "LocalTimeTypeInfo<LOCAL_TIME>"),
    (Types.LOCAL_DATE_TIME(), "LocalTimeTypeInfo<LOCAL_DATE_TIME>"),
    (Types.PICKLED_BYTE_ARRAY(), "PickledByteArrayTypeInfo"),
    (Types.PRIMITIVE_ARRAY(Types.INT()), "PrimitiveArrayTypeInfo<Integer>"),
    (Types.PRIMITIVE_ARRAY(Types.CHAR()), "PrimitiveArrayTypeInfo<Char>"),
    (Types.BASIC_ARRAY(Types.STRING()), "BasicArrayTypeInfo<String>"),
    (Types.OBJECT_ARRAY(Types.TUPLE([Types.INT()])), "ObjectArrayTypeInfo<TupleTypeInfo(Integer)>"),
    (Types.LIST(Types.INT()), "ListTypeInfo<Integer>"),
    (Types.MAP(Types.STRING(), Types.INT()), "MapTypeInfo<String, Integer>"),
    (Types.TUPLE([Types.INT(), Types.STRING()]), "TupleTypeInfo(Integer, String)"),
    (
        Types.ROW_NAMED(["a", "b"], [Types.INT(), Types.STRING()]),
        "RowTypeInfo(a: Integer, b: String)",
    ),
]


@pytest.mark.parametrize("type_info, printed", PRINTED, ids=[p for _, p in PRINTED])
def test_printed_form(type_info, printed):
    assert repr(type_info) == str(type_info) == printed


def test_row_without_names():
    type_info = Types.ROW([Types.INT(), Types.STRING()])
    assert repr(type_info) == "RowTypeInfo(Integer, String)"
    assert type_info.get_field_names() == ["f0", "f1"]
    assert type_info == Types.ROW_NAMED(["a", "b"], [Types.INT(), Types.STRING()])
    assert type_info != Types.ROW([Types.INT()])


def test_row_fields():
    type_info = Types.ROW_NAMED(["a", "b"], [Types.INT(), Types.STRING()])
    assert type_info.get_field_index("b") == 1
    assert type_info.get_field_types() == [Types.INT(), Types.STRING()]
    with pytest.raises(ValueError):
        type_info.get_field_index("c")
    with pytest.raises(TypeError):
        Types.ROW(Types.INT())


def test_equality():
    for left, _ in PRINTED:
        assert [str(right) for right, _ in PRINTED if right == left] == [str(left)]
    with pytest.raises(TypeError):
        hash(Types.INT())


def test_simple_forms():
    assert not Types.STRING().need_conversion() and Types.SQL_DATE().need_conversion()
    day = datetime.date(2020, 1, 1)
    assert Types.SQL_DATE().to_internal_type(day) == 18262
    assert Types.SQL_DATE().from_internal_type(18262) == day
    clock = datetime.time(1, 2, 3, 4)
    assert Types.SQL_TIME().to_internal_type(clock) == 3723000004
    assert Types.SQL_TIME().from_internal_type(3723000004) == clock
    moment = datetime.datetime(2020, 1, 1, 2, 3, 4, 5)
    assert Types.SQL_TIMESTAMP().to_internal_type(moment) == 1577844184000005
    assert Types.SQL_TIMESTAMP().from_internal_type(1577844184000005) == moment
    assert Types.INSTANT().to_internal_type(Instant(1, 2)) == 1000000
    assert Types.INSTANT().from_internal_type(1000) == Instant(0, 1000000)
    row_type = Types.ROW_NAMED(["a", "b"], [Types.INT(), Types.SQL_DATE()])
    assert row_type.to_internal_type(Row(b=day, a=1)) == (0, 1, 18262)
    assert row_type.to_internal_type({"a": 1, "b": day}) == (0, 1, 18262)
    assert row_type.to_internal_type(Row.of_kind(RowKind.DELETE, 1, None)) == (3, 1, None)
    with pytest.raises(ValueError):
        row_type.to_internal_type(5)
    assert Types.TUPLE([Types.SQL_DATE()]).to_internal_type((day,)) == (18262,)


@pytest.mark.parametrize("type_info", [t for t, _ in PRINTED], ids=[p for _, p in PRINTED])
def test_java_and_back(type_info):
    j_type = type_info.get_java_type_info()
    assert type_info.get_java_type_info() is j_type
    back = _from_java_type(j_type)
    assert back == type_info and repr(back) == repr(type_info)
    again = pickle.loads(pickle.dumps(type_info))
    assert again == type_info
    assert again.get_java_type_info().equals(j_type)


def test_types_that_java_lacks():
    with pytest.raises(TypeError, match="primitive array"):
        Types.PRIMITIVE_ARRAY(Types.STRING()).get_java_type_info()
    with pytest.raises(TypeError, match="basic array"):
        Types.BASIC_ARRAY(Types.TUPLE([Types.INT()])).get_java_type_info()
    with pytest.raises(ValueError, match="field names"):
        Types.ROW_NAMED(["a", "b"], [Types.INT()]).get_java_type_info()
    with pytest.raises(Exception, match="arity"):
        Types.TUPLE([Types.INT()] * 26).get_java_type_info()
    with pytest.raises(Exception, match="unique"):
        Types.ROW_NAMED(["a", "a"], [Types.INT(), Types.INT()]).get_java_type_info()


def test_java_types_that_python_lacks():
    from pyflink.java_gateway import get_gateway

    types = get_gateway().jvm.org.apache.flink.api.common.typeinfo
    with pytest.raises(TypeError, match="Void"):
        _from_java_type(types.BasicTypeInfo.VOID_TYPE_INFO)


def test_object_array_of_basic_type_is_a_basic_array():
    j_type = Types.OBJECT_ARRAY(Types.STRING()).get_java_type_info()
    assert j_type.toString() == "BasicArrayTypeInfo<String>"


def test_local_time_kinds():
    kind = LocalTimeTypeInfo.TimeType.LOCAL_DATE_TIME
    assert LocalTimeTypeInfo(kind).get_java_type_info().toString() == "LocalDateTime"
