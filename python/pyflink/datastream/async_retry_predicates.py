"""Ready-made reasons to call an asynchronous function again."""

from __future__ import annotations

from typing import Any, Optional, Tuple, Type, Union

__all__ = ["empty_result_predicate", "has_exception_predicate", "exception_type_predicate"]


def empty_result_predicate(result: Any) -> bool:
    """Whether there are no results."""
    return result is None or len(result) == 0


def has_exception_predicate(error: Optional[BaseException]) -> bool:
    """Whether there was an exception, whatever it was."""
    return error is not None


def exception_type_predicate(
    error: Optional[BaseException],
    expected_error_type: Union[Type[BaseException], Tuple[Type[BaseException], ...]],
) -> bool:
    """Whether there was an exception of a class; bind the class with ``functools.partial``."""
    return isinstance(error, expected_error_type)
