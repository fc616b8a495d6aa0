"""The variables of the session, shown as a debugger shows them while nothing has stopped."""

from __future__ import annotations

from typing import Any

_LONGEST = 300  # characters of a value


class Variables:
    """Gives references to values, for which a client asks when the user opens one.

    :param shell: IPython's shell.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._values: list[Any] = []

    def all(self) -> list[dict[str, Any]]:
        """The user's variables; references that were given before are no longer good."""
        self._values.clear()
        return [self._describe(name, value) for name, value in list(self._shell.user_ns.items())]

    def children(self, reference: int) -> list[dict[str, Any]]:
        """What a variable consists of."""
        if not 0 < reference <= len(self._values):
            return []
        return [self._describe(name, value) for name, value in _parts(self._values[reference - 1])]

    def _describe(self, name: str, value: Any) -> dict[str, Any]:
        reference = 0
        if _parts(value):
            self._values.append(value)
            reference = len(self._values)
        try:
            text = repr(value)
        except Exception as error:
            text = "<repr() fails: %s>" % error
        if len(text) > _LONGEST:
            text = text[:_LONGEST] + "…"
        return {
            "name": name, "value": text, "type": type(value).__name__, "evaluateName": name,
            "variablesReference": reference,
        }  # fmt: skip


def _parts(value: Any) -> list[tuple[str, Any]]:
    """Names and values in a container or an object."""
    if isinstance(value, dict):
        return [(repr(key), item) for key, item in list(value.items())[:1000]]
    if isinstance(value, (list, tuple)):
        return [(str(place), item) for place, item in enumerate(value[:1000])]
    fields = getattr(value, "__dict__", None)
    if isinstance(fields, dict) and not isinstance(value, type) and not callable(value):
        return [(str(name), item) for name, item in fields.items()]
    return []
