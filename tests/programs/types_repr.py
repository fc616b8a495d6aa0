"""Printed form and equality of type descriptions."""

from pyflink.common import Types
from pyflink.common.typeinfo import BasicType, TypeInformation

types = [
    Types.STRING(),
    Types.BOOLEAN(),
    Types.BYTE(),
    Types.SHORT(),
    Types.INT(),
    Types.LONG(),
    Types.FLOAT(),
    Types.DOUBLE(),
    Types.CHAR(),
    Types.BIG_INT(),
    Types.BIG_DEC(),
    Types.SQL_DATE(),
    Types.SQL_TIME(),
    Types.SQL_TIMESTAMP(),
    Types.INSTANT(),
    Types.PICKLED_BYTE_ARRAY(),
    Types.PRIMITIVE_ARRAY(Types.INT()),
    Types.BASIC_ARRAY(Types.STRING()),
    Types.OBJECT_ARRAY(Types.STRING()),
    Types.TUPLE([Types.INT(), Types.STRING()]),
    Types.ROW([Types.INT(), Types.STRING()]),
    Types.ROW_NAMED(["a", "b"], [Types.INT(), Types.STRING()]),
    Types.LIST(Types.INT()),
    Types.MAP(Types.STRING(), Types.LONG()),
]
for type_info in types:
    print(type_info, isinstance(type_info, TypeInformation), type_info == type_info)
print(Types.INT() == Types.INT(), Types.INT() == Types.LONG())
print(Types.TUPLE([Types.INT()]) == Types.TUPLE([Types.INT()]))
row = Types.ROW_NAMED(["a", "b"], [Types.INT(), Types.STRING()])
print(row.get_field_names(), [str(t) for t in row.get_field_types()], row.get_field_index("b"))
print([t.name for t in BasicType])
print(Types.ROW(field_types=[Types.INT()]).get_field_names())
