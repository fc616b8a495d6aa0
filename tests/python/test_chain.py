"""Fused functions in a native chain: order, timestamps, errors, cancelling, memory."""

import gc
import struct
import sys
import threading
import time

import pytest
from pyflink._engine import engine as load_engine
from pyflink.datastream import OutputTag

engine = load_engine()

MAP, FLAT_MAP, FILTER, KEY_BY, VALUES, PROCESS, REDUCE, ASSIGN = range(1, 9)
PARTITION = 16
TYPED, ENCODED = 0, 1


def chain(steps, in_schema=b"l", out_schema=b"p", **more):
    return engine.ChainProbe(steps, TYPED, in_schema, None, TYPED, out_schema, None, **more)


def run(probe, batch):
    out, more = probe.run(batch)
    while more:
        part, more = probe.run(b"")
        out += part
    return out


def results(steps, values, in_schema=b"l", out_schema=b"p", **more):
    batch = engine.encode_batch(values, in_schema)
    return engine.decode_batch(
        run(chain(steps, in_schema, out_schema, **more), batch), out_schema
    )


def with_timestamps(records):
    return b"".join(struct.pack("<Bqq", 1, timestamp, value) for value, timestamp in records)


def timestamps_of(out):
    """(value, timestamp or None) of typed long records."""
    found, at = [], 0
    while at < len(out):
        timestamp = struct.unpack_from("<q", out, at + 1)[0] if out[at] & 1 else None
        at += 9 if out[at] & 1 else 1
        found.append((struct.unpack_from("<q", out, at)[0], timestamp))
        at += 8
    return found


def test_steps_run_in_order():
    steps = [
        (MAP, "Map", lambda x: x + 1, b"l"),
        (FILTER, "Filter", lambda x: x % 2, None),
        (FLAT_MAP, "FlatMap", lambda x: (x, -x), b"l"),
        (MAP, "Map2", lambda x: str(x), None),
    ]
    assert results(steps, range(6)) == ["1", "-1", "3", "-3", "5", "-5"]


@pytest.mark.parametrize(
    "iterable",
    [list, tuple, iter, set, lambda v: {x: 0 for x in v}, lambda v: (x for x in v)],
    ids=["list", "tuple", "iterator", "set", "dict", "generator"],
)
def test_flat_map_takes_any_iterable(iterable):
    steps = [(FLAT_MAP, "FlatMap", lambda x: iterable([x, x + 10]), None)]
    assert sorted(results(steps, [1, 2])) == [1, 2, 11, 12]


def test_flat_map_walks_a_string_by_characters():
    assert results([(FLAT_MAP, "FlatMap", str, None)], [12]) == ["1", "2"]


@pytest.mark.parametrize("wrong, found", [(None, "NoneType None"), (5, "int 5")])
def test_flat_map_must_return_an_iterable(wrong, found):
    with pytest.raises(TypeError, match="operator 'Split': .* iterable .* found " + found):
        results([(FLAT_MAP, "Split", lambda x: wrong, None)], [1])


def test_timestamps_travel_with_their_records():
    steps = [(FLAT_MAP, "F", lambda x: [x, x], None), (MAP, "M", lambda x: x * 2, None)]
    out = run(chain(steps, out_schema=b"l"), with_timestamps([(1, 100), (2, -7)]))
    assert timestamps_of(out) == [(2, 100), (2, 100), (4, -7), (4, -7)]


def test_timestamps_are_assigned():
    seen = []

    def assign(value, before):
        seen.append(before)
        return value * 1000

    probe = chain([(ASSIGN, "Assign", assign, None)], out_schema=b"l")
    out = run(probe, engine.encode_batch([1], b"l") + with_timestamps([(2, 5)]))
    assert timestamps_of(out) == [(1, 1000), (2, 2000)]
    assert seen == [-(2**63), 5]
    with pytest.raises(TypeError, match="operator 'Assign': extract_timestamp must return"):
        results([(ASSIGN, "Assign", lambda value, before: "x", None)], [1])


def test_process_sees_the_timestamp():
    def process(value, ctx):
        if value == 3:
            return None
        return iter([(value, ctx.timestamp())])

    probe = chain([(PROCESS, "Process", process, None)])
    batch = with_timestamps([(1, 100), (3, 0)]) + engine.encode_batch([2], b"l")
    out = run(probe, batch)
    assert engine.decode_batch(out, b"p") == [(1, 100), (2, -(2**63))]


def test_none_is_a_record():
    assert results([(MAP, "M", lambda x: None, None)], [1], out_schema=b"s") == [None]
    assert results([(MAP, "M", lambda x: (x, None), None)], [None]) == [(None, None)]


def test_an_error_says_where_it_happened():
    steps = [(MAP, "First", lambda x: x - 1, None), (MAP, "Second", lambda x: 1 // x, None)]
    probe = chain(steps)
    with pytest.raises(ZeroDivisionError):
        probe.run(engine.encode_batch([3, 2, 1], b"l"))
    assert probe.failed() == (1, 0, "call", 0)


def test_an_error_in_a_generator_names_what_entered_it():
    def explode(x):
        yield x
        raise ValueError("boom")

    probe = chain([(FLAT_MAP, "F", explode, None), (MAP, "M", str, None)])
    with pytest.raises(ValueError, match="boom"):
        probe.run(engine.encode_batch([7], b"l"))
    assert probe.failed() == (0, 7, "iteration", 0)


def test_stop_iteration_in_a_function_is_an_error():
    with pytest.raises(StopIteration):
        results([(MAP, "M", lambda x: next(iter([])), None)], [1])


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), GeneratorExit()])
def test_exits_end_the_job_only(error):
    def leave(x):
        raise error

    with pytest.raises(RuntimeError, match="operator 'Map': the function raised") as caught:
        results([(MAP, "Map", leave, None)], [1])
    assert caught.value.__cause__ is error
    assert "leave" in [entry.name for entry in caught.traceback]


def test_declared_types_are_checked_between_steps():
    steps = [(MAP, "First", lambda x: (x, x), b"T\2ls"), (MAP, "Second", str, b"s")]
    text = "operator 'First': field f1 of the declared type TUPLE<LONG, STRING> expects STRING"
    with pytest.raises(TypeError, match=text):
        results(steps, [1], out_schema=b"s")


def test_typed_key_by_writes_rows_of_key_and_value():
    pair = b"R\2\0\0sl"
    probe = engine.ChainProbe(
        [(KEY_BY, "key", lambda x: "k%d" % (x % 2) if x else None, None)],
        TYPED, b"l", None, TYPED, pair, b"s",
    )  # fmt: skip
    out = run(probe, engine.encode_batch([0, 1, 2], b"l"))
    assert [list(row) for row in engine.decode_batch(out, pair)] == [
        [None, 0],
        ["k1", 1],
        ["k0", 2],
    ]
    values = engine.ChainProbe(
        [(VALUES, "v", None, None)], TYPED, pair, b"s", TYPED, b"l", None
    )
    assert engine.decode_batch(run(values, out), b"l") == [0, 1, 2]


def test_an_error_of_the_output_names_what_entered():
    probe = chain([(MAP, "A", str, None), (MAP, "B", lambda s: s + "!", None)], out_schema=b"l")
    with pytest.raises(TypeError, match="operator 'B': the declared type is LONG, found str '1!'"):
        probe.run(engine.encode_batch([1], b"l"))
    assert probe.failed() == (1, "1", "output", 0)
    probe = chain([(FLAT_MAP, "F", lambda x: [x, "no"], None)], out_schema=b"l")
    with pytest.raises(TypeError, match="found str 'no'"):
        probe.run(engine.encode_batch([7], b"l"))
    assert probe.failed() == (0, 7, "output", 0)


def test_a_key_that_does_not_fit_is_an_error():
    probe = engine.ChainProbe(
        [(KEY_BY, "by name", lambda x: x, None)], TYPED, b"l", None, ENCODED, b"l", b"s"
    )
    with pytest.raises(TypeError, match="operator 'by name', key: .* STRING, found int 1"):
        run(probe, engine.encode_batch([1], b"l"))


def keyed_batch(values, key):
    probe = engine.ChainProbe([(KEY_BY, "k", key, None)], TYPED, b"l", None, ENCODED, b"l", b"l")
    return run(probe, engine.encode_batch(values, b"l"))


def reducer(function, **more):
    return engine.ChainProbe(
        [(REDUCE, "Reduce", function, None)], ENCODED, b"l", b"l", TYPED, b"l", None, **more
    )


def test_reduce_emits_every_result():
    probe = reducer(lambda a, b: a + b)
    out = run(probe, keyed_batch(range(6), lambda x: x % 2))
    assert engine.decode_batch(out, b"l") == [0, 1, 2, 4, 6, 9]


def test_reduce_state_is_written_back_once():
    probe = reducer(lambda a, b: a + b, store={})
    run(probe, keyed_batch(range(6), lambda x: x % 2))
    state, more = probe.flush_state()
    assert not more
    entries = [struct.unpack_from("<IIqBIIBq", state, at) for at in range(0, len(state), 34)]
    assert entries == [(30, 8, 0, 2, 0, 9, 1, 6), (30, 8, 1, 2, 0, 9, 1, 9)]
    assert probe.flush_state() == (b"", 0)
    run(probe, keyed_batch([10], lambda x: 0))
    assert len(probe.flush_state()[0]) == 34


def test_reduce_goes_on_from_stored_state():
    store = {(0, struct.pack("<q", 0)): struct.pack("<Bq", 1, 100)}
    out = run(reducer(lambda a, b: a + b, store=store), keyed_batch([1, 2], lambda x: 0))
    assert engine.decode_batch(out, b"l") == [101, 103]


def test_reduce_in_batch_mode_emits_once_for_each_key():
    probe = reducer(lambda a, b: a + b, batch_mode=True)
    out = run(probe, keyed_batch([1, 1, 1, 2, 2, 5], lambda x: x))
    last, more = probe.end_input()
    assert not more
    assert engine.decode_batch(out + last, b"l") == [3, 4, 5]
    assert probe.end_input() == (b"", 0)


def test_reduce_result_of_another_type_is_an_error():
    with pytest.raises(TypeError, match="operator 'Reduce': the declared type is LONG, found str"):
        run(reducer(lambda a, b: "x"), keyed_batch([1, 1], lambda x: 0))


def test_close_runs_all_functions_and_keeps_the_first_error():
    closed = []

    def fail():
        closed.append("first")
        raise OSError("cannot close")

    probe = chain(
        [(MAP, "A", str, None, fail), (MAP, "B", str, None, lambda: closed.append("second"))]
    )
    with pytest.raises(OSError, match="cannot close"):
        probe.close()
    probe.close()
    assert closed == ["first", "second"]


def test_cancel_interrupts_an_endless_function():
    started = threading.Event()

    def endless(x):
        started.set()
        while True:
            try:
                time.sleep(0)
            except Exception:  # a cancel must get through this
                pass

    probe = chain([(MAP, "M", endless, None)])
    caught = []

    def task():
        try:
            probe.run(engine.encode_batch([1], b"l"))
        except BaseException as error:
            caught.append(error)
        # Nothing is left over for what this thread does next.
        caught.append(sum(range(100000)))

    thread = threading.Thread(target=task)
    thread.start()
    assert started.wait(10)
    probe.cancel()
    thread.join(10)
    assert not thread.is_alive()
    assert isinstance(caught[0], engine.TaskCancelled) and caught[1] == 4999950000
    with pytest.raises(engine.TaskCancelled):
        probe.run(engine.encode_batch([1], b"l"))


def test_a_cancel_that_nobody_noticed_goes_away():
    for _ in range(200):
        probes = []
        probe = chain([(MAP, "M", lambda x, probes=probes: probes[0].cancel(), None)])
        probes.append(probe)
        try:
            probe.run(engine.encode_batch([1], b"l"))
        except engine.TaskCancelled:
            pass
    assert sum(range(100000)) == 4999950000


def test_memory_stays_flat():
    pair = b"T\2sl"
    words = ["word%d" % i for i in range(100)] * 10
    lines = engine.encode_batch([" ".join(words)], b"s")

    def build():
        split = engine.ChainProbe(
            [
                (FLAT_MAP, "F", lambda line: line.split(), b"s"),
                (MAP, "M", lambda word: (word, 1), pair),
                (KEY_BY, "K", lambda t: t[0], None),
            ],
            TYPED, b"s", None, ENCODED, pair, b"s",
        )  # fmt: skip
        count = engine.ChainProbe(
            [(REDUCE, "R", lambda a, b: (a[0], a[1] + b[1]), None)],
            ENCODED, pair, b"s", TYPED, b"p", None, {}, 50,
        )  # fmt: skip
        return split, count

    def rounds(times):
        for _ in range(times):
            split, count = build()
            for _ in range(10):
                run(count, run(split, lines))
            with pytest.raises(AttributeError):
                run(chain([(MAP, "M", lambda s: s.missing, None)], b"s"), lines)

    rounds(5)
    gc.collect()
    blocks, objects = sys.getallocatedblocks(), len(gc.get_objects())
    rounds(30)
    gc.collect()
    assert len(gc.get_objects()) - objects < 30
    assert sys.getallocatedblocks() - blocks < 300


@pytest.mark.parametrize("selector", [lambda pair: pair[0], lambda pair: pair.missing])
def test_what_does_not_fit_its_type_is_the_maps_error_also_before_key_by(selector):
    pair = b"T\x02sl"
    steps = [(MAP, "Pair", lambda x: ("a", x, x) if x == 2 else ("a", x), pair),
             (KEY_BY, "key", selector, None)]  # fmt: skip
    probe = engine.ChainProbe(steps, TYPED, b"l", None, ENCODED, pair, b"s")
    with pytest.raises(TypeError, match="operator 'Pair'.*number of fields"):
        probe.run(engine.encode_batch([2], b"l"))


def test_an_error_of_the_key_selector_is_its_own_when_the_value_fits():
    steps = [(MAP, "Pair", lambda x: ("a", x), b"T\x02sl"),
             (KEY_BY, "key", lambda pair: pair.missing, None)]  # fmt: skip
    probe = engine.ChainProbe(steps, TYPED, b"l", None, ENCODED, b"T\x02sl", b"s")
    with pytest.raises(AttributeError, match="missing"):
        probe.run(engine.encode_batch([2], b"l"))


def tagged_chain(steps, *sides, **more):
    probe = chain(steps, b"l", b"l", **more)
    for number, name, schema in sides:
        probe.side_output(number, name, TYPED, schema)
    return probe


def split_sides(out):
    """Main values and {number: values} of records of longs; timestamps are checked to be there."""
    main, sides, at = [], {}, 0
    while at < len(out):
        flags, at = out[at], at + 1
        if flags & 1:
            at += 8
        where = main
        if flags & 8:
            (number,) = struct.unpack_from("<H", out, at)
            where, at = sides.setdefault(number, []), at + 2
        where.append(struct.unpack_from("<q", out, at)[0])
        at += 8
    return main, sides


def test_tagged_results_leave_at_their_step():
    tag, other = OutputTag("tag"), OutputTag("other")
    steps = [
        (PROCESS, "P1", lambda v, ctx: [(tag, v), (other, v), v, (OutputTag("tag"), v * 10)], b"l"),
        (MAP, "Map", lambda v: v + 1, b"l"),
        (FLAT_MAP, "F", lambda v: ((tag, v * 100), v, (other, 0)), b"l"),
    ]
    probe = tagged_chain(steps, (0, "tag", b"l"), (2, "tag", b"l"))
    out = run(probe, with_timestamps([(1, 5), (2, 6)]))
    assert split_sides(out) == ([2, 3], {0: [1, 10, 2, 20], 1: [200, 300]})
    # Nobody reads the flat_map's tags: there they are results like any other.
    probe = chain([steps[0], (FLAT_MAP, "F", lambda v: [(tag.tag_id, v)], None)], b"l", b"p")
    assert engine.decode_batch(run(probe, engine.encode_batch([1], b"l")), b"p") == [("tag", 1)]


def test_an_endless_generator_of_tagged_results_fills_the_output_only():
    tag = OutputTag("tag")

    def endless(value, ctx):
        while True:
            yield tag, value

    probe = tagged_chain([(PROCESS, "P", endless, b"l")], (0, "tag", b"l"), buffer_bytes=1024)
    out, more = probe.run(engine.encode_batch([7], b"l"))
    assert more and len(out) < 2048
    probe.close()


def test_what_does_not_fit_a_side_output_names_it():
    tag = OutputTag("tag")
    for result, error in (
        ((tag, "x"), "operator 'P', side output 'tag': .* LONG, found str 'x'"),
        ((tag,), "operator 'P': .* a tuple of an OutputTag and a value"),
    ):
        probe = tagged_chain([(PROCESS, "P", lambda v, ctx: [result], b"l")], (0, "tag", b"l"))
        with pytest.raises(TypeError, match=error):
            run(probe, engine.encode_batch([5], b"l"))
        assert probe.failed()[:3] == (0, 5, "output")


def test_partitions_are_checked_and_precede_their_values():
    steps = [(PARTITION, "P", lambda v: v % 3, None, None, lambda key, n: n - 1 - key)]
    probe = engine.ChainProbe(
        steps, TYPED, b"l", None, ENCODED, b"l", b"i", partitions=3
    )
    out = run(probe, engine.encode_batch([4], b"l"))
    assert out == struct.pack("<BIIiBq", 0, 4, 9, 1, 1, 4)
    for wrong in (3, -1, 2**100, "1", None):
        steps = [(PARTITION, "P", lambda v: v, None, None, lambda key, n: wrong)]
        probe = engine.ChainProbe(steps, TYPED, b"l", None, ENCODED, b"l", b"i", partitions=3)
        with pytest.raises((TypeError, ValueError), match="'P': the partitioner .* from 0 to 2"):
            run(probe, engine.encode_batch([4], b"l"))
