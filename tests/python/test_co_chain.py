"""Chains with two inputs: what the functions see, what they may give, where errors happened."""

import struct

import pytest
from pyflink._engine import engine as load_engine

engine = load_engine()

MAP, KEY_BY = 1, 4
CO_MAP, CO_FLAT_MAP, CO_PROCESS = 10, 11, 12
TYPED, ENCODED = 0, 1


def run(probe, batch):
    out, more = probe.run(batch)
    while more:
        part, more = probe.run(b"")
        out += part
    return out


def co_chain(kind, first, second, out_schema=b"p", then=(), **more):
    """A chain of longs and strings."""
    steps = [(kind, "Co", first, None, None, second), *then]
    return engine.ChainProbe(
        steps, TYPED, b"l", None, TYPED, out_schema, None, in2=(TYPED, b"s", None), **more
    )


def number(value, timestamp=None):
    if timestamp is None:
        return engine.encode_batch([value], b"l")
    return struct.pack("<Bqq", 1, timestamp, value)


def text(value):
    batch = engine.encode_batch([value], b"s")
    return bytes([batch[0] | 4]) + batch[1:]


MIXED = number(1) + text("a") + number(2) + number(3) + text("bb")


def test_the_order_of_both_inputs_is_kept():
    probe = co_chain(CO_MAP, lambda n: n * 10, lambda s: s.upper())
    assert engine.decode_batch(run(probe, MIXED), b"p") == [10, "A", 20, 30, "BB"]


def test_a_result_of_none_is_no_record():
    def first(value):
        return None if value == 2 else [value]

    probe = co_chain(CO_MAP, first, lambda s: None)
    assert engine.decode_batch(run(probe, MIXED), b"p") == [[1], [3]]
    probe = co_chain(CO_FLAT_MAP, first, lambda s: None)
    assert engine.decode_batch(run(probe, MIXED), b"p") == [1, 3]
    probe = co_chain(CO_PROCESS, lambda v, ctx: first(v), lambda s, ctx: None)
    assert engine.decode_batch(run(probe, MIXED), b"p") == [1, 3]


def test_none_is_a_value():
    null = engine.encode_batch([None], b"l")
    probe = co_chain(CO_MAP, repr, repr)
    assert engine.decode_batch(run(probe, null + bytes([null[0] | 4])), b"p") == ["None"] * 2


def test_results_go_on_to_the_next_steps():
    then = [(MAP, "Next", lambda x: (x,), None)]
    probe = co_chain(CO_FLAT_MAP, lambda n: range(n), list, then=then, buffer_bytes=1024)
    expected = [(0,), ("a",), (0,), (1,), (0,), (1,), (2,), ("b",), ("b",)]
    assert engine.decode_batch(run(probe, MIXED * 50), b"p") == expected * 50


def test_the_context_knows_timestamps_and_the_watermark():
    def first(value, ctx):
        yield value, ctx.timestamp(), ctx.timer_service().current_watermark()

    probe = co_chain(CO_PROCESS, first, first)
    none = -(2**63)
    assert engine.decode_batch(run(probe, number(1, 5) + text("a")), b"p") == [
        (1, 5, none), ("a", none, none)
    ]  # fmt: skip
    probe.watermark(77)
    assert engine.decode_batch(run(probe, text("a") + number(2, -1)), b"p") == [
        ("a", none, 77), (2, -1, 77)
    ]  # fmt: skip


def test_timers_need_keys():
    services = []
    probe = co_chain(CO_PROCESS, lambda v, ctx: services.append(ctx.timer_service()), None.__eq__)
    run(probe, number(1))
    with pytest.raises(Exception, match="keyed stream"):
        services[0].register_event_time_timer(5)
    assert services[0].current_processing_time() > 1_600_000_000_000


@pytest.mark.parametrize(
    "batch, record, origin", [(number(4) + text("x"), 4, 1), (text("x") + number(4), "x", 2)]
)
@pytest.mark.parametrize("kind", [CO_MAP, CO_FLAT_MAP, CO_PROCESS])
def test_an_error_says_which_input(kind, batch, record, origin):
    def fail(*args):
        raise KeyError(args[0])

    probe = co_chain(kind, fail, fail)
    with pytest.raises(KeyError):
        probe.run(batch)
    assert probe.failed() == (0, record, "call", origin)


def test_errors_of_generators_and_results_say_which_input():
    def generator(value):
        yield value
        raise KeyError(value)

    probe = co_chain(CO_FLAT_MAP, lambda n: [n], generator)
    with pytest.raises(KeyError):
        run(probe, number(1) + text("x"))
    assert probe.failed() == (0, "x", "iteration", 2)
    probe = co_chain(CO_FLAT_MAP, lambda n: 5, list)
    with pytest.raises(TypeError, match="operator 'Co': .* iterable .* found int 5"):
        run(probe, text("x") + number(1))
    assert probe.failed() == (0, 1, "result", 1)
    probe = co_chain(CO_MAP, lambda n: n, lambda s: s, b"l")
    with pytest.raises(TypeError, match="operator 'Co': the declared type is LONG, found str 'x'"):
        run(probe, number(1) + text("x"))
    assert probe.failed() == (0, "x", "output", 2)


def test_an_error_of_a_later_step_is_not_of_an_input():
    probe = co_chain(CO_MAP, int, str, then=[(MAP, "Next", lambda x: x + 1, None)])
    with pytest.raises(TypeError):
        run(probe, number(1) + text("x"))
    assert probe.failed() == (1, "x", "call", 0)


def test_a_value_before_key_by_is_checked_and_says_which_input():
    probe = engine.ChainProbe(
        [(CO_MAP, "Co", int, b"l", None, str), (KEY_BY, "Key", lambda n: 1, None)],
        TYPED, b"l", None, ENCODED, b"l", b"o", in2=(TYPED, b"s", None),
    )  # fmt: skip
    with pytest.raises(TypeError, match="operator 'Co': the declared type is LONG, found str 'x'"):
        run(probe, number(1) + text("x"))
    assert probe.failed() == (0, "x", "output", 2)


def keyed(values, key, schema, mode, key_schema, origin):
    """Records as a key_by writes them, for one input of the next chain."""
    typed = b"R\2\0\0" + key_schema + schema
    probe = engine.ChainProbe(
        [(KEY_BY, "Key", key, None)], TYPED, schema, None, mode,
        schema if mode == ENCODED else typed, key_schema,
    )  # fmt: skip
    out = b""
    for value in values:
        record = run(probe, engine.encode_batch([value], schema))
        out += bytes([record[0] | (4 if origin else 0)]) + record[1:]
    return out


@pytest.mark.parametrize("mode, key_schema", [(ENCODED, b"o"), (ENCODED, b"l"), (TYPED, b"l")])
def test_the_current_key_is_that_of_the_record(mode, key_schema):
    def process(value, ctx):
        yield ctx.get_current_key(), value
        yield ctx.get_current_key(), value

    def schema(value):
        return value if mode == ENCODED else b"R\2\0\0" + key_schema + value

    probe = engine.ChainProbe(
        [(CO_PROCESS, "Co", process, None, None, process)],
        mode, schema(b"l"), key_schema, TYPED, b"p", None,
        in2=(mode, schema(b"s"), key_schema), buffer_bytes=1024,
    )  # fmt: skip
    numbers = keyed([10, 11], lambda n: n % 2, b"l", mode, key_schema, 0)
    texts = keyed(["abc", ""], len, b"s", mode, key_schema, 1)
    expected = [(0, 10), (1, 11), (3, "abc"), (0, "")]
    out = engine.decode_batch(run(probe, (numbers + texts) * 40), b"p")
    assert out == [pair for pair in expected for _ in "12"] * 40


def test_close_runs_once():
    closed = []
    steps = [(CO_MAP, "Co", int, None, lambda: closed.append(1), str)]
    probe = engine.ChainProbe(
        steps, TYPED, b"l", None, TYPED, b"p", None, in2=(TYPED, b"s", None)
    )
    probe.close()
    probe.close()
    assert closed == [1]
