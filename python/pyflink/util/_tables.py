"""Tables as text and as HTML."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    columns = 0
    for character in text:
        if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn"):
            continue
        columns += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return columns


def cut(text: str, limit: int) -> str:
    """A text of one line and at most `limit` columns."""
    text = text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    text = "".join(
        character if character.isprintable() else "\\x%02x" % ord(character) for character in text
    )
    if width(text) <= limit:
        return text
    while text and width(text) > limit - 1:
        text = text[:-1]
    return text + "…"


def as_text(
    head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool] = (), limit: int = 60
) -> str:
    """A table with a line under its head.

    :param head: names of the columns.
    :param rows: the cells.
    :param right: which columns are aligned to the right.
    :param limit: columns of the terminal that a cell takes at most.
    """
    lines = [[cut(cell, limit) for cell in row] for row in [list(head), *rows]]
    widths = [max(width(line[column]) for line in lines) for column in range(len(head))]
    shown = []
    for line in lines:
        cells = []
        for column, cell in enumerate(line):
            space = " " * (widths[column] - width(cell))
            is_right = column < len(right) and right[column]
            cells.append(space + cell if is_right else cell + space)
        shown.append("  ".join(cells).rstrip())
    shown.insert(1, "  ".join("─" * columns for columns in widths))
    return "\n".join(shown)


def as_html(
    head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool] = (), limit: int = 500
) -> str:
    """The same for a notebook."""

    def line(tag: str, cells: Sequence[str]) -> str:
        shown = []
        for column, cell in enumerate(cells):
            side = "right" if column < len(right) and right[column] else "left"
            text = html.escape(cell if len(cell) <= limit else cell[: limit - 1] + "…")
            shown.append('<%s style="text-align:%s">%s</%s>' % (tag, side, text, tag))
        return "<tr>%s</tr>" % "".join(shown)

    body = "".join(line("td", row) for row in rows)
    return '<table class="pyflink"><thead>%s</thead><tbody>%s</tbody></table>' % (
        line("th", head),
        body,
    )
