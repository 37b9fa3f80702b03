"""Every command of rsspot that a page shows, in a block or in a sentence, has its options."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

from rsspot.cli.app import app
from tests.docs.pages import FENCE, pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.docs.pages import Page

INLINE = re.compile(r"`(rsspot [^`]*)`")
OPTION = re.compile(r"--?[a-zA-Z][a-z-]*")


def shown_in(page: Page) -> Iterator[str]:
    """The commands of rsspot on a page; old ones stand in its tables."""
    yield from (line for line in page.commands() if line.startswith("rsspot "))
    prose = re.sub(r"^\|.*$", "", FENCE.sub("", page.text), flags=re.MULTILINE)
    yield from INLINE.findall(prose)


def unknown_options(words: list[str]) -> set[str]:
    """The options among `words` that the command which they begin with does not have."""
    part: Any = get_command(app)
    context = part.context_class(part)
    options = {name for option in part.get_params(context) for name in option.opts}
    given = {word.partition("=")[0] for word in words if OPTION.match(word)}
    for word in words:
        if not hasattr(part, "get_command"):
            break
        inner = part.get_command(context, word)
        if inner is not None:
            part, context = inner, inner.context_class(inner, parent=context)
    if words[:1] == ["sandbox"]:  # the local Spot reads its own options
        return set()
    return given - options - {name for option in part.get_params(context) for name in option.opts}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_command_has_the_options_that_are_shown(page: Page) -> None:
    for command in shown_in(page):
        before = re.split(r" -- | [|;>] ", command.replace("\n", " "))[0]
        assert unknown_options(shlex.split(before)[1:]) == set(), command


def test_an_option_that_is_not_there_is_noticed() -> None:
    assert unknown_options(["cloudspaces", "kubeconfig", "demo", "--merge"]) == {"--merge"}
    assert unknown_options(["pools", "list", "--watch", "-o", "json", "--sort=-bid"]) == set()
