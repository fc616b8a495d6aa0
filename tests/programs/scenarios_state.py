"""Keyed state as programs use it: duplicates, top lists, maps that change while they are read."""
# output: sorted

from pyflink.common import Row, Time, Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import (
    AggregateFunction,
    FilterFunction,
    FlatMapFunction,
    KeyedProcessFunction,
    MapFunction,
)
from pyflink.datastream.state import (
    AggregatingStateDescriptor,
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    StateTtlConfig,
    ValueStateDescriptor,
)

PAIR = Types.TUPLE([Types.STRING(), Types.INT()])
PAIRS = [("ab"[i % 2], i * 7 % 10) for i in range(14)]


class Once(FilterFunction):
    """Lets the first of equal records pass."""

    def open(self, runtime_context):
        descriptor = ValueStateDescriptor("seen", Types.BOOLEAN())
        ttl = StateTtlConfig.new_builder(Time.days(1)).never_return_expired().build()
        descriptor.enable_time_to_live(ttl)
        self.seen = runtime_context.get_state(descriptor)

    def filter(self, value):
        if self.seen.value():
            return False
        self.seen.update(True)
        return True


class Top(KeyedProcessFunction):
    """The three largest so far, kept as a list."""

    def open(self, runtime_context):
        self.top = runtime_context.get_list_state(ListStateDescriptor("top", Types.INT()))

    def process_element(self, value, ctx):
        kept = sorted([*self.top.get(), value[1]], reverse=True)[:3]
        self.top.update(kept)
        yield "top %s %s" % (ctx.get_current_key(), kept)


class Prune(KeyedProcessFunction):
    """A map of counts; small ones are removed after each fifth record."""

    def open(self, runtime_context):
        self.counts = runtime_context.get_map_state(
            MapStateDescriptor("counts", Types.INT(), Types.LONG())
        )
        self.number = runtime_context.get_state(ValueStateDescriptor("number", Types.INT()))

    def process_element(self, value, ctx):
        number = (self.number.value() or 0) + 1
        self.number.update(number)
        amount = value[1] % 4
        self.counts.put(amount, (self.counts.get(amount) or 0) + 1)
        if number % 5 == 0:
            for key in [key for key, count in self.counts.items() if count < 2]:
                self.counts.remove(key)
        yield "prune %s %s empty %s has 3 %s" % (
            value[0],
            sorted(self.counts.items()),
            self.counts.is_empty(),
            self.counts.contains(3),
        )
        if number == 6:
            self.counts.clear()
            yield "prune %s cleared %s %s" % (value[0], list(self.counts.keys()),
                                              self.counts.is_empty())


class Mean(AggregateFunction):
    def create_accumulator(self):
        return 0, 0

    def add(self, value, accumulator):
        return accumulator[0] + value, accumulator[1] + 1

    def get_result(self, accumulator):
        return accumulator[0] / accumulator[1]

    def merge(self, a, b):
        return a[0] + b[0], a[1] + b[1]


class Folded(KeyedProcessFunction):
    """Reducing state with a lambda and aggregating state, cleared now and then."""

    def open(self, runtime_context):
        self.largest = runtime_context.get_reducing_state(
            ReducingStateDescriptor("largest", lambda a, b: max(a, b), Types.INT())
        )
        self.mean = runtime_context.get_aggregating_state(
            AggregatingStateDescriptor(
                "mean", Mean(), Types.TUPLE([Types.INT(), Types.INT()])
            )
        )

    def process_element(self, value, ctx):
        if value[1] == 8:
            self.largest.clear()
            self.mean.clear()
            yield "folded %s %s" % (value[0], self.largest.get())
            return
        self.largest.add(value[1])
        self.mean.add(value[1])
        yield "folded %s %s %.2f" % (value[0], self.largest.get(), self.mean.get())


class Nested(KeyedProcessFunction):
    """Values that are made of others."""

    def open(self, runtime_context):
        row = Types.ROW_NAMED(["name", "tags"], [Types.STRING(), Types.LIST(Types.STRING())])
        self.row = runtime_context.get_state(ValueStateDescriptor("row", row))
        self.maps = runtime_context.get_state(
            ValueStateDescriptor("maps", Types.MAP(Types.STRING(), Types.LIST(Types.INT())))
        )
        self.any = runtime_context.get_state(
            ValueStateDescriptor("any", Types.PICKLED_BYTE_ARRAY())
        )
        self.tuples = runtime_context.get_list_state(
            ListStateDescriptor("tuples", Types.PICKLED_BYTE_ARRAY())
        )

    def process_element(self, value, ctx):
        key, amount = value
        row = self.row.value()
        tags = ([] if row is None else row.tags) + [str(amount)]
        self.row.update(Row(name=key, tags=tags))
        maps = self.maps.value() or {}
        maps.setdefault("odd" if amount % 2 else "even", []).append(amount)
        self.maps.update(maps)
        thing = self.any.value() or {"set": set(), "nested": [{}]}
        thing["set"].add(amount % 3)
        thing["nested"][0][amount] = (amount, None)
        self.any.update(thing)
        self.tuples.add((key, amount))
        row = self.row.value()
        yield "nested %s %s %s %s %s %s" % (
            row.name,
            row.tags,
            sorted(self.maps.value().items()),
            sorted(self.any.value()["set"]),
            sorted(self.any.value()["nested"][0].items()),
            list(self.tuples.get())[-2:],
        )


class Cleared(KeyedProcessFunction):
    """What states give before anything is in them and after they were cleared."""

    def open(self, runtime_context):
        self.value = runtime_context.get_state(ValueStateDescriptor("value", Types.INT()))
        self.list = runtime_context.get_list_state(ListStateDescriptor("list", Types.INT()))
        self.map = runtime_context.get_map_state(
            MapStateDescriptor("map", Types.STRING(), Types.INT())
        )

    def look(self):
        return "%s %s %s %s" % (
            self.value.value(),
            list(self.list.get()),
            list(self.map.items()),
            self.map.get("x"),
        )

    def process_element(self, value, ctx):
        yield "cleared %s before %s" % (value, self.look())
        self.value.clear()
        self.list.clear()
        self.map.clear()
        yield "cleared %s empty %s" % (value, self.look())
        self.value.update(value[1])
        self.list.add_all([value[1], 1])
        self.list.add(2)
        self.map.put_all({"x": value[1]}.items())
        yield "cleared %s filled %s" % (value, self.look())
        if value[1] % 3 == 0:
            self.list.update([])
            self.map.remove("x")
            yield "cleared %s updated %s" % (value, self.look())


class Deduplicated(FlatMapFunction):
    """State in a flat map: changes of the value only."""

    def open(self, runtime_context):
        self.last = runtime_context.get_state(ValueStateDescriptor("last", Types.INT()))

    def flat_map(self, value):
        last = self.last.value()
        if last is None or abs(last - value[1]) > 3:
            self.last.update(value[1])
            yield "jump %s %s to %s" % (value[0], last, value[1])


class Numbered(MapFunction):
    def open(self, runtime_context):
        self.number = runtime_context.get_state(ValueStateDescriptor("number", Types.LONG()))

    def map(self, value):
        number = (self.number.value() or 0) + 1
        self.number.update(number)
        return "numbered %s %d %d" % (value[0], number, value[1])


class Large(KeyedProcessFunction):
    """Values of a megabyte."""

    def open(self, runtime_context):
        self.text = runtime_context.get_state(ValueStateDescriptor("text", Types.STRING()))
        self.bytes = runtime_context.get_list_state(
            ListStateDescriptor("bytes", Types.PICKLED_BYTE_ARRAY())
        )

    def process_element(self, value, ctx):
        self.text.update((self.text.value() or "") + value[0] * 400_000)
        self.bytes.add(bytes([value[1]]) * 300_000)
        yield "large %s %d %s" % (
            value[0],
            len(self.text.value()),
            [(len(b), b[0]) for b in self.bytes.get()],
        )


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
pairs = env.from_collection(PAIRS, PAIR)
keyed = pairs.key_by(lambda v: v[0], Types.STRING())
pairs.union(pairs).key_by(lambda v: v, PAIR).filter(Once()).map(
    lambda v: "once %s %s" % v, Types.STRING()
).print()
keyed.process(Top(), Types.STRING()).print()
keyed.process(Prune(), Types.STRING()).print()
keyed.process(Folded(), Types.STRING()).print()
keyed.process(Nested(), Types.STRING()).print()
keyed.process(Cleared(), Types.STRING()).print()
keyed.flat_map(Deduplicated(), Types.STRING()).print()
keyed.map(Numbered(), Types.STRING()).print()
keyed.filter(lambda v: v[1] < 4).key_by(lambda v: v[0]).process(Large(), Types.STRING()).print()
env.execute("scenarios_state")
