"""Redact a text in one pass over its words; each word may announce a secret after it."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

from rsspot.redaction.recognition import (
    JWT,
    KEPT_FLAGS,
    KEPT_VARIABLES,
    OWN_FLAGS,
    PEM,
    SWITCHES,
    is_secret_name,
    looks_secret,
    redact_urls,
)
from rsspot.redaction.words import words

if TYPE_CHECKING:
    from rsspot.redaction.words import Word

__all__ = ["MASK", "redact"]

MASK = "[secret]"
MAX_DEPTH = 5
"""Maximum depth of quoted commands within commands."""
MIN_LENGTH = 20
"""Characters from which a word is too long to be a natural word."""
MAX_CLUSTER = 3
"""Maximum one-letter flags that are written together, as in `-xvf`."""

_FLAG = re.compile(
    r"[\[({,]*(--?|[\u2010-\u2015]{1,2})([A-Za-z][\w.-]*)(?:([=:])(.*)|[\])},]*)", re.DOTALL
)
_SWITCH = re.compile(r"/([A-Za-z][\w-]*)([=:])(?![/\\.])(.+)", re.DOTALL)
"""A flag as Windows programs write it, with its value. A path after the colon is none."""
_SWITCH_ALONE = re.compile(r"(?i)/(?:p|r?pass|[\w-]*(?:token|secret|passw(?:or)?d|key))")
_PAIR = re.compile(r"([^=:]*?)([=:])(.*)", re.DOTALL)
_INLINE = re.compile(
    r"(?i)((?:token|secret|passw|passphrase|pwd|credential|authori[sz]|cookie|api[-_]?key"
    r"|access[-_]?key)[\w.-]{0,40}[\"'\\]{0,4}\s{0,4}[=:,]\s{0,4})(?=\S)"
)
_SPELT = re.compile(
    r"(?i)[\w.$:-]*(?:token|secret|password|passwd|passphrase|credential|api[-_]?key"
    r"|access[-_]?key|private[-_]?key|securestring)s?"
)
_LONG_NAME = re.compile(r"(?:[a-z]{1,20}[-_]){0,5}(?:token|secret|passw(?:or)?d|pass|key)s?")
_SCHEMES = frozenset({"bearer", "basic", "negotiate", "digest"})
_PRINTING = frozenset({"echo", "printf", "print"})
_EXPORTING = frozenset({"export", "set", "setenv", "env", "declare", "local", "readonly", "setx"})
_PUNCTUATION = "[](){},;\"'`"


class Next(Enum):
    """What the words so far announce about the next one."""

    ANYTHING = auto()
    VALUE = auto()
    """The value of a flag that is not on a list; another flag may follow instead."""
    SECRET = auto()
    SCHEME = auto()
    """The scheme of a header, and a secret after it."""
    LIKELY = auto()
    """A secret, when it has a digit or is long: the word before was `token`, say."""
    LINE = auto()
    """All words up to the end of the command are secret."""
    END = auto()
    """All words up to the end of the text are secret."""


def redact(text: str) -> str:
    """Return `text` with `MASK` in place of everything that is or may be a secret.

    `text` is a command, or what a program or person wrote. See `rsspot.redaction` for what is
    certain and what is best effort. Takes linear time.
    """
    return _redact(text, 0)


def _redact(text: str, depth: int) -> str:
    text = JWT.sub(MASK, PEM.sub(MASK, text))
    reader, found, last = _Reader(depth), list[str](), 0
    for word in words(text):
        replacement = reader.read(word)
        if replacement is not None and replacement != word.text:
            found += [text[last : word.start], _quoted(replacement, text[word.start])]
            last = word.end
    return "".join(found) + text[last:]


def _quoted(replacement: str, begins: str) -> str:
    """Return a word, quoted as before, or as it must be quoted now."""
    if replacement == MASK:
        return MASK
    if begins in "'\"`":
        return f"{begins}{replacement}{begins}"
    return f"'{replacement}'" if any(map(str.isspace, replacement)) else replacement


class _Reader:
    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._next = Next.ANYTHING
        self._is_first = True
        self._exports = False
        self._kept_flags = KEPT_FLAGS

    def read(self, word: Word) -> str | None:
        """Return the replacement of a word; None to leave it as it is."""
        text = word.text
        if word.is_operator:
            self._operator(text)
            return None
        if self._next in {Next.LINE, Next.END}:
            return MASK
        return None if self._is_passed_over(text) else self._read(text)

    def _read(self, text: str) -> str | None:
        expected, self._next = self._next, Next.ANYTHING
        if expected is Next.SCHEME:
            self._next = Next.SECRET
        if expected in {Next.SCHEME, Next.SECRET} or (expected is Next.LIKELY and _is_likely(text)):
            return MASK
        match = _FLAG.fullmatch(text)
        if match is None and expected is not Next.VALUE:
            switch = _SWITCH.fullmatch(text)
            return self._plain(text) if switch is None else self._switch(switch)
        return MASK if match is None else self._flag(match)

    def _is_passed_over(self, text: str) -> bool:
        if MASK in text and len(text) <= len(MASK) + 4:  # with quotes or commas
            self._next = Next.ANYTHING  # it was redacted before
            return True
        return self._next in {Next.SECRET, Next.LIKELY} and _is_link(text)

    def _operator(self, operator: str) -> None:
        if self._next is Next.END:
            return
        if operator == "<<":
            self._next = Next.END  # a document follows
        elif operator == "<<<":
            self._next = Next.SECRET
        elif operator[0] in "|;&\n":
            # An argument may be on the line after its flag, if each has its own line.
            if operator[0] != "\n" or self._next is Next.LINE:
                self._next = Next.ANYTHING
            self._is_first, self._exports, self._kept_flags = True, False, KEPT_FLAGS

    def _flag(self, match: re.Match[str]) -> str | None:
        dashes, name, sign, value = match.groups()
        self._is_first = False
        if len(dashes) == 1 and dashes == "-" and len(name) > 1 and sign is None:
            return self._short(name)
        bare = name.rstrip(_PUNCTUATION)
        if sign is not None:
            if bare in self._kept_flags and not looks_secret(value) and "://" not in value:
                return None
            return f"{dashes}{name}{sign}{MASK}"
        if bare in self._kept_flags or bare in SWITCHES:
            return None
        self._next = Next.SECRET if is_secret_name(bare) else Next.VALUE
        return None

    def _switch(self, match: re.Match[str]) -> str | None:
        name, sign, value = match.groups()
        self._is_first = False
        is_kept = name.lower() in KEPT_FLAGS and not looks_secret(value) and "://" not in value
        return None if is_kept else f"/{name}{sign}{MASK}"

    def _short(self, name: str) -> str | None:
        """Redact one-letter flags, one with its value, or a long flag with one dash."""
        if _LONG_NAME.fullmatch(name):
            self._next = Next.SECRET
            return None
        self._next = Next.VALUE
        if name[0] in KEPT_FLAGS or (len(name) <= MAX_CLUSTER and name.isalpha()):
            return None
        return f"-{name[0]}{MASK}"

    def _plain(self, text: str) -> str | None:
        pair = None if "://" in text.partition("=")[0] else _PAIR.fullmatch(text)
        if self._is_first:
            if pair and pair[2] == "=" and pair[1].isidentifier():
                return _variable(pair)
            self._is_first = False
            self._exports = text.lower() in _EXPORTING
            self._kept_flags = KEPT_FLAGS | OWN_FLAGS if text == "rsspot" else KEPT_FLAGS
            self._next = Next.LINE if text.lower() in _PRINTING else Next.ANYTHING
        elif pair and self._exports:
            return _variable(pair)
        if any(map(str.isspace, text)):
            return self._inner(text)
        if pair and is_secret_name(pair[1].strip(_PUNCTUATION)):
            return self._named(pair)
        return self._unannounced(text)

    def _named(self, pair: re.Match[str]) -> str | None:
        """Redact a key and perhaps its value, as in `password:x` and `Authorization:`."""
        has_value = bool(pair[3].strip(_PUNCTUATION))
        if re.search(r"(?i)authori|cookie", pair[1]):
            # In quotes, the header ends with them; else other words may follow it.
            self._next = Next.LINE if self._depth or "cookie" in pair[1].lower() else Next.SCHEME
            if has_value and self._next is Next.SCHEME:
                self._next = Next.SECRET
        elif not has_value:
            self._next = Next.SECRET
        return f"{pair[1]}{pair[2]}{MASK}" if has_value else None

    def _unannounced(self, text: str) -> str | None:
        """Redact a word that no earlier word announces."""
        if text[:1] in {"{", "["} and re.search(r"[:,=]", text):
            return MASK
        bare = text.strip(_PUNCTUATION + "\u2010\u2011\u2012\u2013\u2014\u2015").rstrip(":=")
        if bare.lower() in _SCHEMES:
            self._next = Next.SECRET
            return None
        if _SWITCH_ALONE.fullmatch(text) or _SPELT.fullmatch(bare):
            # In a sentence a normal word follows, in a command a secret.
            is_sure = self._exports or text[-1] in ":="
            self._next = Next.SECRET if is_sure else Next.LIKELY
            return None
        if inline := _INLINE.search(text):
            return text[: inline.end()] + MASK
        found = redact_urls(text, MASK)
        if found == text and "://" not in text:
            login, at, host = text.rpartition("@")
            user, colon, _ = login.partition(":")
            if looks_secret(text):
                return MASK
            found = f"{user}:{MASK}@{host}" if at and colon else text
        return None if found == text else found

    def _inner(self, text: str) -> str:
        """Redact quoted text with spaces: a header, JSON, or a command for another shell."""
        if self._depth >= MAX_DEPTH or text.lstrip()[:1] in {"{", "["}:
            return MASK
        return _redact(text, self._depth + 1)


def _variable(pair: re.Match[str]) -> str | None:
    name, sign, value = pair.groups()
    is_kept = name in KEPT_VARIABLES and not looks_secret(value)
    return f"{name}{sign}{redact_urls(value, MASK) if is_kept or not value else MASK}"


def _is_likely(text: str) -> bool:
    return len(text) >= MIN_LENGTH or any(map(str.isdigit, text))


def _is_link(text: str) -> bool:
    """Return whether a secret may follow this word: `=`, an auth scheme, or a line end."""
    return text in {"=", ":", ":=", "=>", "is", "^", "`"} or text.lower() in _SCHEMES
