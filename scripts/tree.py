"""A folder of files: its hashes, and its replacement as a whole."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from problem import Problem

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

__all__ = ["hashes", "replacement", "total"]

STALE = 3600.0
"""Seconds. A work folder this old was left by a run that was killed; a run takes a minute."""


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file below `folder`, by its path in it; byte code is not counted."""
    files = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    kept = (path for path in files if "__pycache__" not in path.relative_to(folder).parts)
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(kept)
    }


def total(files: Mapping[str, str]) -> str:
    """One hash over the paths and hashes of a folder's files."""
    lines = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


@contextmanager
def replacement(target: Path, *, mark: str) -> Generator[Path]:
    """A new folder to fill; when the block ends well it takes the place of `target` at once.

    `mark` is a file that a folder must have to be replaced, so that no other is ever deleted.
    Raises `Problem` where `target` cannot be replaced; then, and when the block raises, the old
    folder stays as it was.
    """
    target = target.resolve()
    if target.exists() and not _replaceable(target, mark):
        raise Problem(
            f"{target}: is not a generated package, so it is not replaced; "
            "give a new or an empty folder"
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear(target)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise Problem(f"{target}: cannot be made ({error.strerror}); give another folder") from None
    try:
        yield work / target.name
        _swap(work, target)
    except OSError as error:
        raise Problem(
            f"{target}: cannot be written ({error.strerror}); make room, or give another folder"
        ) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _clear(target: Path) -> None:
    """Remove what killed runs left; a package that one of them had moved aside comes back."""
    for left in target.parent.glob(f".{target.name}-*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > STALE:
            if (left / "old").is_dir() and not target.exists():
                (left / "old").rename(target)
            shutil.rmtree(left, ignore_errors=True)


def _replaceable(target: Path, mark: str) -> bool:
    return target.is_dir() and ((target / mark).is_file() or not any(target.iterdir()))


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
