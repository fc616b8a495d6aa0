"""Running jobs: results, collecting, asynchronous jobs, failures, values of every type."""

import datetime
import decimal
import math

import pytest
from py4j.protocol import Py4JJavaError
from pyflink.common import Instant, JobStatus, Row, RowKind, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import (
    FilterFunction,
    FlatMapFunction,
    KeySelector,
    MapFunction,
    ProcessFunction,
    ReduceFunction,
    StreamExecutionEnvironment,
)
from pyflink.datastream.connectors.number_seq import NumberSequenceSource

INT = Types.INT()
PAIR = Types.TUPLE([Types.STRING(), Types.INT()])


@pytest.fixture
def env():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    return env


def collect(stream):
    with stream.execute_and_collect() as records:
        return list(records)


def naturals(env, end=10**9):
    return env.from_source(
        NumberSequenceSource(1, end), WatermarkStrategy.no_watermarks(), "seq", Types.LONG()
    )


@pytest.mark.parametrize(
    "elements",
    [
        [1, 2, 3],
        (1, 2, 3),
        range(1, 4),
        {1, 2, 3},
        iter([1, 2, 3]),
        (x for x in [1, 2, 3]),
        {1: "a", 2: "b", 3: "c"},
    ],
    ids=lambda e: type(e).__name__,
)
def test_collections(env, elements):
    assert collect(env.from_collection(elements)) == [1, 2, 3]


def test_empty_collections(env):
    assert collect(env.from_collection([])) == []
    assert collect(env.from_collection([], INT)) == []
    assert collect(env.from_elements("a", "b")) == ["a", "b"]


VALUES = [
    (Types.STRING(), ["a", "", "ä€𝄞", "x" * 100000]),
    (Types.BOOLEAN(), [True, False]),
    (Types.BYTE(), [-128, 127]),
    (Types.SHORT(), [-32768, 32767]),
    (INT, [-(2**31), 2**31 - 1]),
    (Types.LONG(), [-(2**63), 2**63 - 1]),
    (Types.FLOAT(), [1.5, -0.0]),
    (Types.DOUBLE(), [1.1, math.inf]),
    (Types.CHAR(), ["x", "ä"]),
    (Types.BIG_INT(), [10**30, -(10**30), 0]),
    (Types.BIG_DEC(), [decimal.Decimal("1.50"), decimal.Decimal("-1E+10")]),
    (Types.INSTANT(), [Instant(1, 2), Instant(-1, 999999999)]),
    (Types.SQL_DATE(), [datetime.date(2020, 1, 2), datetime.date(1969, 12, 31)]),
    (Types.SQL_TIME(), [datetime.time(1, 2, 3)]),
    (Types.SQL_TIMESTAMP(), [datetime.datetime(2020, 1, 2, 3, 4, 5, 6000)]),
    (Types.LOCAL_DATE(), [datetime.date(2020, 1, 2)]),
    (Types.LOCAL_TIME(), [datetime.time(1, 2, 3, 4)]),
    (Types.LOCAL_DATE_TIME(), [datetime.datetime(2020, 1, 2, 3, 4, 5, 6)]),
    (Types.PICKLED_BYTE_ARRAY(), [{"a": 1}, None, (1, [2])]),
    (Types.PRIMITIVE_ARRAY(INT), [[1, 2], []]),
    (Types.PRIMITIVE_ARRAY(Types.DOUBLE()), [[1.5]]),
    (Types.PRIMITIVE_ARRAY(Types.BYTE()), [b"ab"]),
    (Types.BASIC_ARRAY(Types.STRING()), [["a", None, "b"]]),
    (Types.OBJECT_ARRAY(PAIR), [[("a", 1)]]),
    (Types.LIST(INT), [[1, 2], []]),
    (Types.MAP(Types.STRING(), Types.LIST(INT)), [{"a": [1], "b": []}]),
    (PAIR, [("a", 1), (None, 2)]),
    (
        Types.ROW_NAMED(["a", "b"], [INT, Types.ROW([Types.STRING()])]),
        [Row(a=1, b=Row(f0="x")), Row.of_kind(RowKind.DELETE, a=None, b=None)],
    ),
]


@pytest.mark.parametrize("type_info, values", VALUES, ids=[str(t) for t, _ in VALUES])
def test_values_of_every_type(env, type_info, values):
    assert collect(env.from_collection(values, type_info)) == values
    here = env.from_collection(values, type_info)
    there = here.map(lambda v: v, type_info).disable_chaining().map(lambda v: v, type_info)
    assert collect(there) == values
    key_type = Types.LONG()
    assert collect(env.from_collection(values, type_info).key_by(lambda v: 1, key_type)) == values


def test_rows_come_with_names(env):
    rows = env.from_collection([Row(1, "a"), (2, "b"), Row(b="c", a=3)], _named())
    names = rows.map(lambda r: "%s %s" % (r.a, r._fields), Types.STRING())
    assert collect(names) == ["1 ['a', 'b']", "2 ['a', 'b']", "3 ['a', 'b']"]


def _named():
    return Types.ROW_NAMED(["a", "b"], [INT, Types.STRING()])


WRONG = [
    (["a"], INT, ["element 0", "INT", "str 'a'"]),
    ([1, 2, 3.5], INT, ["element 2", "INT", "float"]),
    ([2**31], INT, ["element 0", "INT"]),
    ([("a", 1), ("b", "c")], PAIR, ["element 1", "f1", "INT", "'c'"]),
    ([("a", 1), ("b",)], PAIR, ["element 1"]),
    ([Row(a=1, b=2)], _named(), ["element 0", "b", "STRING", "int 2"]),
    ([[1, None]], Types.PRIMITIVE_ARRAY(INT), ["element 0"]),
    ([{"a": "b"}], Types.MAP(Types.STRING(), INT), ["element 0", "INT", "'b'"]),
]


@pytest.mark.parametrize("values, type_info, words", WRONG, ids=[str(w[2]) for w in WRONG])
def test_collection_that_does_not_fit_names_element_and_field(env, values, type_info, words):
    with pytest.raises((TypeError, OverflowError)) as caught:
        env.from_collection(values, type_info)
    for word in words:
        assert word in str(caught.value)


class Add(MapFunction):
    def open(self, runtime_context):
        self.name = runtime_context.get_task_name_with_subtasks()
        self.index = runtime_context.get_index_of_this_subtask()
        self.parameter = runtime_context.get_job_parameter("p", "default")

    def map(self, value):
        assert self.name.endswith("(1/1)#0") and self.index == 0
        return "%s %s" % (value, self.parameter)


def test_runtime_context(env):
    env.get_config().set_global_job_parameters({"p": "q"})
    assert collect(env.from_collection([1]).map(Add())) == ["1 q"]


class Split(FlatMapFunction):
    def flat_map(self, value):
        yield from value.split()


class Long(FilterFunction):
    def filter(self, value):
        return len(value) > 1


class First(KeySelector):
    def get_key(self, value):
        return value[0]


class Join(ReduceFunction):
    def reduce(self, value1, value2):
        return value1 + "+" + value2


class Twice(ProcessFunction):
    def process_element(self, value, ctx):
        yield value
        yield (value, ctx.timestamp())


def test_function_objects(env):
    words = env.from_collection(["ab c ad", "ae"], Types.STRING()).flat_map(Split(), Types.STRING())
    assert collect(words.filter(Long()).key_by(First()).reduce(Join())) == [
        "ab",
        "ab+ad",
        "ab+ad+ae",
    ]


def test_process_function(env):
    assert collect(env.from_collection([7]).process(Twice())) == [7, (7, -(2**63))]


class Stamp(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value * 10


def test_timestamps(env):
    strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Stamp())
    stream = env.from_collection([7], INT).assign_timestamps_and_watermarks(strategy)
    assert collect(stream.process(Twice())) == [7, (7, 70)]
    stream = env.from_source(NumberSequenceSource(1, 1), strategy, "seq")
    assert collect(stream.process(Twice())) == [1, (1, 10)]


DATA = [("a", 3, 1), ("a", 1, 9), ("b", 5, 5), ("a", 2, 2), ("b", 4, 6), ("a", 1, 0)]
TRIPLE = Types.TUPLE([Types.STRING(), INT, INT])
# What PyFlink 1.20.3 gives for the same records.
AGGREGATED = {
    "sum": [("a", 3, 1), ("a", 4, 1), ("b", 5, 5), ("a", 6, 1), ("b", 9, 5), ("a", 7, 1)],
    "min": [("a", 3, 1), ("a", 1, 1), ("b", 5, 5), ("a", 1, 1), ("b", 4, 5), ("a", 1, 1)],
    "max": [("a", 3, 1), ("a", 3, 1), ("b", 5, 5), ("a", 3, 1), ("b", 5, 5), ("a", 3, 1)],
    "min_by": [("a", 3, 1), ("a", 1, 9), ("b", 5, 5), ("a", 1, 9), ("b", 4, 6), ("a", 1, 9)],
    "max_by": [("a", 3, 1), ("a", 3, 1), ("b", 5, 5), ("a", 3, 1), ("b", 5, 5), ("a", 3, 1)],
}


@pytest.mark.parametrize("how", AGGREGATED)
def test_aggregations(env, how):
    typed = env.from_collection(DATA, TRIPLE).key_by(lambda t: t[0])
    assert collect(getattr(typed, how)(1)) == AGGREGATED[how]
    untyped = env.from_collection(DATA).key_by(lambda t: t[0])
    assert collect(getattr(untyped, how)(1)) == AGGREGATED[how]
    lists = env.from_collection([list(t) for t in DATA]).key_by(lambda t: t[0])
    assert collect(getattr(lists, how)(1)) == [list(t) for t in AGGREGATED[how]]
    row_type = Types.ROW_NAMED(["k", "v", "w"], [Types.STRING(), INT, INT])
    rows = env.from_collection(DATA, row_type).key_by(lambda r: r.k)
    assert [tuple(r) for r in collect(getattr(rows, how)("v"))] == AGGREGATED[how]


def test_aggregation_of_numbers(env):
    assert collect(env.from_collection([1, 2, 3], INT).key_by(lambda x: 0).sum()) == [1, 3, 6]
    with pytest.raises(Py4JJavaError, match="field 1"):
        collect(env.from_collection([1, 2, 3], INT).key_by(lambda x: 0).sum(1))


def test_union(env):
    stream = env.from_collection([1], INT)
    assert sorted(collect(stream.union(env.from_collection([2], INT)))) == [1, 2]
    keyed = env.from_collection([3], INT).key_by(lambda x: x)
    assert sorted(collect(stream.union(keyed))) == [1, 3]


def test_execute_gives_the_result(env):
    env.from_collection([1]).print()
    result = env.execute("my job")
    text = str(result)
    assert text.startswith("Program execution finished\nJob with JobID ")
    assert str(result.get_job_id()) in text and result.get_net_runtime() >= 0
    assert result.get_all_accumulator_results() == {}
    env.from_collection([2]).print()
    assert str(env.execute().get_job_id()) != str(result.get_job_id())


def test_execute_async(env):
    naturals(env).map(lambda x: x).filter(lambda x: False).print()
    client = env.execute_async("endless")
    assert len(str(client.get_job_id())) == 32
    assert client.get_job_status().result() in (
        JobStatus.INITIALIZING,
        JobStatus.CREATED,
        JobStatus.RUNNING,
    )
    future = client.get_job_execution_result()
    assert not future.done()
    client.cancel().result()
    with pytest.raises(Py4JJavaError):
        future.result()
    assert client.get_job_status().result() is JobStatus.CANCELED


def test_collect_ends_early(env):
    assert naturals(env).map(lambda x: x + 1).execute_and_collect(limit=3) == [2, 3, 4]
    with naturals(env).execute_and_collect("mine") as records:
        assert next(records) == 1
        assert records.next() == 2
        for record in records:
            assert record == 3
            break
        assert next(records) == 4
    with pytest.raises(StopIteration):
        next(records)


def test_several_collects_at_once(env):
    first = naturals(env).execute_and_collect()
    second = naturals(env).map(lambda x: -x).execute_and_collect()
    assert [next(first), next(second), next(first), next(second)] == [1, -1, 2, -2]
    first.close()
    second.close()


def fail_at_two(value):
    return 10 // (value - 2)


def test_failure_keeps_the_original_exception(env):
    env.from_collection([1, 2, 3]).map(fail_at_two).name("my map").print()
    with pytest.raises(Py4JJavaError) as caught:
        env.execute()
    assert isinstance(caught.value.python_exception, ZeroDivisionError)
    text = str(caught.value)
    assert "fail_at_two" in text and "test_api_jobs.py" in text
    assert "my map" in text and "subtask 1/1" in text and "2" in text
    assert text.index("ZeroDivisionError") < (text + "at org.apache").index("at org.apache")


def test_failure_while_collecting(env):
    with pytest.raises(Py4JJavaError) as caught:
        collect(env.from_collection([1, 2, 3]).map(fail_at_two))
    assert isinstance(caught.value.python_exception, ZeroDivisionError)
    assert collect(env.from_collection([1]).map(fail_at_two)) == [-10]


def test_value_that_does_not_fit_the_declared_type(env):
    env.from_collection([1]).map(lambda x: ("a", "b"), PAIR).print()
    with pytest.raises(Py4JJavaError) as caught:
        env.execute()
    for word in ("'Map'", "f1", "INT", "str 'b'"):
        assert word in str(caught.value)


def test_empty_program(env):
    with pytest.raises(Exception, match="No operators defined"):
        env.execute()
