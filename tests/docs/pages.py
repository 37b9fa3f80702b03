"""The pages for readers, README.md, docs and .github: code, what it prints, and links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs", ".github")
PAGES = (
    ROOT / "README.md",
    *sorted(page for folder in FOLDERS for page in (ROOT / folder).rglob("*.md")),
)
TEMPLATES = (ROOT / ".github" / "PULL_REQUEST_TEMPLATE.md",)

FENCE = re.compile(r"^```(?P<language>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)\s]*)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of code; `line` is that of its first line in the page."""

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Page:
    """A page and what can be checked of it."""

    path: Path

    @property
    def name(self) -> str:
        """The path from the root of the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def text(self) -> str:
        """All of it."""
        return self.path.read_text("utf-8")

    def blocks(self) -> Iterator[Block]:
        """Its fenced blocks, in order."""
        text = self.text
        for found in FENCE.finditer(text):
            line = text.count("\n", 0, found.start("text")) + 1
            yield Block(found["language"], found["text"], line)

    def examples(self) -> Iterator[tuple[Block, str | None]]:
        """Each Python block, with the `text` block right after it: that is what it prints."""
        blocks = list(self.blocks())
        for block, after in zip(blocks, [*blocks, Block("", "", 0)][1:], strict=True):
            if block.language == "python":
                follows = after.line == block.line + block.text.count("\n") + 3
                yield block, after.text if after.language == "text" and follows else None

    def commands(self) -> Iterator[str]:
        """The lines of its `console` blocks, without their comments."""
        for block in self.blocks():
            if block.language == "console":
                for line in block.text.replace("\\\n", " ").splitlines():
                    command = line.partition(" #")[0].strip()
                    if command and not command.startswith("#"):
                        yield command

    def links(self) -> list[str]:
        """The targets of its links to other pages, files and headings."""
        return LINK.findall(FENCE.sub("", self.text))

    def anchors(self) -> set[str]:
        """The names by which its headings can be linked to."""
        plain = (re.sub(r"[^\w\- ]", "", each.lower()) for each in HEADING.findall(self.text))
        return {each.replace(" ", "-") for each in plain}


def pages() -> list[Page]:
    """All of them."""
    return [Page(path) for path in PAGES]
