"""sum, min, max, min_by, max_by: ties, negative numbers, strings, by position and by name."""
# output: sorted
from pyflink.common import Row, Types
from pyflink.datastream import RuntimeExecutionMode, StreamExecutionEnvironment

tuple_type = Types.TUPLE([Types.STRING(), Types.INT(), Types.STRING()])
row_type = Types.ROW_NAMED(["key", "n", "text"], [Types.STRING(), Types.DOUBLE(), Types.STRING()])
tuples = [("k", 5, "first"), ("k", 2, "second"), ("k", 2, "third"), ("k", 5, "fourth"),
          ("j", -1, "b"), ("j", -1, "a")]
rows = [Row("k", 1.5, "x"), Row("k", -2.25, "y"), Row("k", 1.5, "a"), Row("k", -2.25, "b")]

for mode in (RuntimeExecutionMode.STREAMING, RuntimeExecutionMode.BATCH):
    for how in ("sum", "min", "max", "min_by", "max_by"):
        env = StreamExecutionEnvironment.get_execution_environment()
        env.set_runtime_mode(mode)
        env.set_parallelism(1)
        name = "%s %s " % (mode.name, how)
        keyed = env.from_collection(tuples, tuple_type).key_by(lambda t: t[0], Types.STRING())
        getattr(keyed, how)(1).print(name + "tuple 1")
        if how != "sum":
            getattr(keyed, how)(2).print(name + "tuple 2")
        by_name = env.from_collection(rows, row_type).key_by(lambda r: r[0], Types.STRING())
        getattr(by_name, how)(1).print(name + "row 1")
        getattr(by_name, how)("n").print(name + "row n")
        if how != "sum":
            getattr(by_name, how)("text").print(name + "row text")
        untyped = env.from_collection(tuples).key_by(lambda t: t[0])
        getattr(untyped, how)(1).print(name + "untyped")
        numbers = env.from_collection([3, 1, 2, 1, 3], Types.INT()).key_by(lambda x: "all")
        getattr(numbers, how)().print(name + "numbers")
        env.execute()
