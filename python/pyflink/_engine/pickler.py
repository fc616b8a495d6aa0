"""Which cloudpickle writes functions: the program's own where there is one that fits, else ours.

The program's own must be used when there is one: what it registers there, such as
``register_pickle_by_value``, is meant for its functions too. One that is too old, which other
packages may hold on to, stays for those who import it; ours then has a name of its own.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import sys
from types import ModuleType

__all__ = ["OURS", "cloudpickle"]

OURS = "_pyflink_cloudpickle"
_LEAST = (2, 2)  # as PyFlink 1.20 requires


@functools.lru_cache(maxsize=None)
def cloudpickle() -> ModuleType:
    """The module cloudpickle.

    :raises ImportError: there is none that fits, and ours is not there either.
    """
    try:
        import cloudpickle as module
    except Exception:  # whatever the one that comes first on sys.path does
        return _ours()
    version = re.findall(r"\d+", str(getattr(module, "__version__", "")))
    fits = tuple(int(number) for number in version[:2]) >= _LEAST and hasattr(module, "dumps")
    return module if fits else _ours()


def _ours() -> ModuleType:
    from pyflink._engine import engine

    folder = os.path.join(engine().paths()["python_deps"], "cloudpickle")
    path = os.path.join(folder, "__init__.py")
    if not os.path.isfile(path):
        least = ".".join(map(str, _LEAST))
        raise ImportError("cloudpickle %s or newer is needed; install it" % least)
    spec = importlib.util.spec_from_file_location(OURS, path, submodule_search_locations=[folder])
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[OURS] = module
    spec.loader.exec_module(module)
    return module
