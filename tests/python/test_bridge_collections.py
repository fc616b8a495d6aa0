"""Java collections with Python behaviour, and Python collections that become Java's."""
from __future__ import annotations

from collections.abc import Mapping, MutableSequence, MutableSet, Sequence

import pytest
from py4j.java_collections import (
    JavaArray,
    JavaIterator,
    JavaList,
    JavaMap,
    JavaSet,
    ListConverter,
    MapConverter,
    SetConverter,
)
from py4j.protocol import Py4JJavaError
from pyflink.java_gateway import get_gateway


@pytest.fixture(scope="module")
def jvm():
    return get_gateway().jvm


def test_kinds(jvm):
    util = jvm.java.util
    assert isinstance(util.ArrayList(), JavaList) and isinstance(util.ArrayList(), MutableSequence)
    assert isinstance(util.LinkedList(), JavaList)
    assert isinstance(util.HashMap(), JavaMap) and isinstance(util.TreeMap(), Mapping)
    assert isinstance(util.HashSet(), JavaSet) and isinstance(util.TreeSet(), MutableSet)
    assert isinstance(util.ArrayList().iterator(), JavaIterator)
    assert isinstance(get_gateway().new_array(jvm.int, 1), JavaArray)
    assert isinstance(get_gateway().new_array(jvm.int, 1), Sequence)


@pytest.mark.parametrize("cls", ["ArrayList", "LinkedList", "Vector"])
def test_list_like_a_list(jvm, cls):
    java, python = getattr(jvm.java.util, cls)(), []

    def both(action):
        results = []
        for target in (java, python):
            try:
                results.append(action(target))
            except (IndexError, ValueError) as e:
                results.append(type(e))
        a, b = results
        assert (list(a) if isinstance(a, JavaList) else a) == b
        assert list(java) == python

    both(lambda t: t.extend([5, 3, 4, 3]))
    both(lambda t: t.append("x"))
    both(lambda t: t.insert(0, None))
    both(lambda t: t.insert(-1, 9))
    both(lambda t: t.insert(100, 10))
    both(lambda t: t.insert(-100, 11))
    for i in (0, 1, -1, 7, 8, -8, -9):
        both(lambda t, i=i: t[i])
    for part in (slice(None), slice(1, 3), slice(None, None, 2), slice(None, None, -1),
                 slice(5, 2), slice(-3, None)):
        both(lambda t, part=part: t[part])
    both(lambda t: t.remove(3))
    both(lambda t: t.remove("no"))
    both(lambda t: t.pop())
    both(lambda t: t.pop(0))
    both(lambda t: t.pop(50))
    both(lambda t: t.index(3))
    both(lambda t: t.index(3, 2))
    both(lambda t: t.index("no"))
    both(lambda t: t.count(3))
    both(lambda t: 3 in t)
    both(lambda t: "no" in t)
    both(lambda t: len(t))
    both(lambda t: t.__setitem__(0, "new"))
    both(lambda t: t.__setitem__(slice(1, 3), [1, 2, 3, 4]))
    both(lambda t: t.__setitem__(slice(0, 4, 2), ["p", "q"]))
    both(lambda t: t.__setitem__(slice(0, 4, 2), ["p"]))
    both(lambda t: t.__setitem__(slice(2, 2), ["in"]))
    both(lambda t: t.__delitem__(0))
    both(lambda t: t.__delitem__(slice(0, 4, 2)))
    both(lambda t: t.__delitem__(50))
    both(lambda t: t.reverse())
    both(lambda t: t + [1])
    both(lambda t: [1] + t)
    both(lambda t: t * 2)
    both(lambda t: 2 * t)
    both(lambda t: list(reversed(t)))
    both(lambda t: bool(t))
    both(lambda t: t.clear())
    both(lambda t: t.extend([3, 1, 2]))
    both(lambda t: t.sort())
    both(lambda t: t.sort(reverse=True))
    both(lambda t: t.sort(key=lambda x: -x))
    both(lambda t: t.pop())
    assert repr(java) == repr(python) and str(java) == str(python)


def test_list_in_place_operators(jvm):
    items = same = jvm.java.util.ArrayList([1])
    items += [2]
    items *= 2
    assert items is same and list(items) == [1, 2, 1, 2]
    items *= 0
    assert not items


def test_sort_with_comparator(jvm):
    items = jvm.java.util.ArrayList([2, 1, 3])
    items.sort(jvm.java.util.Collections.reverseOrder())
    assert list(items) == [3, 2, 1]


def test_equality_is_javas(jvm):
    util = jvm.java.util
    assert util.ArrayList([1]) == util.LinkedList([1])
    assert util.ArrayList([1]) != [1]
    assert hash(util.ArrayList([1])) == hash(util.LinkedList([1]))


def test_map(jvm):
    map_ = jvm.java.util.TreeMap({"b": 2, "a": 1})
    assert list(map_) == ["a", "b"] and dict(map_) == {"a": 1, "b": 2} and len(map_) == 2
    assert list(map_.keys()) == ["a", "b"] and list(map_.values()) == [1, 2]
    assert list(map_.items()) == [("a", 1), ("b", 2)] and "a" in map_ and "z" not in map_
    assert map_["z"] is None and map_.get("z") is None and map_.get("z", 5) == 5
    map_["c"] = 3
    map_.put("d", 4)
    map_.update({"e": 5}, f=6)
    assert map_.pop("f") == 6 and map_.pop("f", None) is None and map_.setdefault("e", 0) == 5
    del map_["e"]
    with pytest.raises(KeyError):
        del map_["e"]
    with pytest.raises(KeyError):
        map_.pop("e")
    assert map_.popitem() == ("a", 1)
    assert repr(map_) == str(map_) == "{'b': 2, 'c': 3, 'd': 4}"
    assert [(e.getKey(), e.getValue()) for e in map_.entrySet()][0] == ("b", 2)
    assert list(map_.keySet()) == ["b", "c", "d"]
    map_.clear()
    assert not len(map_)
    assert object() not in jvm.java.util.HashMap()


def test_set(jvm):
    set_ = jvm.java.util.TreeSet({3, 1})
    assert sorted(set_) == [1, 3] and 3 in set_ and 2 not in set_ and len(set_) == 2
    assert set_.add(2) is True and set_.add(2) is False
    set_.discard(9)
    set_.remove(2)
    with pytest.raises(KeyError):
        set_.remove(2)
    assert set_ | {5} == {1, 3, 5} and set_ & {1} == {1} and set_ - {1} == {3}
    assert {1, 2} - set_ == {2} and set_ ^ {1, 7} == {3, 7} and set_ <= {1, 2, 3}
    assert repr(set_) == "{1, 3}" and set_.pop() == 1 and set_.isdisjoint({9})


def test_iterators(jvm):
    items = jvm.java.util.ArrayList([1, 2])
    iterator = items.iterator()
    assert next(iterator) == 1 and iterator.next() == 2
    with pytest.raises(StopIteration):
        next(iterator)
    with pytest.raises(Py4JJavaError, match="ConcurrentModification"):
        for _ in items:
            items.append(3)
    path = jvm.java.nio.file.Paths.get("/a/b", [])  # an Iterable that is no collection
    assert [str(part) for part in path] == ["a", "b"]


def test_nested_conversion(jvm):
    value = {"a": [1, (2, 3), {"x": {4}}], "b": None}
    back = jvm.java.util.HashMap(value)
    assert list(back["a"])[0] == 1 and list(back["a"][1]) == [2, 3]
    assert set(back["a"][2]["x"]) == {4} and back["b"] is None
    assert back["a"].getClass().getName() == "java.util.ArrayList"
    assert back["a"][2].getClass().getName() == "java.util.HashMap"


def test_converters(jvm):
    assert list(ListConverter().convert((1, 2), None)) == [1, 2]
    assert set(SetConverter().convert({1}, None)) == {1}
    assert dict(MapConverter().convert({"a": 1}, None)) == {"a": 1}
    assert ListConverter().can_convert([1]) and not ListConverter().can_convert(5)


def test_a_list_that_holds_itself(jvm):
    items = jvm.java.util.ArrayList()
    items.append(items)
    assert repr(items)
