"""Functions that the tests of the harness run."""


from pyflink.common import Types
from pyflink.datastream import OutputTag
from pyflink.datastream.functions import (
    AggregateFunction,
    CoFlatMapFunction,
    CoMapFunction,
    CoProcessFunction,
    FilterFunction,
    FlatMapFunction,
    KeyedCoProcessFunction,
    KeyedProcessFunction,
    MapFunction,
    ReduceFunction,
    RuntimeContext,
)
from pyflink.datastream.state import (
    AggregatingStateDescriptor,
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    ValueStateDescriptor,
)
from pyflink.testing.harness import (
    ProcessFunctionTestHarnesses,
)

STRING, LONG, INT = Types.STRING(), Types.LONG(), Types.INT()
PAIR = Types.TUPLE([STRING, LONG])
COUNT = ValueStateDescriptor("count", LONG)
LATE = OutputTag("late", STRING)


class Double(MapFunction):
    def __init__(self, factor=2):
        self.factor = factor
        self.opened = self.closed = 0

    def open(self, runtime_context):
        assert isinstance(runtime_context, RuntimeContext)
        self.opened += 1
        self.place = (
            runtime_context.get_index_of_this_subtask(),
            runtime_context.get_number_of_parallel_subtasks(),
            runtime_context.get_max_number_of_parallel_subtasks(),
        )

    def map(self, value):
        return value * self.factor

    def close(self):
        self.closed += 1


class Words(FlatMapFunction):
    def flat_map(self, value):
        yield from value.split()


class Long(FilterFunction):
    def filter(self, value):
        return len(value) > 2


class Sum(ReduceFunction):
    def reduce(self, value1, value2):
        return value1[0], value1[1] + value2[1]


class Counter(KeyedProcessFunction):
    """Counts, with a timer of each kind for each record."""

    def open(self, runtime_context):
        self.count = runtime_context.get_state(COUNT)

    def process_element(self, value, ctx):
        if value[1] < 0:
            yield LATE, value[0]
            raise LookupError("negative: %d" % value[1])
        count = (self.count.value() or 0) + 1
        self.count.update(count)
        timers = ctx.timer_service()
        if ctx.timestamp() is not None:
            timers.register_event_time_timer(ctx.timestamp() + 10)
        timers.register_processing_time_timer(timers.current_processing_time() + 5)
        yield value[0], count

    def on_timer(self, timestamp, ctx):
        domain = str(ctx.time_domain()).rpartition(".")[2]
        yield "%s %s at %d" % (domain, ctx.get_current_key(), timestamp), -1


def counter(**options):
    return ProcessFunctionTestHarnesses.for_keyed_process_function(
        Counter(), lambda value: value[0], STRING, PAIR, PAIR, **options
    )


class AllStates(KeyedProcessFunction):
    LIST = ListStateDescriptor("list", STRING)
    MAP = MapStateDescriptor("map", STRING, LONG)
    REDUCING = ReducingStateDescriptor("reducing", lambda a, b: a + b, LONG)

    class Mean(AggregateFunction):
        def create_accumulator(self):
            return 0, 0

        def add(self, value, accumulator):
            return accumulator[0] + value, accumulator[1] + 1

        def get_result(self, accumulator):
            return accumulator[0] / accumulator[1]

        def merge(self, acc_a, acc_b):
            return acc_a[0] + acc_b[0], acc_a[1] + acc_b[1]

    MEAN = AggregatingStateDescriptor("mean", Mean(), Types.TUPLE([LONG, LONG]))

    def open(self, runtime_context):
        self.count = runtime_context.get_state(COUNT)
        self.list = runtime_context.get_list_state(self.LIST)
        self.map = runtime_context.get_map_state(self.MAP)
        self.reducing = runtime_context.get_reducing_state(self.REDUCING)
        self.mean = runtime_context.get_aggregating_state(self.MEAN)

    def process_element(self, value, ctx):
        key, number = value
        self.count.update(number)
        self.list.add("%s%d" % value)
        self.map.put(str(number), number)
        self.reducing.add(number)
        self.mean.add(number)
        yield self.count.value()


class CoDouble(CoMapFunction):
    def map1(self, value):
        return "1", value

    def map2(self, value):
        return "2", value if value != 0 else None


class CoWords(CoFlatMapFunction):
    def flat_map1(self, value):
        yield from value.split()

    def flat_map2(self, value):
        return [value, value]


class CoTimes(CoProcessFunction):
    def process_element1(self, value, ctx):
        yield "1", ctx.timestamp(), ctx.timer_service().current_watermark()

    def process_element2(self, value, ctx):
        yield "2", ctx.timestamp(), ctx.timer_service().current_watermark()
        yield LATE, value


class Meet(KeyedCoProcessFunction):
    def open(self, runtime_context):
        self.count = runtime_context.get_state(COUNT)

    def process_element1(self, value, ctx):
        self.count.update(value[1])
        ctx.timer_service().register_event_time_timer(value[1])

    def process_element2(self, value, ctx):
        yield ctx.get_current_key(), self.count.value()

    def on_timer(self, timestamp, ctx):
        yield "timer " + ctx.get_current_key(), timestamp
