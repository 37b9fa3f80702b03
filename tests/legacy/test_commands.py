"""Commands of rsspot 0.3.0 run, or end with the command to run instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rsspot.cli.app import run as run_command
from rsspot.cli.legacy import find_legacy
from rsspot.cli.session import Session
from rsspot.renamed.commands import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox

CLASS = "gp.vs2.medium-dfw2"
POOL = "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a11"

OLD: tuple[tuple[str, str | None], ...] = (
    ("--version", None),
    ("configure --profile prod --org acme --region uk-lon-1", "rsspot login"),
    ("profiles list", None),
    ("profiles show prod", "rsspot config show --profile NAME"),
    ("profiles use prod", None),
    ("profiles delete old", "rsspot config path"),
    ("organizations list", None),
    ("organizations list --output json", None),
    ("organizations get acme", "rsspot orgs"),
    ("regions list", None),
    ("regions get uk-lon-1", "rsspot regions --region NAME"),
    ("server-classes list", None),
    ("server-classes list --region us-central-dfw-2", None),
    ("server-classes list --all", "rsspot classes lists all"),
    (f"server-classes get {CLASS}", None),
    ("pricing list", None),
    ("pricing list --region us-central-dfw-2 --min-cpu 4", None),
    ("pricing list --class gp,ch --gen 2 --nodes 5", "rsspot prices --category"),
    (f"pricing get {CLASS}", None),
    ("pricing build --nodes 5 --risk med --classes gp,ch,mh", "rsspot plan"),
    ("cloudspaces list", None),
    ("cloudspaces list --org acme", None),
    ("-o json cloudspaces list", None),
    ("cloudspaces get demo", None),
    ("cloudspaces create --name two --region us-central-dfw-2", "rsspot cloudspaces create NAME"),
    ("cloudspaces get-config demo", "rsspot cloudspaces kubeconfig NAME --to FILE"),
    ("cloudspaces get-config demo --file k.yml", "rsspot cloudspaces kubeconfig NAME --to FILE"),
    ("nodepools spot list", None),
    ("nodepools spot list --cloudspace demo", None),
    (f"nodepools spot get {POOL}", None),
    (f"nodepools spot create --name {POOL} --bid-price 0.1", "rsspot pools create spot"),
    (f"nodepools spot update --name {POOL} --bid-price 0.1", "rsspot pools bid POOL USD"),
    ("nodepools ondemand list", None),
    (f"nodepools ondemand create --name {POOL}", "rsspot pools create ondemand"),
    ("inventory vmcloudspaces", None),
    ("inventory vmpools --vmcloudspace vms", "rsspot vms pools list NAME"),
    ("inventory events --limit 5", None),
    ("config info", None),
    ("config set-default-profile prod", None),
    ("config set-default-org acme", None),
    ("config set-default-region us-central-dfw-2", None),
    ("config history info", "rsspot history"),
    ("config history clear", "rsspot history"),
    ("raw --method GET --path /apis/ngpc.rxt.io/v1/regions", "rsspot api METHOD PATH"),
    ("-p prod regions list", None),
)


def test_each_old_command_runs_or_ends_with_the_new_one(
    home: Path, sandbox: SpotSandbox, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from rsspot import SpotClient

    folder = home / ".config" / "rsspot"
    folder.mkdir(parents=True)
    config = folder / "config.yml"
    config.write_text(
        f"version: 1\nprofiles:\n  prod:\n    base_url: {sandbox.url}\n"
        f"    oauth_url: {sandbox.url}\n    public_data_url: {sandbox.url}\n"
        f"    refresh_token: {sandbox.refresh_token}\n"
    )
    config.chmod(0o600)
    with SpotClient(**sandbox.client_options()) as spot:
        spot.cloudspaces.create("demo", region="us-central-dfw-2")
        spot.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.05", name=POOL)
    assert len(OLD) == 45
    ran = 0
    wrong: list[tuple[str, int, str]] = []
    for command, expected in OLD:
        status = run_command(command.split(), Session())
        said = capsys.readouterr()
        if expected is None:
            ran += 1
            if status != 0:
                wrong.append((command, status, said.err))
        elif status == 0 or expected not in said.err:
            wrong.append((command, status, said.err))
    assert wrong == []
    assert ran == 27


def test_a_new_command_is_left_as_it_is() -> None:
    for command in ("regions", "prices history gp", "config show", "cloudspaces create demo --ha"):
        assert find_legacy(command.split()) == (tuple(command.split()), None)
    assert find_legacy(["pools", "list", "raw"])[1] is None
    assert find_legacy([])[1] is None


def test_global_options_keep_their_place_before_the_command() -> None:
    arguments, old = find_legacy(["-c", "my.yml", "--org", "raw", "organizations", "list", "-v"])
    assert arguments[:2] == ("--config", "my.yml")
    assert old is not None
    assert old.arguments == ("--config", "my.yml", "--org", "raw", "orgs", "-v")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_what_the_table_leads_to_exists(words: tuple[str, ...]) -> None:
    from typer.main import get_command

    from rsspot.cli.app import COMMANDS as NEW
    from rsspot.cli.app import app

    get_command(app)
    found = COMMANDS[words]
    assert found.text.startswith("rsspot ")
    assert found.text.split()[1].rstrip(",") in {*NEW, "history"}
    if found.words:
        assert found.words[0] in NEW
