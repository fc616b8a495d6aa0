"""KeyedCoProcessFunction and CoProcessFunction on keyed streams: the current key, of all types."""

# output: sorted
from pyflink.common import Row, Types
from pyflink.datastream import (
    CoProcessFunction,
    KeyedCoProcessFunction,
    StreamExecutionEnvironment,
)

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
users = env.from_collection(
    [(1, "ann"), (2, "bob"), (3, "cid")], Types.TUPLE([Types.INT(), Types.STRING()])
)
orders = env.from_collection(
    [Row(2, 10.5), Row(1, 2.0), Row(2, 0.5), Row(4, 1.0)],
    Types.ROW_NAMED(["user", "sum"], [Types.INT(), Types.DOUBLE()]),
)


class Keys(KeyedCoProcessFunction):
    def process_element1(self, value, ctx: KeyedCoProcessFunction.Context):
        yield "user", ctx.get_current_key(), value, ctx.timestamp()

    def process_element2(self, value, ctx: KeyedCoProcessFunction.Context):
        yield "order", ctx.get_current_key(), value.sum
        yield "order again", ctx.get_current_key(), value.user


class Plain(CoProcessFunction):
    def process_element1(self, value, ctx):
        return [value[1]]

    def process_element2(self, value, ctx):
        if value.sum > 1:
            return [str(value.sum)]


def connected(make, key_type):
    return users.key_by(lambda u: make(u[0]), key_type).connect(
        orders.key_by(lambda o: make(o.user), key_type)
    )


keys = connected(lambda user: user, Types.INT()).process(Keys())
print(keys.get_name(), keys.get_type())
keys.print("int")
for name, make, key_type in (
    ("long", lambda user: user, Types.LONG()),
    ("string", lambda user: "user %d" % user, Types.STRING()),
    ("boolean", lambda user: user > 2, Types.BOOLEAN()),
    ("double", lambda user: user / 4, Types.DOUBLE()),
    ("tuple", lambda user: (user, str(user)), Types.TUPLE([Types.INT(), Types.STRING()])),
    ("row", lambda user: Row(user, user + 1), Types.ROW([Types.INT(), Types.INT()])),
    ("untyped int", lambda user: user, None),
    ("untyped tuple", lambda user: (user % 2, str(user % 2)), None),
):
    connected(make, key_type).process(Keys()).print(name)
connected(lambda user: user, Types.INT()).process(Plain(), Types.STRING()).print("plain")
env.execute()
