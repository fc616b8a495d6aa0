"""Draws a graph of operators as SVG: layers from left to right, nothing but shapes and text.

Colours are fixed and seen on light and on dark pages; there are no ids, styles or scripts, so that
many drawings fit on one page and a notebook's sanitizer has nothing to remove.
"""

from __future__ import annotations

import dataclasses
import html
import re
from typing import Any

_LINE = 15  # height of a line of text, in pixels like all that follows
_CHARACTER = 7.6  # mean width at the size of the text
_PADDING = 10
_GAP = 80  # between layers; labels of edges lie there
_SPACE = 18  # between nodes of a layer
_MARGIN = 8
_LONGEST = 34  # characters of a line
_MOST_LINES = 6  # of a name
_SWEEPS = 4  # over the layers, to have fewer edges cross

#: Fill and border by tone.
_TONES = {
    "plain": ("#eef4fb", "#4a7ebb"),
    "busy": ("#fff3dc", "#d08a1d"),
    "good": ("#e6f4ea", "#3c9a5f"),
    "bad": ("#fde9e7", "#d04437"),
    "gone": ("#eeeeee", "#888888"),
}
_TEXT, _NOTE, _LINE_COLOR = "#1b2733", "#55606b", "#8a8f98"
_INVALID = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclasses.dataclass
class Node:
    """One box.

    :ivar name: its first lines; what is chained with " -> " has a line each.
    :ivar notes: lines below the name.
    :ivar tone: one of plain, busy, good, bad, gone.
    """

    key: Any
    name: str
    notes: list[str] = dataclasses.field(default_factory=list)
    tone: str = "plain"


@dataclasses.dataclass
class Edge:
    """An arrow between two nodes, by their keys."""

    source: Any
    target: Any
    label: str = ""


def escape(text: object) -> str:
    """A text that can stand in SVG: what XML has no place for becomes U+FFFD."""
    return html.escape(_INVALID.sub("\ufffd", str(text)), quote=True)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _lines_of(name: str) -> list[str]:
    parts = " ".join(name.split()).split(" -> ")
    lines = [_short(("→ " if index else "") + part) for index, part in enumerate(parts)]
    if len(lines) > _MOST_LINES:
        left = len(lines) - _MOST_LINES + 1
        lines[_MOST_LINES - 1 :] = ["→ … %d more" % left]
    return lines


class _Box:
    """A place in the drawing: of a node, or where a long edge passes a layer."""

    def __init__(self, node: Any = None) -> None:
        self.node = node
        self.before: list[_Box] = []
        self.after: list[_Box] = []
        self.layer = 0
        self.x = self.y = 0.0
        self.width, self.height = 0.0, 4.0
        if node is not None:
            self.lines = _lines_of(node.name)
            longest = max(map(len, [*self.lines, *map(_short, node.notes)]), default=0)
            self.width = max(90.0, longest * _CHARACTER + 2 * _PADDING)
            self.height = (len(self.lines) + len(node.notes)) * _LINE + _PADDING

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def _without_cycles(nodes: list[Node], edges: list[Edge]) -> list[Edge]:
    """The edges that lead forward; those that close a loop are left out."""
    targets: dict[Any, list[Edge]] = {node.key: [] for node in nodes}
    for edge in edges:
        targets[edge.source].append(edge)
    forward, state = [], dict.fromkeys(targets, 0)  # 1: on the way, 2: done
    for node in nodes:
        stack = [(node.key, iter(targets[node.key]))] if state[node.key] == 0 else []
        while stack:
            key, rest = stack[-1]
            state[key] = 1
            edge = next(rest, None)
            if edge is None:
                state[key] = 2
                stack.pop()
            elif state[edge.target] != 1:
                forward.append(edge)
                if state[edge.target] == 0:
                    stack.append((edge.target, iter(targets[edge.target])))
    return forward


def _layers(boxes: dict[Any, _Box], forward: list[Edge]) -> list[list[_Box]]:
    """Puts each box as many layers to the right as there are edges on the longest way to it."""
    changed = True
    while changed:
        changed = False
        for edge in forward:
            wanted = boxes[edge.source].layer + 1
            if boxes[edge.target].layer < wanted:
                boxes[edge.target].layer, changed = wanted, True
    layers: list[list[_Box]] = [[] for _ in range(1 + max(box.layer for box in boxes.values()))]
    for box in boxes.values():
        layers[box.layer].append(box)
    return layers


def _route(edge: Edge, boxes: dict[Any, _Box], layers: list[list[_Box]]) -> list[_Box]:
    """The boxes that an edge leads through, with new ones in the layers between its ends."""
    source, target = boxes[edge.source], boxes[edge.target]
    way = [source]
    for layer in range(source.layer + 1, target.layer):
        between = _Box()
        between.layer = layer
        layers[layer].append(between)
        way.append(between)
    way.append(target)
    for left, right in zip(way, way[1:]):
        left.after.append(right)
        right.before.append(left)
    return way


def _place(layers: list[list[_Box]]) -> tuple[float, float]:
    """Orders the boxes of each layer and gives them places; the size of the drawing."""

    def stack(layer: list[_Box]) -> float:
        y = 0.0
        for box in layer:
            box.y = y
            y += box.height + _SPACE
        return y - _SPACE

    def sort(layer: list[_Box], side: str) -> None:
        def mean(box: _Box) -> float:
            beside = getattr(box, side)
            return sum(other.middle for other in beside) / len(beside) if beside else box.middle

        layer.sort(key=mean)
        stack(layer)

    for layer in layers:
        stack(layer)
    for _ in range(_SWEEPS):
        for layer in layers[1:]:
            sort(layer, "before")
        for layer in reversed(layers[:-1]):
            sort(layer, "after")
    height = max(stack(layer) for layer in layers)
    x = float(_MARGIN)
    for layer in layers:
        top = _MARGIN + (height - stack(layer)) / 2
        width = max(box.width for box in layer)
        for box in layer:
            box.x, box.y = x, box.y + top
            if box.node is None:
                box.width = width  # an edge passes straight
            else:
                box.x += (width - box.width) / 2
        x += width + _GAP
    return x - _GAP + _MARGIN, height + 2 * _MARGIN


def _text(x: float, y: float, text: str, size: int, color: str, weight: str = "normal") -> str:
    return (
        '<text x="%d" y="%d" font-size="%d" font-weight="%s" text-anchor="middle" fill="%s">%s'
        "</text>\n" % (x, y, size, weight, color, escape(text))
    )


def _draw_node(box: _Box) -> str:
    node = box.node
    fill, border = _TONES[node.tone]
    shapes = [
        '<g class="operator"><title>%s</title>\n<rect x="%d" y="%d" width="%d" height="%d" rx="5" '
        'fill="%s" stroke="%s"/>\n'
        % (escape(node.name), box.x, box.y, box.width, box.height, fill, border)
    ]
    x, y = box.x + box.width / 2, box.y + _LINE + 1
    for line in box.lines:
        shapes.append(_text(x, y, line, 12, _TEXT, "bold"))
        y += _LINE
    for line in node.notes:
        shapes.append(_text(x, y, _short(line), 11, _NOTE))
        y += _LINE
    return "".join(shapes) + "</g>\n"


def _draw_edge(way: list[_Box], label: str) -> str:
    first, last = way[0], way[-1]
    x, y = first.x + first.width, first.middle
    path = "M%d %d" % (x, y)
    for box in way[1:]:
        half = (box.x - x) / 2
        path += " C%d %d %d %d %d %d" % (x + half, y, box.x - half, box.middle, box.x, box.middle)
        x, y = box.x + box.width, box.middle
        if box.node is None:
            path += " H%d" % x
    tip, middle = last.x, last.middle
    arrow = "M%d %d L%d %d L%d %d z" % (tip, middle, tip - 7, middle - 4, tip - 7, middle + 4)
    shapes = '<path class="edge" d="%s" fill="none" stroke="%s"/>\n' % (path, _LINE_COLOR)
    shapes += '<path d="%s" fill="%s"/>\n' % (arrow, _LINE_COLOR)
    if label:
        x = first.x + first.width
        y = (first.middle + way[1].middle) / 2 - 5
        shapes += _text((x + way[1].x) / 2, y, label, 10, _LINE_COLOR)
    return shapes


def _draw_loop(source: _Box, target: _Box, bottom: float) -> str:
    """An edge back, below all boxes."""
    path = "M%d %d V%d H%d V%d" % (
        source.x + source.width / 2, source.y + source.height, bottom - 4,
        target.x + target.width / 2, target.y + target.height,
    )  # fmt: skip
    return '<path class="edge" d="%s" fill="none" stroke="%s" stroke-dasharray="4 3"/>\n' % (
        path,
        _LINE_COLOR,
    )


def as_svg(nodes: list[Node], edges: list[Edge]) -> str:
    """The drawing: valid XML that can stand in a page, too.

    :param nodes: the boxes.
    :param edges: the arrows; those whose ends are no nodes are left out.
    """
    boxes = {node.key: _Box(node) for node in nodes}
    edges = [edge for edge in edges if edge.source in boxes and edge.target in boxes]
    if not boxes:
        return '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
    forward = _without_cycles(nodes, edges)
    layers = _layers(boxes, forward)
    ways = [(_route(edge, boxes, layers), edge.label) for edge in forward]
    width, height = _place(layers)
    back = [edge for edge in edges if not any(edge is other for other in forward)]
    if back:
        height += 12
    shapes = [_draw_edge(way, label) for way, label in ways]
    shapes += [_draw_loop(boxes[edge.source], boxes[edge.target], height) for edge in back]
    shapes += [_draw_node(box) for layer in layers for box in layer if box.node is not None]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="pyflink-graph" role="img" width="%d" '
        'height="%d" viewBox="0 0 %d %d" font-family="sans-serif">\n%s</svg>'
        % (width, height, width, height, "".join(shapes))
    )


def as_html(svg: str) -> str:
    """A drawing for a page: a large one is scrolled."""
    return '<div class="pyflink-plan" style="overflow:auto">%s</div>' % svg
