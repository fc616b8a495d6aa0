"""The gateway: Java classes, collections, fields, enums and exceptions from Python."""

from pyflink.java_gateway import get_gateway
from pyflink.util.java_utils import is_instance_of, to_jarray

from py4j.java_gateway import java_import
from py4j.protocol import Py4JJavaError

gateway = get_gateway()
jvm = gateway.jvm
array_list = jvm.java.util.ArrayList()
array_list.add("one")
array_list.append("two")
array_list.extend([3, 4.5, True, None])
print(
    array_list,
    len(array_list),
    array_list[0],
    array_list[-1],
    "two" in array_list,
    list(array_list[1:3]),
)
table = jvm.java.util.HashMap()
table["k"] = 1
table.put("l", 2)
print(sorted(table), table["k"], table.get("l"), "k" in table, dict(table) == {"k": 1, "l": 2})
print(jvm.java.lang.Integer.MAX_VALUE, jvm.java.lang.Math.max(3, 4), jvm.Math.abs(-5))
print(jvm.java.util.concurrent.TimeUnit.SECONDS.toMillis(3), jvm.java.util.concurrent.TimeUnit.DAYS)
java_import(jvm, "java.util.TreeSet")
tree = jvm.TreeSet()
for word in ("b", "a", "b"):
    tree.add(word)
print(list(tree), is_instance_of(tree, jvm.java.util.Set), is_instance_of(tree, "java.util.List"))
array = to_jarray(jvm.String, ["x", "y"])
print(len(array), array[1], list(array))
ints = gateway.new_array(jvm.int, 2, 3)
ints[1][2] = 9
print(len(ints), ints[1][2], ints[0][0])
print(jvm.java.util.AbstractMap.SimpleEntry("k", "v"), jvm.String.valueOf(1.5))
print(repr(jvm.java.math.BigDecimal("1.50")), jvm.java.math.BigInteger("12"))
try:
    jvm.java.lang.Integer.parseInt("no number")
except Py4JJavaError as error:
    print(error.java_exception.getClass().getName(), error.java_exception.getMessage())
print(jvm.java.lang.StringBuilder("ab").append("cd").reverse().toString())
print(jvm.java.util.Optional.of("z").get(), jvm.java.util.Optional.empty().isPresent())
