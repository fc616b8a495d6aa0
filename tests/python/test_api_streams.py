"""DataStream and KeyedStream: the shape of the graph, names, types, and what is refused."""

import json

import pytest
from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import (
    MapFunction,
    ProcessFunction,
    SlotSharingGroup,
    StreamExecutionEnvironment,
)
from pyflink.datastream.connectors.number_seq import NumberSequenceSource

LONG = Types.LONG()
PAIR = Types.TUPLE([Types.STRING(), Types.INT()])
ROW = Types.ROW_NAMED(["a", "b"], [Types.STRING(), Types.INT()])


class Stamp(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value


class Pass(ProcessFunction):
    def process_element(self, value, ctx):
        yield value


@pytest.fixture
def env():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(2)
    return env


def plan(env):
    """The nodes of the plan, as "name[parallelism] <-KIND OF EDGE …"."""
    nodes = json.loads(env.get_execution_plan())["nodes"]
    return [
        "%s[%s]" % (n["contents"], n["parallelism"])
        + "".join(" <-" + p["ship_strategy"] for p in n.get("predecessors", []))
        for n in nodes
    ]


SOURCE = "Source: Collection Source[1]"
PRINT = "Sink: Print to Std. Out[2] <-FORWARD"
KEYS = "_stream_key_by_map_operator[1] <-FORWARD"


def numbers(env):
    return env.from_collection([1, 2], LONG)


def objects(env):
    return env.from_collection([1, 2])


# What PyFlink 1.20.3 gives for the same programs.
PLANS = {
    "print untyped": (lambda e: objects(e).print(), [SOURCE, "Map[2] <-REBALANCE", PRINT]),
    "print typed": (
        lambda e: numbers(e).print(),
        [SOURCE, "Sink: Print to Std. Out[2] <-REBALANCE"],
    ),
    "print row": (
        lambda e: e.from_collection([("a", 1)], ROW).print(),
        [SOURCE, "Map[2] <-REBALANCE", PRINT],
    ),
    "map typed": (
        lambda e: numbers(e).map(lambda x: x, LONG).print(),
        [SOURCE, "Map[2] <-REBALANCE", PRINT],
    ),
    "map untyped": (
        lambda e: numbers(e).map(lambda x: x).print(),
        [SOURCE, "Map, Map[2] <-REBALANCE", PRINT],
    ),
    "filter": (
        lambda e: numbers(e).filter(lambda x: True).print(),
        [SOURCE, "Filter[2] <-REBALANCE", PRINT],
    ),
    "flat_map": (
        lambda e: numbers(e).flat_map(lambda x: [x]).print(),
        [SOURCE, "FlatMap, Map[2] <-REBALANCE", PRINT],
    ),
    "process": (
        lambda e: numbers(e).process(Pass(), LONG).print(),
        [SOURCE, "PROCESS[2] <-REBALANCE", PRINT],
    ),
    "key_by print": (
        lambda e: numbers(e).key_by(lambda x: x).print(),
        [SOURCE, KEYS, "_keyed_stream_values_operator[2] <-HASH", PRINT],
    ),
    "key_by map": (
        lambda e: numbers(e).key_by(lambda x: x).map(lambda x: x, LONG).print(),
        [SOURCE, KEYS, "Map[2] <-HASH", PRINT],
    ),
    "key_by reduce": (
        lambda e: numbers(e).key_by(lambda x: x).reduce(lambda x, y: x).print(),
        [SOURCE, KEYS, "Reduce[2] <-HASH", PRINT],
    ),
    "key_by sum": (
        lambda e: e.from_collection([("a", 1)], PAIR).key_by(lambda x: x[0]).sum(1).print(),
        [SOURCE, KEYS, "Reduce[2] <-HASH", PRINT],
    ),
    "union": (
        lambda e: numbers(e).union(numbers(e), numbers(e)).map(lambda x: x).print(),
        [SOURCE] * 3 + ["Map, Map[2] <-REBALANCE <-REBALANCE <-REBALANCE", PRINT],
    ),
    "sequence": (
        lambda e: e.from_source(
            NumberSequenceSource(1, 10), WatermarkStrategy.no_watermarks(), "seq"
        ).print(),
        ["Source: seq[2]", PRINT],
    ),
    "watermarks": (
        lambda e: (
            numbers(e)
            .assign_timestamps_and_watermarks(WatermarkStrategy.for_monotonous_timestamps())
            .print()
        ),
        [
            SOURCE,
            "Timestamps/Watermarks[1] <-FORWARD",
            "Sink: Print to Std. Out[2] <-REBALANCE",
        ],
    ),
    "shuffle": (
        lambda e: numbers(e).map(str).shuffle().map(str, Types.STRING()).print(),
        [SOURCE, "Map[2] <-REBALANCE", "Map[2] <-SHUFFLE", PRINT],
    ),
    "rebalance": (
        lambda e: numbers(e).map(str).rebalance().map(str, Types.STRING()).print(),
        [SOURCE, "Map[2] <-REBALANCE", "Map[2] <-REBALANCE", PRINT],
    ),
    "rescale": (
        lambda e: numbers(e).map(str).rescale().map(str, Types.STRING()).print(),
        [SOURCE, "Map[2] <-REBALANCE", "Map[2] <-RESCALE", PRINT],
    ),
    "broadcast": (
        lambda e: numbers(e).map(str).broadcast().map(str, Types.STRING()).print(),
        [SOURCE, "Map[2] <-REBALANCE", "Map[2] <-BROADCAST", PRINT],
    ),
    "forward": (
        lambda e: numbers(e).map(str).forward().map(str, Types.STRING()).print(),
        [SOURCE, "Map, Map[2] <-REBALANCE", PRINT],
    ),
    "project": (
        lambda e: e.from_collection([("a", 1)], PAIR).project(1).print(),
        [SOURCE, "Projection[2] <-REBALANCE", PRINT],
    ),
    "names": (
        lambda e: numbers(e).map(str).set_parallelism(1).name("x").uid("u").print().name("p"),
        [SOURCE, "x[1] <-FORWARD", "Map[2] <-REBALANCE", "Sink: p[2] <-FORWARD"],
    ),
    "description": (
        lambda e: numbers(e).map(str, Types.STRING()).set_description("d").print(),
        [SOURCE, "d[2] <-REBALANCE", PRINT],
    ),
}


@pytest.mark.parametrize("build, nodes", PLANS.values(), ids=PLANS.keys())
def test_plan_has_the_peers_shape(env, build, nodes):
    build(env)
    assert plan(env) == nodes


def test_python_timestamps(env):
    strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Stamp())
    numbers(env).assign_timestamps_and_watermarks(strategy).print()
    assert [node.split("[")[0] for node in plan(env)] == [
        "Source: Collection Source",
        "Extract-Timestamp",
        "Timestamps/Watermarks",
        "Sink: Print to Std. Out",
    ]


def test_names_and_types(env):
    assert numbers(env).get_name() == "Collection Source"
    assert numbers(env).map(str).get_name() == "Map"
    assert numbers(env).get_type() == LONG
    assert numbers(env).filter(lambda x: True).get_type() == LONG
    assert numbers(env).map(str).get_type() == Types.PICKLED_BYTE_ARRAY()
    assert numbers(env).map(str, Types.STRING()).rebalance().get_type() == Types.STRING()
    keyed = numbers(env).key_by(lambda x: x, LONG)
    assert str(keyed.get_type()) == "RowTypeInfo(f0: Long, f1: Long)"
    assert keyed.reduce(lambda a, b: a).get_type() == LONG
    pairs = env.from_collection([("a", 1)], PAIR)
    assert pairs.project(1, 0).get_type() == Types.TUPLE([Types.INT(), Types.STRING()])
    assert env.read_text_file(__file__).get_type() == Types.STRING()


def test_settings_of_an_operator(env):
    stream = numbers(env).map(str)
    assert stream.name("n") is stream and stream.get_name() == "n"
    for call in (
        lambda: stream.uid("u"),
        lambda: stream.set_uid_hash("0" * 32),
        lambda: stream.set_parallelism(1),
        lambda: stream.set_max_parallelism(7),
        lambda: stream.set_buffer_timeout(5),
        lambda: stream.start_new_chain(),
        lambda: stream.disable_chaining(),
        lambda: stream.slot_sharing_group("g"),
        lambda: stream.slot_sharing_group(SlotSharingGroup.builder("h").build()),
        lambda: stream.set_description("d"),
        lambda: stream.force_non_parallel(),
    ):
        assert call() is stream
    assert stream.get_execution_config().get_parallelism() == 2
    assert stream.get_execution_environment().get_parallelism() == 2
    sink = stream.print()
    for call in (
        lambda: sink.name("s"),
        lambda: sink.uid("v"),
        lambda: sink.set_uid_hash("1" * 32),
        lambda: sink.set_parallelism(1),
        lambda: sink.set_description("d"),
        lambda: sink.disable_chaining(),
        lambda: sink.slot_sharing_group("g"),
    ):
        assert call() is sink


WRONG = {
    "map": lambda e: objects(e).map(5),
    "flat_map": lambda e: objects(e).flat_map(5),
    "filter": lambda e: objects(e).filter("x"),
    "key_by": lambda e: objects(e).key_by(5),
    "reduce": lambda e: objects(e).key_by(lambda x: x).reduce(5),
    "process": lambda e: objects(e).process(5),
    "process lambda": lambda e: objects(e).process(lambda value, ctx: [value]),
    "keyed process": lambda e: objects(e).key_by(lambda x: x).process(Pass()),
    "sum": lambda e: objects(e).key_by(lambda x: x).sum(1.5),
    "abstract": lambda e: objects(e).map(MapFunction()),
    "union": lambda e: objects(e).union(5),
    "co map": lambda e: objects(e).connect(objects(e)).map(5),
    "from_collection": lambda e: e.from_collection(5),
    "read_text_file": lambda e: e.read_text_file(5),
}


@pytest.mark.parametrize("build", WRONG.values(), ids=WRONG.keys())
def test_wrong_arguments_are_type_errors_at_the_call(env, build):
    with pytest.raises(TypeError):
        build(env)


def test_union_of_different_types(env):
    with pytest.raises(Exception, match="Cannot union streams of different types"):
        objects(env).union(env.from_collection(["1"], Types.STRING()))


def test_project_needs_tuples(env):
    with pytest.raises(Exception, match="TUPLE"):
        objects(env).project(0)


@pytest.mark.parametrize(
    "call",
    [
        "get_name()", "name('x')", "uid('x')", "set_uid_hash('x')", "set_parallelism(2)",
        "set_max_parallelism(2)", "force_non_parallel()", "set_buffer_timeout(5)",
        "start_new_chain()", "disable_chaining()", "slot_sharing_group('g')", "cache()",
        "shuffle()", "rebalance()", "rescale()", "forward()", "broadcast()", "global_()",
        "partition_custom(1, 2)", "set_description('d')", "get_side_output(1)",
    ],
)  # fmt: skip
def test_what_a_keyed_stream_refuses(env, call):
    keyed = objects(env).key_by(lambda x: x)
    with pytest.raises(Exception, match="KeyedStream"):
        eval("keyed." + call, {"keyed": keyed})


def test_what_is_missing_names_itself(env):
    for build, name in (
        (lambda: objects(env).cache(), "DataStream.cache"),
    ):
        with pytest.raises(NotImplementedError, match=name):
            build()
