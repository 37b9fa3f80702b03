"""What code and tests cite: headings of pages, and places in openapi/spot.yaml."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.contract.spot_document import load, operations, resolve
from tests.docs.pages import ROOT, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDERS = ("rsspot", "scripts", "tests", "openapi", "docs", ".github", ".ci")
TYPES = {".py", ".toml", ".yaml", ".yml", ".md"}
PAGE = re.compile(r"(?<![\w./-])((?:docs|\.github)/[\w./-]*\.md)(#[\w-]*)?")
# A place has a capital or an underscore, which tells it from the next word of a sentence.
PLACE = re.compile(r"openapi/spot\.yaml,\s+((?=[\w.]*[A-Z_])[\w.]*\w)")


class Citation(NamedTuple):
    """A heading of a page, or a place in the document, and the line that cites it."""

    target: str
    where: str


def texts() -> Iterator[tuple[str, str]]:
    """Every file that may cite something, with its text."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    for path in sorted([*found, *ROOT.glob("*.md"), ROOT / "pyproject.toml", ROOT / "Makefile"]):
        if path.is_file() and (path.suffix in TYPES or path.name in {"Makefile", "run"}):
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def pages_cited(name: str, text: str) -> Iterator[Citation]:
    """The pages and headings that a text cites. Links of pages are checked as links."""
    for found in PAGE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Citation(found[1] + (found[2] or ""), f"{name}:{line}")


def places_cited(name: str, text: str) -> Iterator[Citation]:
    """The places in openapi/spot.yaml that a text cites."""
    for found in PLACE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Citation(found[1], f"{name}:{line}")


def has_heading(target: str) -> bool:
    """Whether a page exists and has the heading, if one is named."""
    path, sign, anchor = target.partition("#")
    page = Page(ROOT / path)
    return page.path.is_file() and (not sign or anchor in page.anchors())


def has_place(target: str) -> bool:
    """Whether `target` is in the document.

    It begins with the name of a schema, response, parameter, webhook or operation. From a schema
    it goes on over members, through references, arrays and maps: `SpotNodePool.spec.bidPrice`.
    """
    first, *members = target.split(".")
    node = _named().get(first)
    for member in members:
        node = _member(node, member)
    return node is not None


@cache
def _named() -> dict[str, Any]:
    document = load()
    kinds = ("responses", "parameters", "schemas")
    return {
        **{name: node for kind in kinds for name, node in document["components"][kind].items()},
        **document["webhooks"],
        **{operation.id: operation.node for operation in operations()},
    }


def _member(node: Any, name: str) -> Any:
    if node is None:
        return None
    node = resolve(node)
    for inside in ("items", "additionalProperties"):
        if isinstance(node.get(inside), dict):
            return _member(node[inside], name)
    found: Any = node.get("properties", {}).get(name)
    for alternative in node.get("anyOf", ()):
        found = found or _member(alternative, name)
    return found


def rules() -> dict[str, str]:
    """The rules in docs/rules.md: what each says, by its name."""
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")
    found = re.findall(r"^### (.+)\n\n((?:(?!#).+\n)*)", text, re.MULTILINE)
    return {heading.lower().replace(" ", "-"): said for heading, said in found}
