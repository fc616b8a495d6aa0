"""Signature hints: what the call around the cursor takes."""

from __future__ import annotations

from typing import Any, Optional


def signature_at(shell: Any, code: str, cursor: Optional[int]) -> Optional[str]:
    """The signature of the innermost call around the cursor, or None.

    :param shell: the session's shell.
    :param code: the block.
    :param cursor: in code points; the end when None.
    """
    import jedi

    text = code[: len(code) if cursor is None else cursor]
    lines = text.split("\n")
    namespaces = [shell.user_ns]
    found = jedi.Interpreter(text, namespaces).get_signatures(len(lines), len(lines[-1]))
    if not found:
        return None
    signature = found[0]
    shown = []
    for index, parameter in enumerate(signature.params):
        word = parameter.to_string()
        shown.append("*%s*" % word if index == signature.index else word)
    return "%s(%s)" % (signature.name, ", ".join(shown))
