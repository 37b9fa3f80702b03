"""Split a command into words as a shell does (POSIX.1-2017, XCU 2.2 and 2.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Word", "words"]

OPERATORS = "|;&<>\n"
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Word(NamedTuple):
    """A word: its position in the text, and its value without quotes and backslashes."""

    start: int
    end: int
    text: str
    is_operator: bool = False


def words(text: str) -> Iterator[Word]:
    """Yield the words and operators of `text`, in order. It need not be a valid command.

    A quote that is never closed is a plain character. The content of ``$(…)`` or backquotes
    belongs to the word. Takes linear time.
    """
    scanner = _Scanner(text)
    while (word := scanner.next()) is not None:
        yield word


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._unclosed: set[str] = set()
        """Quotes that have no further pair, so that it is not searched for again."""

    def next(self) -> Word | None:
        text, end = self._text, len(self._text)
        self._skip_space()
        start = self._at
        if start == end:
            return None
        if text[start] in OPERATORS:
            while self._at < end and text[self._at] == text[start]:
                self._at += 1
            return Word(start, self._at, text[start : self._at], is_operator=True)
        found: list[str] = []
        depth = 0
        while self._at < end:
            character = text[self._at]
            if not depth and (character.isspace() or character in OPERATORS):
                break
            if text.startswith("$(", self._at) or (depth and character == "("):
                depth += 1
            elif depth and character == ")":
                depth -= 1
            found.append(self._piece(character))
        return Word(start, self._at, "".join(found))

    def _skip_space(self) -> None:
        text, end = self._text, len(self._text)
        while self._at < end:
            if text.startswith(("\\\n", "\\\r\n"), self._at):  # a line that goes on
                self._at = text.index("\n", self._at) + 1
            elif text[self._at].isspace() and text[self._at] != "\n":
                self._at += 1
            else:
                return

    def _piece(self, character: str) -> str:
        """Return what begins here: an escaped character, a quoted piece, or a plain character."""
        start = self._at
        if character == "\\" and start + 1 < len(self._text):
            self._at += 2
            following = self._text[start + 1]
            if following == "\r" and self._text.startswith("\n", self._at):
                self._at += 1
                return ""
            return "" if following == "\n" else following
        if character in "'\"`" and character not in self._unclosed:
            quoted = self._quoted(character)
            if quoted is not None:
                return quoted
            self._unclosed.add(character)
        self._at += 1
        return character

    def _quoted(self, quote: str) -> str | None:
        if quote == '"':
            match = _DOUBLE.match(self._text, self._at)
            if match is None:
                return None
            self._at = match.end()
            return _ESCAPE.sub(r"\1", match[1])
        end = self._text.find(quote, self._at + 1)
        if end < 0:
            return None
        found = self._text[self._at + 1 : end]
        self._at = end + 1
        return found
