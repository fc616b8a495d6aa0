"""Which cloudpickle writes functions: the program's own where there is one that fits, else ours.

The program's own must be used when there is one: what it registers there, such as
``register_pickle_by_value``, is meant for its functions too.
"""

from __future__ import annotations

import functools
import re
from types import ModuleType

__all__ = ["cloudpickle"]

_LEAST = (2, 2)  # as PyFlink 1.20 requires


@functools.lru_cache(maxsize=None)
def cloudpickle() -> ModuleType:
    """The module cloudpickle.

    :raises ImportError: the one that is found first on sys.path is too old, or is none.
    """
    import cloudpickle as module

    version = str(getattr(module, "__version__", ""))
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    if numbers < _LEAST or not hasattr(module, "dumps"):
        raise ImportError(
            "cloudpickle %s or newer is needed, but %s is %s; upgrade or remove it, or take its "
            "folder off sys.path"
            % (
                ".".join(map(str, _LEAST)),
                getattr(module, "__file__", None) or "the module",
                "version " + version if version else "another module of that name",
            )
        )
    return module
