"""Commands of rsspot 0.3.0: some run as their successor, the others fail and name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rsspot.renamed.commands import COMMANDS, OPTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Legacy", "find_legacy"]

WITH_VALUE = frozenset({"--profile", "--org", "--region", "--config", "--output", "-o"})
"""Global options that are followed by a value."""
GLOBAL = {"--config-file": "--config", "-c": "--config", "-p": "--profile"}
"""Global options of 0.3.0, which come before the command."""
LONGEST = 3
"""Maximum number of words of a command."""


class Legacy(NamedTuple):
    """A command of 0.3.0."""

    name: str
    """The command as it was called."""
    text: str
    """The new command, to show to the user."""
    arguments: tuple[str, ...] | None
    """The arguments of the new command; None where the user has to write them."""


def find_legacy(arguments: Sequence[str]) -> tuple[tuple[str, ...], Legacy | None]:
    """Return the arguments with current global options, and the legacy command if it is one."""
    words: list[int] = []
    changed = [*arguments]
    position = 0
    while position < len(changed) and len(words) < LONGEST:
        word = changed[position]
        if not words:
            name, mark, value = word.partition("=")
            changed[position] = word = f"{GLOBAL.get(name, name)}{mark}{value}"
        if not word.startswith("-"):
            words.append(position)
        elif word in WITH_VALUE:
            position += 1
        elif words:
            break  # an option of the command; what follows may be its value
        position += 1
    return tuple(changed), _of_words(changed, words)


def _of_words(arguments: list[str], words: list[int]) -> Legacy | None:
    for count in range(len(words), 0, -1):
        name = tuple(arguments[place] for place in words[:count])
        gone = next(
            (each for each in arguments if each.partition("=")[0] in OPTIONS.get(name, {})), ""
        )
        if gone:
            return Legacy(
                f"{' '.join(name)} {gone.partition('=')[0]}",
                OPTIONS[name][gone.partition("=")[0]],
                None,
            )
        found = COMMANDS.get(name)
        if found is None:
            continue
        if not found.words:
            return Legacy(" ".join(name), found.text, None)
        kept = [item for place, item in enumerate(arguments) if place not in words[:count]]
        before = words[0]
        return Legacy(" ".join(name), found.text, (*kept[:before], *found.words, *kept[before:]))
    return None
