"""Unpacks the archives that a job brings along."""

from __future__ import annotations

import inspect
import os
import shutil
import stat
import tarfile
import zipfile
from typing import Dict, List, Tuple

__all__ = ["unpack"]


def unpack(archive: str, folder: str) -> None:
    """Unpack a zip file (also jar, whl, egg) or a tar file (plain, gz, bz2, xz) into a new folder.

    Files keep their permissions and links, as a packed virtual environment needs them.

    :param archive: its path; the content decides what it is.
    :param folder: a path where nothing is yet.
    :raises ValueError: the file is neither, is damaged, or a member would land outside.
    :raises OSError: it cannot be read, or the folder cannot be written.
    """
    os.makedirs(folder)
    try:
        if tarfile.is_tarfile(archive):
            _unpack_tar(archive, folder)
        elif zipfile.is_zipfile(archive):
            _unpack_zip(archive, folder)
        else:
            raise ValueError("%s is no zip and no tar file" % archive)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ValueError("%s cannot be unpacked: %s" % (archive, error)) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _inside(name: str, archive: str) -> List[str]:
    """The parts of a member's path.

    :raises ValueError: it leads out of the folder.
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if ".." in parts or name.startswith("/"):
        raise ValueError("%s: the member %r would land outside of its folder" % (archive, name))
    return parts


def _unpack_tar(archive: str, folder: str) -> None:
    with tarfile.open(archive) as tar:
        if "filter" in inspect.signature(tar.extractall).parameters:
            # Not "data": that refuses the absolute links of a virtual environment.
            tar.extractall(folder, filter="tar")
            return
        for member in tar.getmembers():
            _inside(member.name, archive)
        tar.extractall(folder)


def _unpack_zip(archive: str, folder: str) -> None:
    links: Dict[str, str] = {}
    modes: List[Tuple[str, int]] = []
    with zipfile.ZipFile(archive) as packed:
        for member in packed.infolist():
            parts = _inside(member.filename, archive)
            path = os.path.join(folder, *parts)
            mode = member.external_attr >> 16
            if stat.S_ISLNK(mode):
                links[path] = os.fsdecode(packed.read(member))
                continue
            if member.is_dir():
                os.makedirs(path, exist_ok=True)
                continue
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with packed.open(member) as source, open(path, "wb") as target:
                shutil.copyfileobj(source, target)
            if stat.S_IMODE(mode):
                modes.append((path, stat.S_IMODE(mode) & 0o777 | stat.S_IRUSR))
    for path, mode in modes:
        os.chmod(path, mode)
    # Links come last: no member was written through one.
    for path, target in links.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)
