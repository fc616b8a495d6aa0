"""The graph of a program as text and as a picture."""

from __future__ import annotations

import json
from typing import Any

from _pyflink_session import graphs


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

    def _repr_svg_(self) -> str:
        nodes, edges = [], []
        for node in self.nodes:
            note = "parallelism %s" % node["parallelism"]
            nodes.append(graphs.Node(node["id"], self._name(node), [note]))
            edges += [
                graphs.Edge(edge["id"], node["id"], edge["ship_strategy"])
                for edge in node["predecessors"]
            ]
        return graphs.as_svg(nodes, edges)

    def _repr_html_(self) -> str:
        return graphs.as_html(self._repr_svg_())
