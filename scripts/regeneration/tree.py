"""A folder of files: its hashes, and its replacement as a whole."""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

__all__ = ["hashes", "replacement"]

STALE = 3600.0
"""Seconds. A work folder this old was left by a run that was killed; a run takes a minute."""
LINK = "a symbolic link"
"""Used instead of a hash for a link; no hash is equal to it."""


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file below `folder`, by its path in it; byte code is not counted.

    Symbolic links are not followed.
    """
    found: dict[str, str] = {}
    for place, folders, files in os.walk(folder):
        here = Path(place)
        links = [name for name in folders if (here / name).is_symlink()]
        for name in (*files, *links):
            path = here / name
            if here.name == "__pycache__" and path.suffix == ".pyc":
                continue
            inside = path.relative_to(folder).as_posix()
            regular = path.is_file() and not path.is_symlink()
            found[inside] = hashlib.sha256(path.read_bytes()).hexdigest() if regular else LINK
    return dict(sorted(found.items()))


@contextmanager
def replacement(target: Path, faults: Callable[[Path], str]) -> Generator[Path]:
    """A new folder to fill; when the block ends well it takes the place of `target` at once.

    `faults` says what in a folder was not generated, so that nothing else is ever deleted; it is
    asked again just before the folder goes. Raises `Problem` where `target` cannot be replaced;
    then, and when the block raises, the old folder stays as it was.
    """
    target = Path(os.path.abspath(target))  # noqa: PTH100 - a link is refused, not followed
    _check(target, faults)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear(target)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise Problem(f"{target}: cannot be made ({error.strerror}); give another folder") from None
    try:
        yield work / target.name
        _check(target, faults)
        _swap(work, target)
    except OSError as error:
        raise Problem(
            f"{target}: cannot be written ({error.strerror}); make room, or give another folder"
        ) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _check(target: Path, faults: Callable[[Path], str]) -> None:
    if not target.name:
        raise Problem(f"{target}: is the root of a file system; give a new folder")
    if target.is_symlink():
        raise Problem(
            f"{target}: is a symbolic link, so it is not replaced; give the folder itself"
        )
    if Path.cwd().is_relative_to(target):
        raise Problem(f"{target}: is the folder that this runs in; give a new one inside it")
    if not target.exists():
        return
    if not target.is_dir():
        raise Problem(f"{target}: is a file, so it is not replaced; give a new or an empty folder")
    if any(target.iterdir()) and (fault := faults(target)):
        raise Problem(
            f"{target}: {fault}, so it is not replaced; give a new or an empty folder, "
            "or move what is yours out of it"
        )


def _clear(target: Path) -> None:
    """Remove what killed runs left behind, and restore a package that one had moved."""
    for left in target.parent.glob(f".{glob.escape(target.name)}-*"):
        old = left.is_dir() and time.time() - left.stat().st_mtime > STALE
        if not old or not {each.name for each in left.iterdir()} <= {"old", target.name}:
            continue
        if (left / "old").is_dir() and not target.exists():
            (left / "old").rename(target)
        shutil.rmtree(left, ignore_errors=True)


def _swap(work: Path, target: Path) -> None:
    old = work / "old"
    try:
        if target.exists():
            target.rename(old)
        (work / target.name).rename(target)
    except OSError as error:
        if old.exists() and not target.exists():
            old.rename(target)
        raise Problem(
            f"{target}: cannot be replaced ({error.strerror}); close what uses it and try again"
        ) from None
