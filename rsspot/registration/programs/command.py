"""Find and check the program of a step before a run claims anything."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import string
from collections.abc import Sequence  # noqa: TC003 - part of an alias
from pathlib import Path
from typing import Any, TypeAlias

from attrs import frozen

from rsspot.errors import ConfigError

__all__ = ["Program", "StepProgram", "find_command", "split_command"]

Program: TypeAlias = "str | os.PathLike[str] | Sequence[str]"
"""The path or name of a program, or a sequence of that and its arguments. No shell is used."""

HEAD = 256
"""Bytes to read from a file for its interpreter line."""


@frozen
class StepProgram:
    """A program that can be started, with its arguments."""

    words: tuple[str, ...]
    """The absolute path, and the arguments."""
    name: str
    """The name of the program in messages."""


def split_command(text: str) -> Program:
    """Split a command line as a shell does: one file, or words with quotes.

    Raises `ConfigError` for an unclosed quote.
    """
    if Path(text).is_file():
        return text
    try:
        return shlex.split(text)
    except ValueError as error:
        raise ConfigError(f"{text!r:.80} is not a command: {error}", hint=QUOTES) from None


def find_command(step: str, program: Program) -> StepProgram:
    """Find the program of a step. Raises `ConfigError` if there is none that can be started."""
    words: list[Any] = (
        [os.fspath(program)] if isinstance(program, str | os.PathLike) else [*program]
    )
    if not all(isinstance(word, str) and "\0" not in word for word in words):
        raise ConfigError(f"The program of {step} is not text", key=step, hint=GIVE)
    if not words or not words[0]:
        raise ConfigError(f"The program of {step} is empty", key=step, hint=GIVE)
    path = _find(step, words[0])
    _check_start(step, path)
    return StepProgram((str(path), *words[1:]), path.name)


def _find(step: str, name: str) -> Path:
    if os.sep not in name:
        found = shutil.which(name)
        if found is None:
            hint = f"Write ./{name} for the file here" if Path(name).is_file() else GIVE
            raise ConfigError(
                f"The program of {step}, {name!r}, is not on PATH", key=step, hint=hint
            )
        return Path(found).absolute()
    # A later change of the working directory must not change the program.
    path = Path(name).expanduser().absolute()
    if not path.exists():
        raise ConfigError(f"The program of {step}, {path}, does not exist", key=step, hint=GIVE)
    if not path.is_file():
        raise ConfigError(f"The program of {step}, {path}, is not a file", key=step, hint=GIVE)
    if not os.access(path, os.X_OK):
        raise ConfigError(
            f"The program of {step}, {path}, is not executable",
            key=step,
            hint=f"Run: chmod +x {shlex.quote(name)}",
        )
    return path


def _check_start(step: str, path: Path) -> None:
    """Check that the kernel can start the file: a script must name its interpreter."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:  # it may be executable and not readable
        return
    if head.startswith(b"#!"):
        line = head[2:].partition(b"\n")[0].decode("utf-8", "replace")
        interpreter, *words = re.split("[ \t]+", line.strip(" \t"))
        if not Path(interpreter).is_file():
            windows = " (the line ends as on Windows)" if interpreter.endswith("\r") else ""
            raise ConfigError(
                f"{path} names the interpreter {interpreter!r}, which does not exist{windows}",
                key=step,
                hint="Correct its first line",
            )
        if Path(interpreter).name == "env":
            _check_env(step, path, words)
    elif all(code in TEXT for code in head):
        raise ConfigError(
            f"The program of {step}, {path}, is a script that does not name its interpreter",
            key=step,
            hint="Begin it with a line such as #!/bin/sh",
        )


def _check_env(step: str, path: Path, words: list[str]) -> None:
    """Check the program that `env` looks for, unless that depends on options."""
    if words[:1] == ["-S"]:
        words = [word for word in words[1:] if "=" not in word]
    name = words[0] if words else ""
    if name and not name.startswith("-") and shutil.which(name) is None:
        windows = " (the line ends as on Windows)" if name.endswith("\r") else ""
        raise ConfigError(
            f"{path} names the interpreter {name!r}, which is not on PATH{windows}",
            key=step,
            hint="Install it, or correct the first line",
        )


TEXT = frozenset(string.printable.encode())
GIVE = "Give the path of an executable file, or a name that is on PATH"
QUOTES = "Close the quote"
