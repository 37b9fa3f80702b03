"""Files that are replaced in one step."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

__all__ = ["replace_text"]


def replace_text(path: str | os.PathLike[str], text: str) -> None:
    """Put `text` in place of what is at `path`, in one step, readable by its owner only.

    A link is followed. Whatever goes wrong, the file is as it was. Raises `OSError`.
    """
    target = Path(path).resolve()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
