"""The layout of graphs: boxes lie apart, arrows lead to the right, the XML is valid."""

from __future__ import annotations

import itertools
import random
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from runner import SOURCE

sys.path.append(str(SOURCE / "python"))

from _pyflink_session.graphs import Edge, Node, as_svg  # noqa: E402  (found through the line above)

SVG = "{http://www.w3.org/2000/svg}"


def boxes(svg: str) -> dict[str, tuple[float, float, float, float]]:
    """Left, top, right and bottom of each node by its name."""
    found = {}
    for group in ElementTree.fromstring(svg).findall(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        x, y, width, height = (float(rect.get(key)) for key in ("x", "y", "width", "height"))
        found[group.find(f"{SVG}title").text] = (x, y, x + width, y + height)
    return found


def check(nodes: list[Node], edges: list[Edge]) -> dict[str, tuple[float, float, float, float]]:
    svg = as_svg(nodes, edges)
    root, found = ElementTree.fromstring(svg), boxes(svg)
    assert len(found) == len(nodes)
    for a, b in itertools.combinations(found.values(), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], "boxes overlap"
    for box in found.values():
        assert box[0] >= 0 and box[1] >= 0
        assert box[2] <= float(root.get("width")) and box[3] <= float(root.get("height"))
    return found


def test_arrows_lead_to_the_right() -> None:
    nodes = [Node(key, key, ["a note"]) for key in "abcdef"]
    pairs = ["ab", "ac", "bd", "cd", "de", "ae", "fe"]
    found = check(nodes, [Edge(*pair, label="HASH") for pair in pairs])
    for source, target in pairs:
        assert found[source][2] < found[target][0], (source, target)


@pytest.mark.parametrize("seed", range(20))
def test_random_graphs(seed: int) -> None:
    chance = random.Random(seed)
    count = chance.randint(1, 25)
    nodes = [
        Node(n, "%d %s" % (n, " -> ".join(["step"] * chance.randint(1, 9))), ["x" * n])
        for n in range(count)
    ]
    edges = [
        Edge(chance.randrange(count), chance.randrange(count + 1))  # loops, and ends that are none
        for _ in range(chance.randint(0, 40))
    ]
    check(nodes, edges)


def test_loops_and_nothing() -> None:
    assert ElementTree.fromstring(as_svg([], [Edge(1, 2)])).tag == SVG + "svg"
    nodes = [Node(1, "head"), Node(2, "tail")]
    edges = [Edge(1, 2), Edge(2, 1), Edge(2, 2)]
    found = check(nodes, edges)
    assert found["head"][2] < found["tail"][0]
    drawn = ElementTree.fromstring(as_svg(nodes, edges)).findall(f"{SVG}path[@class='edge']")
    assert len(drawn) == 3


def test_any_text_is_valid_and_no_element() -> None:
    every = "".join(map(chr, [*range(0, 0x300), 0xD800, 0xFFFE, 0xFFFF, 0x1F600]))
    svg = as_svg([Node("<b>", "<script>]]></svg>" + every, ["<&\x00>"], "bad")], [])
    root = ElementTree.fromstring(svg)
    kinds = {element.tag.replace(SVG, "") for element in root.iter()}
    assert kinds == {"svg", "g", "title", "rect", "text"}
    assert "<script>]]></svg>" in root.find(f".//{SVG}title").text
    svg.encode("utf-8")
