"""The graph of a program as text and as a picture."""

from __future__ import annotations

import html
import json
from typing import Any


class Plan:
    """The operators of a program and the edges between them.

    :param text: what env.get_execution_plan() gives.
    """

    def __init__(self, text: str) -> None:
        self.nodes: list[dict[str, Any]] = json.loads(text)["nodes"]
        for node in self.nodes:
            node.setdefault("predecessors", [])

    def _name(self, node: dict[str, Any]) -> str:
        return str(node["type"]).replace("\n", " ")

    def __repr__(self) -> str:
        lines = []
        for node in self.nodes:
            lines.append(
                "%3s  %s  (parallelism %s)" % (node["id"], self._name(node), node["parallelism"])
            )
            for edge in node["predecessors"]:
                lines.append("       ← %s  %s" % (edge["id"], edge["ship_strategy"]))
        return "\n".join(lines)

    def _columns(self) -> dict[Any, int]:
        """How many edges away from the sources each node is at most."""
        columns: dict[Any, int] = {}
        for _ in self.nodes:
            for node in self.nodes:
                before = [columns.get(edge["id"], 0) for edge in node["predecessors"]]
                columns[node["id"]] = max((column + 1 for column in before), default=0)
        return columns

    def _repr_svg_(self) -> str:
        columns = self._columns()
        rows: dict[int, int] = {}
        places = {}
        width, height, gap = 190, 54, 70
        for node in self.nodes:
            column = columns[node["id"]]
            row = rows.get(column, 0)
            rows[column] = row + 1
            places[node["id"]] = (column * (width + gap) + 10, row * (height + 26) + 10)
        shapes = []
        for node in self.nodes:
            x, y = places[node["id"]]
            for edge in node["predecessors"]:
                if edge["id"] not in places:
                    continue
                from_x, from_y = places[edge["id"]]
                shapes.append(
                    '<path class="edge" d="M%d %d C%d %d %d %d %d %d" fill="none" stroke="#888" '
                    'marker-end="url(#arrow)"/>'
                    % (
                        from_x + width, from_y + height // 2, from_x + width + gap // 2,
                        from_y + height // 2, x - gap // 2, y + height // 2, x - 4,
                        y + height // 2,
                    )  # fmt: skip
                )
                shapes.append(
                    '<text x="%d" y="%d" font-size="9" text-anchor="middle" fill="#888">%s</text>'
                    % (
                        (from_x + width + x) // 2,
                        (from_y + y + height) // 2 - 4,
                        html.escape(edge["ship_strategy"]),
                    )
                )
            name = self._name(node)
            shown = name if len(name) <= 30 else name[:29] + "…"
            shapes.append(
                '<g class="operator"><title>%s</title><rect x="%d" y="%d" width="%d" height="%d" '
                'rx="5" fill="#eef4fb" stroke="#4a7ebb"/><text x="%d" y="%d" font-size="11" '
                'text-anchor="middle">%s</text><text x="%d" y="%d" font-size="9" '
                'text-anchor="middle" fill="#666">parallelism %s</text></g>'
                % (
                    html.escape(name), x, y, width, height, x + width // 2, y + 24,
                    html.escape(shown), x + width // 2, y + 41, node["parallelism"],
                )  # fmt: skip
            )
        total_width = (max(columns.values(), default=0) + 1) * (width + gap)
        total_height = max(rows.values(), default=1) * (height + 26) + 20
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
            'font-family="sans-serif"><defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" '
            'markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#888"/>'
            "</marker></defs>%s</svg>" % (total_width, total_height, "".join(shapes))
        )
