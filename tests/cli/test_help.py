"""Help: every command has examples that are right, -h works, and every error ends with a step."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

from rsspot import errors
from rsspot.cli.app import COMMANDS, app
from rsspot.cli.examples import EXAMPLES
from rsspot.cli.failures import report
from rsspot.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsspot.sandbox import SpotSandbox

DFW = "us-central-dfw-2"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command and group, by its words."""

    def walk(words: list[str], command: Any) -> Iterator[tuple[str, Any]]:
        yield " ".join(words), command
        for name in getattr(command, "commands", {}):
            yield from walk([*words, name], command.get_command(None, name))

    yield from walk([], get_command(app))


ALL = dict(commands())


def test_every_command_has_examples_and_every_example_a_command() -> None:
    assert set(EXAMPLES) == set(ALL)


@pytest.mark.parametrize("words", sorted(EXAMPLES))
def test_examples_are_of_their_command_and_their_options_exist(words: str) -> None:
    command = ALL[words]
    assert EXAMPLES[words]
    is_group = bool(getattr(command, "commands", None))
    for line in EXAMPLES[words]:
        assert f"rsspot {words}".strip() in line
        assert len(line) <= 100
        if is_group or words in {"sandbox", "token"}:
            continue
        known = {
            name
            for option in command.get_params(
                command.make_context(words, ["--help"], resilient_parsing=True)
            )
            for name in (*option.opts, *option.secondary_opts)
        }
        used = [word.partition("=")[0] for word in line.split() if word.startswith("-")]
        assert not [name for name in used if name not in known and name not in {"-", "--"}], line


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_has_examples_that_are_not_wrapped(rsspot: Callable[..., Any], option: str) -> None:
    done = rsspot("pools", "create", "spot", option, width=50)
    assert done.status == 0
    for line in EXAMPLES["pools create spot"]:
        assert f"  {line}\n" in done.out


def test_help_of_every_command_is_shown(rsspot: Callable[..., Any]) -> None:
    for name in set(COMMANDS) - {"sandbox"}:  # its help is that of another program
        assert rsspot(name, "-h").status == 0, name


def test_the_package_is_a_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rsspot", "--version"], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.split()[0]) == (0, "rsspot")


@pytest.fixture
def named(rsspot: Callable[..., Any]) -> None:
    assert rsspot("cloudspaces", "create", "production-web", "--region", DFW).status == 0


@pytest.mark.parametrize(
    ("command", "meant"),
    [
        ("regions --region us-central-dfw", DFW),
        (f"prices --region {DFW[:-1]}3", DFW),
        ("cloudspaces create x --region us-central-dfw", DFW),
        ("classes gp.vs2.medium-dfw", "gp.vs2.medium-dfw2"),
        ("prices history gp.vs2.medum-dfw2", "gp.vs2.medium-dfw2"),
        ("bid gp.vs2.medum-dfw2", "gp.vs2.medium-dfw2"),
        ("cloudspaces get production-wbe", "production-web"),
        ("cloudspaces delete production-wbe --yes", "production-web"),
        ("cloudspaces update production-wbe --webhook https://example.com", "production-web"),
        ("pools list --cloudspace production", "production-web"),
        ("servers production", "production-web"),
        ("cloudspaces lst", "list"),
        ("clodspaces list", "cloudspaces"),
        ("regions --sort naem", "name"),
    ],
)
def test_what_is_meant_is_suggested(
    rsspot: Callable[..., Any], named: None, command: str, meant: str
) -> None:
    done = rsspot(*command.split())
    assert done.status in {2, 6}
    assert f"Did you mean '{meant}'?" in done.err


ERRORS = [
    kind
    for name in errors.__all__
    if isinstance(kind := getattr(errors, name), type) and issubclass(kind, errors.RSSpotError)
]


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_ends_with_what_to_do(
    kind: type[errors.RSSpotError], capsys: pytest.CaptureFixture[str], sandbox: SpotSandbox
) -> None:
    report(kind("It failed"), Session(**sandbox.client_options()))
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("Hint: ")
    assert len(last) > 20


def test_a_file_that_is_not_there_ends_with_what_to_do(rsspot: Callable[..., Any]) -> None:
    done = rsspot("apply", "-f", "/nowhere/demo.yaml")
    assert done.status == 1
    assert done.err.splitlines()[-1] == "Hint: Check the path and its permissions"
