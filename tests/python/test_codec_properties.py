"""Whatever fits a type comes back from its bytes as it was; random bytes do no harm."""

import pickle

import pytest

pytest.importorskip("hypothesis")

from codec_support import any_values, engine, normal, tuple_of, typed_values  # noqa: E402
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

settings.register_profile("codec", deadline=None, max_examples=300)
settings.load_profile("codec")


@given(st.data())
def test_values_come_back(data):
    schema, values = data.draw(typed_values())
    batch = data.draw(st.lists(st.none() | values, max_size=5))
    encoded = engine.encode_batch(batch, schema)
    decoded = engine.decode_batch(encoded, schema)
    assert normal(decoded) == normal(batch)
    if b"o" not in schema and b"p" not in schema:  # those look at who else holds an object
        assert engine.encode_batch(decoded, schema) == encoded


@given(any_values())
def test_any_values_come_back(value):
    encoded = engine.encode_batch([value], b"o")
    assert normal(engine.decode_batch(encoded, b"o")) == normal([value])


@given(any_values())
def test_pickles_are_read_by_pickle(value):
    encoded = engine.encode_batch([value], b"p")
    # flags, then u32 length and the pickle
    assert normal([pickle.loads(encoded[5:])]) == normal([value])


def test_a_pickle_keeps_what_is_shared():
    def back(value):
        return pickle.loads(engine.encode_batch([value], b"p")[5:])

    part = [1]
    first, second = back([part, part])
    assert first is second
    first, (second,) = back((part, [part]))
    assert first is second
    both = back({"a": part, "b": part})
    assert both["a"] is both["b"]
    loop = [1]
    loop.append(loop)
    assert (again := back(loop))[1] is again


@given(st.data())
def test_values_pass_a_chain(data):
    schema, values = data.draw(typed_values())
    batch = data.draw(st.lists(st.none() | values, max_size=5))
    identity = [(1, "Map", lambda value: value, schema), (3, "Filter", lambda value: True, None)]
    chain = engine.ChainProbe(identity, 0, schema, None, 0, schema, None)
    out, more = chain.run(engine.encode_batch(batch, schema))
    assert not more
    assert normal(engine.decode_batch(out, schema)) == normal(batch)


@given(st.lists(any_values(), min_size=1, max_size=8))
def test_keys_and_values_pass_an_exchange(values):
    batch = engine.encode_batch(values, b"o")
    keyed = engine.ChainProbe([(4, "key", lambda v: v, None)], 0, b"o", None, 1, b"o", b"o")
    out = keyed.run(batch)[0]
    assert normal(engine.decode_batch(out, b"o", 1)) == normal(values)
    passes = engine.ChainProbe([(5, "values", None, None)], 1, b"o", b"o", 0, b"o", None)
    assert normal(engine.decode_batch(passes.run(out)[0], b"o")) == normal(values)


@given(st.lists(st.tuples(any_values(), st.integers(-5, 5)), max_size=30), st.integers(1, 4))
def test_reduce_adds_by_key(pairs, entries):
    pair = tuple_of(b"o", b"l")
    keyed = engine.ChainProbe([(4, "key", lambda v: v[0], None)], 0, pair, None, 1, pair, b"o")
    out = keyed.run(engine.encode_batch(pairs, pair))[0]
    store = {}
    reduce = [(7, "Reduce", lambda a, b: (a[0], a[1] + b[1]), None)]
    chain = engine.ChainProbe(reduce, 1, pair, b"o", 0, pair, None, store, entries)
    results = engine.decode_batch(chain.run(out)[0], pair) if out else []
    sums, expected = {}, []
    for key, number in pairs:
        name = repr(_key(key))
        sums[name] = sums.get(name, 0) + number
        expected.append(sums[name])
    assert [number for _, number in results] == expected


def _key(value):
    """`value` as keys are compared: the two zeros are one key."""
    if isinstance(value, (list, tuple)):
        return type(value)(_key(item) for item in value)
    if isinstance(value, dict):
        return {key: _key(item) for key, item in value.items()}
    if type(value).__name__ == "Row":
        names = getattr(value, "_fields", None)
        return "Row", names, value.get_row_kind(), [_key(item) for item in value]
    return normal(0.0) if isinstance(value, float) and value == 0 else normal(value)


@given(typed_values(), st.binary(max_size=200))
def test_random_bytes_do_no_harm(typed, data):
    schema = typed[0]
    if b"p" in schema or b"o" in schema:  # a pickle can say anything
        return
    try:
        engine.decode_batch(data, schema)
    except (ValueError, OverflowError, MemoryError, TypeError):
        pass


@given(st.binary(max_size=30))
def test_random_schemas_do_no_harm(schema):
    try:
        engine.schema_text(schema)
    except ValueError:
        pass
