r"""Templates of ``kubectl -o jsonpath``: text, ``{.path}``, ``{range .path}…{end}``, ``{"\n"}``.

A path is RFC 9535, with what kubectl allows besides: the root may be left out, and a name may have
any character, with ``\`` before a dot. https://kubernetes.io/docs/reference/kubectl/jsonpath/
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import field, frozen

from rsspot.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["compile_template"]

_PART = re.compile(
    r"""\{((?:[^{}"'\\]|\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*)\}|([^{]+)|(.)""", re.DOTALL
)
_SEGMENT = re.compile(
    r"""(\.\.|\.)?(\*|\[(?:[^\[\]"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^\]]*\])*\]"""
    r"""|(?:\\.|[^.\[\]\\])+)"""
)
_IN_FILTER = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([@$])((?:\.(?:\\.|[^\s.\[\]()=<>!&|,\\'"])+)+)"""
)


@frozen
class Path:
    """The values at a path: of the item of a range, or of the root."""

    query: Any
    from_root: bool

    def values(self, root: Any, item: Any) -> list[Any]:
        """Return the values; none where the path leads nowhere."""
        return [node.value for node in self.query.find(root if self.from_root else item)]

    def write(self, root: Any, item: Any) -> str:
        """Return the values, separated by spaces."""
        return " ".join(
            value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
            for value in self.values(root, item)
        )


@frozen
class Text:
    """Text that is written as it is."""

    text: str

    def write(self, root: Any, item: Any) -> str:  # noqa: ARG002 - as for a path
        """Return the text."""
        return self.text


@frozen
class Range:
    """A part that is written for each value of a path."""

    path: Path
    parts: list[Part] = field(factory=list["Part"])

    def write(self, root: Any, item: Any) -> str:
        """Return the parts for each of the values."""
        return "".join(
            part.write(root, value) for value in self.path.values(root, item) for part in self.parts
        )


Part: TypeAlias = Path | Text | Range


@frozen
class Template:
    """A template that was checked."""

    parts: list[Part]

    def write(self, data: Any) -> str:
        """Return the text for some JSON data, with a newline at its end."""
        text = "".join(part.write(data, data) for part in self.parts)
        return text if text.endswith("\n") or not text else f"{text}\n"


def compile_template(text: str) -> Template:
    """Return a template to write. Raises `InvalidInput` for one that is not valid."""
    whole = text if "{" in text else f"{{{text}}}"
    parts: list[Part] = []
    opened: list[Range] = []
    for code, plain, bad in _split(whole):
        if bad:
            raise _problem(text, f"{bad!r} does not belong there")
        target = opened[-1].parts if opened else parts
        words = code.strip()
        if plain:
            target.append(Text(plain))
        elif words.startswith(("'", '"')):
            target.append(Text(_literal(text, words)))
        elif words == "end":
            if not opened:
                raise _problem(text, "{end} has no {range}")
            opened.pop()
        elif words.startswith("range "):
            opened.append(Range(_path(text, words.removeprefix("range ").strip())))
            target.append(opened[-1])
        else:
            target.append(_path(text, words))
    if opened:
        raise _problem(text, "{range} has no {end}")
    return Template(parts)


def _split(text: str) -> Iterator[tuple[str, str, str]]:
    for match in _PART.finditer(text):
        yield match[1] or "", match[2] or "", match[3] or ("" if match[1] or match[2] else "{}")


def _literal(template: str, text: str) -> str:
    inner = text[1:-1] if text[0] == "'" == text[-1] and len(text) > 1 else None
    source = json.dumps(inner).replace("\\\\", "\\") if inner is not None else text
    try:
        return str(json.loads(source))
    except ValueError:
        raise _problem(template, f"{text} is not a text in quotes") from None


def _path(template: str, text: str) -> Path:
    import jsonpath_rfc9535 as rfc9535

    root, rest = ("$", text[1:]) if text.startswith("$") else ("@", text.removeprefix("@"))
    try:
        return Path(rfc9535.compile(f"${_segments(rest)}"), root == "$")
    except (rfc9535.JSONPathError, ValueError) as error:
        reason = str(error).partition(", line ")[0]
        raise _problem(template, f"{text or '{}'} is not a path: {reason}") from None


def _segments(text: str) -> str:
    """Return the segments of a path as RFC 9535 has them. Raises `ValueError`."""
    found, end = "", 0
    if text == ".":  # of kubectl: the item itself
        return ""
    for match in _SEGMENT.finditer(text):
        if match.start() != end:
            break
        end = match.end()
        dots, name = match[1] or "", match[2]
        deep = ".." if dots == ".." else ""
        if name == "*":
            found += f"{deep}[*]"
        elif name.startswith("["):
            found += deep + _IN_FILTER.sub(_in_filter, name)
        else:
            plain = re.sub(r"\\(.)", r"\1", name)
            found += f"{deep}[{json.dumps(plain)}]"
    if end != len(text):
        raise ValueError(f"it ends after {text[:end]!r}")
    return found


def _in_filter(match: re.Match[str]) -> str:
    return match[1] or match[2] + _segments(match[3])


def _problem(template: str, reason: str) -> InvalidInput:
    return InvalidInput(
        f"-o jsonpath={template[:80]} is not valid: {reason}",
        argument="output",
        hint="Write a path as for kubectl, such as '{.items[*].metadata.name}'",
    )
