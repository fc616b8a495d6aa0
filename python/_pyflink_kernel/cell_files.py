"""The file names of cells, which a client computes as well: it shows where a debugger has stopped.

The name is a hash (MurmurHash2 with 32 bits, as Jupyter's clients use it) of the cell's text.
"""

from __future__ import annotations

import os
import tempfile
from typing import Any

HASH_SEED = 0xC70F6907
_LONGEST = 100_000  # characters; the hash of a longer cell would take too much time

_folder = ""


def folder() -> str:
    """Where the files would be."""
    global _folder
    if not _folder:
        _folder = os.path.join(tempfile.gettempdir(), "pyflink_kernel_%d" % os.getpid())
    return _folder


def murmur2(data: bytes, seed: int) -> int:
    """MurmurHash2, 32 bits.

    :param data: what is hashed.
    :param seed: the seed.
    """
    factor, mask = 0x5BD1E995, 0xFFFFFFFF
    value = (seed ^ len(data)) & mask
    whole = len(data) & ~3
    for at in range(0, whole, 4):
        k = int.from_bytes(data[at : at + 4], "little") * factor & mask
        k = (k ^ (k >> 24)) * factor & mask
        value = (value * factor & mask) ^ k
    if len(data) > whole:
        value ^= int.from_bytes(data[whole:], "little")
        value = value * factor & mask
    value = (value ^ (value >> 13)) * factor & mask
    return value ^ (value >> 15)


def file_of(code: str) -> str:
    """The file name of a cell."""
    number = murmur2(code.encode("utf-8", "surrogatepass"), HASH_SEED)
    return os.path.join(folder(), "%d.py" % number)


def install(shell: Any) -> None:
    """Give cells of an IPython shell these names."""
    compiler = shell.compile
    usual = compiler.get_code_name

    def get_code_name(raw_code: str, transformed_code: str, number: int) -> str:
        if len(raw_code) > _LONGEST:
            return usual(raw_code, transformed_code, number)
        return file_of(raw_code)

    compiler.get_code_name = get_code_name
