"""Joins: by interval, by window, and co-groups, against a few lines of plain Python."""

import collections
import datetime
import random
import time

import pytest
from py4j.protocol import Py4JJavaError
from pyflink.common import Duration, Row, Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import (
    CoGroupFunction,
    FlatJoinFunction,
    JoinFunction,
    KeySelector,
    MapFunction,
    OutputTag,
    ProcessJoinFunction,
    RuntimeExecutionMode,
    StreamExecutionEnvironment,
)
from pyflink.datastream.state import ValueStateDescriptor
from pyflink.datastream.window import (
    CountEvictor,
    CountTrigger,
    SlidingEventTimeWindows,
    TumblingEventTimeWindows,
)
from pyflink.util.exceptions import JobExecutionError

PAIR = Types.TUPLE([Types.STRING(), Types.LONG()])


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


@pytest.fixture
def env():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    return env


def key(value):
    return value[0]


def stream(env, records, type_info=None):
    """A stream whose watermarks follow its timestamps, which go up: no record is late."""
    return env.from_collection(records, type_info).assign_timestamps_and_watermarks(
        WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
    )


def records(seed, count, keys, gap):
    rng = random.Random(seed)
    time, made = 0, []
    for _ in range(count):
        time += rng.randrange(gap)
        made.append(("key %d" % rng.randrange(keys), time))
    return made


def collect(result):
    with result.execute_and_collect() as found:
        return list(found)


def same(found, expected):
    assert collections.Counter(found) == collections.Counter(expected)


# -- interval joins -----------------------------------------------------------------------------


class Both(ProcessJoinFunction):
    def process_element(self, left, right, ctx):
        assert ctx.get_left_timestamp() == left[1] and ctx.get_right_timestamp() == right[1]
        assert ctx.get_timestamp() == max(left[1], right[1])
        assert ctx.get_current_key() == left[0] == right[0]
        yield left, right


def near(left, right, lower, upper):
    return [(a, b) for a in left for b in right if a[0] == b[0] and lower <= b[1] - a[1] <= upper]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("types", ["typed", "untyped", "mixed"])
def test_interval_join(env, seed, types):
    rng = random.Random(seed)
    env.set_parallelism(1 + seed % 3)
    lower = rng.randrange(-60, 20)
    upper = lower + rng.randrange(1, 80)
    left, right = records(seed, 300, 5, 9), records(-seed - 1, 200, 7, 13)
    first = stream(env, left, None if types == "untyped" else PAIR)
    second = stream(env, right, PAIR if types == "typed" else None)
    key_type = None if types == "untyped" else Types.STRING()
    join = first.key_by(key, key_type).interval_join(second.key_by(key, key_type))
    joined = join.between(Time.milliseconds(lower), Duration.of_millis(upper))
    if seed % 2:
        joined.lower_bound_exclusive()
        lower += 1
    if seed > 1:
        joined.upper_bound_exclusive()
        upper -= 1
    # What leaves the join goes on in the same chain, and through another exchange.
    result = joined.process(Both(), Types.TUPLE([PAIR, PAIR]) if types == "typed" else None)
    assert result.get_name() == "Interval Join"
    result = result.map(lambda p: (p[0], p[1])).key_by(lambda p: p[0][0]).map(lambda p: p)
    expected = near(left, right, lower, upper)
    assert len(expected) > 20
    same(collect(result), expected)


def test_interval_join_of_a_java_consumer_and_other_types(env):
    """A keyed stream that Java reads as well is no longer encoded; rows, None as a field."""
    row = Types.ROW([Types.STRING(), Types.LONG(), Types.STRING()])
    left = [Row("a", 1, None), Row("b", 2, "x"), Row("a", 30, "y")]
    keyed = stream(env, left, row).key_by(lambda r: r[0], Types.STRING())
    keyed._j_data_stream.print()
    right = stream(env, [("a", 3), ("b", 2)]).key_by(key, Types.STRING())
    result = keyed.interval_join(right).between(-5, 5).process(
        lambda a, b, ctx: [(a[0], a[2], b[1])]
    )
    same(collect(result), [("a", None, 3), ("b", "x", 2)])


class Counting(ProcessJoinFunction):
    def open(self, runtime_context):
        self.count = runtime_context.get_state(ValueStateDescriptor("count", Types.LONG()))

    def process_element(self, left, right, ctx):
        self.count.update((self.count.value() or 0) + 1)
        return [(ctx.get_current_key(), self.count.value())]


@pytest.mark.parametrize("mode", [RuntimeExecutionMode.STREAMING, RuntimeExecutionMode.BATCH])
def test_state_of_a_join_function(env, mode):
    env.set_runtime_mode(mode)
    left, right = records(5, 200, 40, 5), records(6, 200, 40, 5)
    first, second = (stream(env, r, PAIR).key_by(key, Types.STRING()) for r in (left, right))
    found = collect(first.interval_join(second).between(-300, 300).process(Counting()))
    counts = collections.Counter(a[0] for a, _ in near(left, right, -300, 300))
    expected = [(name, n + 1) for name, count in counts.items() for n in range(count)]
    assert len(counts) > 20
    same(found, expected)


class Wait(MapFunction):
    """Holds late records back until the watermark of those before them has gone on.

    Slow records leave in small batches.
    """

    def map(self, value):
        if value[0] == "wait":
            time.sleep(0.02)
        return value


def test_late_records_of_an_interval_join(env):
    env.get_config().set_auto_watermark_interval(1)
    data = [("a", 100), ("a", 500), *[("wait", 510)] * 30, ("a", 110), ("a", 515)]
    slow = env.from_collection(data, PAIR).map(Wait(), PAIR).disable_chaining()
    slow = slow.assign_timestamps_and_watermarks(
        WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
    ).disable_chaining()
    keyed = slow.filter(lambda v: v[0] == "a").key_by(key, Types.STRING())
    left_tag, right_tag = OutputTag("left", PAIR), OutputTag("right", Types.STRING())
    joined = keyed.interval_join(keyed).between(0, 10)
    joined.side_output_left_late_data(left_tag).side_output_right_late_data(right_tag)
    result = joined.process(lambda a, b, ctx: [("both", a[1], b[1])])
    left = result.get_side_output(left_tag).map(lambda v: ("left", *v))
    found = collect(result.union(left))
    pairs = [("both", n, n) for n in (100, 500, 515)]
    same(found, [*pairs, ("left", "a", 110)])
    # The right tag has another type than the records.
    with pytest.raises(JobExecutionError, match="side output 'right'.*STRING"):
        collect(result.get_side_output(right_tag))


def test_interval_join_needs_timestamps(env):
    left = env.from_collection([("a", 1)], PAIR).key_by(key)
    right = env.from_collection([("a", 1)], PAIR).key_by(key)
    result = left.interval_join(right).between(0, 1).process(lambda a, b, ctx: [a])
    with pytest.raises(Py4JJavaError, match="no timestamp; call assign_timestamps"):
        collect(result)


def test_a_failing_join_function_shows_the_pair(env):
    def fails(left, right, ctx):
        raise ValueError("from the function")

    first, second = (stream(env, [("a", 1)], PAIR).key_by(key) for _ in range(2))
    with pytest.raises(JobExecutionError) as error:
        collect(first.interval_join(second).between(0, 1).process(fails))
    assert "Interval Join" in str(error.value)
    assert "(('a', 1), ('a', 1))" in str(error.value)


def test_what_interval_joins_refuse(env):
    plain = stream(env, [("a", 1)], PAIR)
    keyed = plain.key_by(key, Types.STRING())
    with pytest.raises(TypeError, match="call key_by\\(\\) on both"):
        keyed.interval_join(plain)
    with pytest.raises(ValueError, match="greater than the upper bound"):
        keyed.interval_join(keyed).between(5, -5)
    with pytest.raises(TypeError, match="the lower bound must be a Time"):
        keyed.interval_join(keyed).between("5", 6)
    with pytest.raises(AttributeError, match="call between"):
        keyed.interval_join(keyed).process(Both())
    joined = keyed.interval_join(keyed).between(datetime.timedelta(seconds=1), 1000)
    with pytest.raises(TypeError, match="ProcessJoinFunction"):
        joined.process(3)
    with pytest.raises(TypeError, match="cannot be called with 3 arguments"):
        joined.process(lambda a, b: [a])
    with pytest.raises(TypeError, match="OutputTag"):
        joined.side_output_left_late_data("late")
    joined.upper_bound_exclusive()
    with pytest.raises(ValueError, match="no time lies between"):
        joined.process(Both())
    other = plain.key_by(key)
    with pytest.raises(Exception, match="keys of different types"):
        keyed.interval_join(other).between(0, 1).process(Both())


# -- joins and co-groups by window ----------------------------------------------------------------


def windows_of(time, size, slide):
    start = time - time % slide
    return [s for s in range(start, time - size, -slide)]


def in_windows(made, size, slide):
    """(window, key): the records, in order."""
    groups = collections.defaultdict(list)
    for record in made:
        for start in windows_of(record[1], size, slide):
            groups[start, record[0]].append(record)
    return groups


def assigner(size, slide):
    if size == slide:
        return TumblingEventTimeWindows.of(Time.milliseconds(size))
    return SlidingEventTimeWindows.of(Time.milliseconds(size), Time.milliseconds(slide))


class Both2(JoinFunction):
    def open(self, runtime_context):
        self.opened = True

    def join(self, first, second):
        assert self.opened
        return first, second


class Twice(FlatJoinFunction):
    def join(self, first, second):
        if first[1] > second[1]:
            return None
        return [(first, second), (second, first)]


@pytest.mark.parametrize("size, slide", [(50, 50), (60, 20)])
@pytest.mark.parametrize("parallelism", [1, 3])
def test_window_join(env, size, slide, parallelism):
    env.set_parallelism(parallelism)
    left, right = records(1, 200, 5, 9), records(2, 150, 6, 12)
    first, second = in_windows(left, size, slide), in_windows(right, size, slide)
    pairs = [(a, b) for group in first for a in first[group] for b in second.get(group, ())]
    assert len(pairs) > 100

    def joined(function, output_type=None):
        return collect(
            stream(env, left, PAIR)
            .join(stream(env, right))
            .where(key, Types.STRING())
            .equal_to(key)
            .window(assigner(size, slide))
            .apply(function, output_type)
        )

    same(joined(lambda a, b: (a, b)), pairs)
    same(joined(Both2(), Types.TUPLE([PAIR, PAIR])), pairs)
    ordered = [(a, b) for a, b in pairs if a[1] <= b[1]]
    same(joined(Twice()), ordered + [(b, a) for a, b in ordered])


class FirstOf(KeySelector):
    def open(self, runtime_context):
        self.position = 0

    def get_key(self, value):
        return value[self.position]


class Group(CoGroupFunction):
    def co_group(self, first, second):
        yield tuple(sorted(first)), tuple(sorted(second))


def test_co_group(env):
    env.set_parallelism(2)
    left, right = records(3, 100, 8, 9), records(4, 100, 8, 12)
    first, second = in_windows(left, 40, 40), in_windows(right, 40, 40)
    groups = [
        (tuple(first.get(g, ())), tuple(second.get(g, ()))) for g in {**first, **second}
    ]
    assert any(not a for a, _ in groups) and any(not b for _, b in groups)
    begun = stream(env, left).co_group(stream(env, right, PAIR)).where(FirstOf())
    windowed = begun.equal_to(FirstOf()).window(assigner(40, 40))
    same(collect(windowed.apply(Group())), groups)
    counted = begun.equal_to(key).window(assigner(40, 40)).apply(
        lambda a, b: [len(a) - len(b)] if a else None, Types.INT()
    )
    same(collect(counted), [len(a) - len(b) for a, b in groups if a])


def test_triggers_evictors_and_lateness(env):
    left = [("a", n) for n in range(6)]
    right = [("a", n) for n in range(6, 10)]

    def begun():
        streams = stream(env, left).co_group(stream(env, right))
        return streams.where(key).equal_to(key).window(assigner(100, 100))

    def sizes(windowed):
        return collect(windowed.apply(lambda a, b: [len(a) + len(b)], Types.INT()))

    assert sizes(begun().allowed_lateness(Time.seconds(1))) == [10]
    # The count trigger fires without purging, so the window goes on growing.
    assert sizes(begun().trigger(CountTrigger.of(5))) == [5, 10]
    assert sizes(begun().evictor(CountEvictor.of(3))) == [3]


def test_what_window_joins_refuse(env):
    plain = stream(env, [("a", 1)], PAIR)
    joined = plain.join(plain)
    with pytest.raises(TypeError, match="join\\(\\) takes a DataStream, not int"):
        plain.join(3)
    with pytest.raises(TypeError, match="co_group\\(\\) takes a DataStream"):
        plain.co_group(None)
    with pytest.raises(AttributeError, match="call where\\(\\) and equal_to\\(\\) before window"):
        joined.window(assigner(1, 1))
    with pytest.raises(AttributeError, match="call equal_to\\(\\) and window\\(\\) before apply"):
        joined.where(key).apply(lambda a, b: a)
    with pytest.raises(AttributeError, match="call window\\(\\) before trigger"):
        joined.where(key).equal_to(key).trigger(CountTrigger.of(1))
    with pytest.raises(TypeError, match="KeySelector"):
        joined.where("name")
    with pytest.raises(TypeError, match="different types"):
        joined.where(key, Types.STRING()).equal_to(key, Types.LONG())
    keyed = joined.where(key).equal_to(key)
    with pytest.raises(TypeError, match="WindowAssigner"):
        keyed.window(Time.seconds(1))
    windowed = keyed.window(assigner(1, 1))
    with pytest.raises(TypeError, match="JoinFunction"):
        windowed.apply("function")
    with pytest.raises(TypeError, match="cannot be called with 2 arguments"):
        windowed.apply(lambda a: a)
    with pytest.raises(ValueError, match="negative"):
        windowed.allowed_lateness(-1)
    with pytest.raises(TypeError, match="Trigger"):
        windowed.trigger(3)
