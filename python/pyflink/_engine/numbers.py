"""Numbers as keys."""

from __future__ import annotations

import decimal

__all__ = ["canonical_decimal"]

# Digits that a whole number may have for its zeros to be written out.
_WRITTEN_OUT = 40


def canonical_decimal(value: decimal.Decimal) -> decimal.Decimal:
    """The Decimal that stands for all that are equal to it: 1 for 1.0 and 1.00, 10 for 1E+1.

    :param value: any Decimal; those that are no numbers stay as they are.
    """
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return value
    if not any(digits):
        return decimal.Decimal(0)
    kept = list(digits)
    while kept[0] == 0:
        del kept[0]
    while kept[-1] == 0:
        del kept[-1]
        exponent += 1
    if 0 < exponent and len(kept) + exponent <= _WRITTEN_OUT:
        kept += [0] * exponent
        exponent = 0
    return decimal.Decimal((sign, kept, exponent))
