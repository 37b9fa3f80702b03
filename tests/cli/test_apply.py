"""rsspot apply: differences first, then changes; applied again, it changes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox

DOCUMENT = """
cloudspace:
  name: demo
  region: us-central-dfw-2
pools:
  - key: workers
    server_class: gp.vs2.medium-dfw2
    bid_price: 0.05
    desired: 2
    labels: {tier: web}
    taints: ["spot=true:NoSchedule"]
  - key: base
    kind: ondemand
    server_class: gp.vs2.medium-dfw2
  - key: helper
    kind: autopilot
    vcpu_total: 4
    budget_per_hour: "0.2"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "demo.yaml"
    path.write_text(DOCUMENT, "utf-8")
    return path


def changing(sandbox: SpotSandbox) -> list[str]:
    return [item.method for item in sandbox.requests if item.method in {"POST", "PATCH", "DELETE"}
            and "/apis/" in item.path]  # fmt: skip


def test_everything_is_created_once(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, file: Path
) -> None:
    dry = rsspot("apply", "-f", str(file), "--dry-run")
    assert (dry.status, changing(sandbox)) == (0, [])
    assert dry.out.startswith(
        "+ cloudspace demo\n    region: us-central-dfw-2\n+ spot pool workers\n"
    )
    assert "    bid_price: 0.050\n" in dry.out
    done = rsspot("apply", "-f", str(file), "--yes")
    assert (done.status, done.err) == (0, "Applied 4 changes.\n")
    assert changing(sandbox) == ["POST"] * 4
    again = rsspot("apply", "-f", str(file), "--yes")
    assert (again.status, again.err) == (0, "Nothing to change.\n")
    assert again.out.count(": no change\n") == 4
    assert len(changing(sandbox)) == 4


def test_only_what_differs_is_changed(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, file: Path
) -> None:
    rsspot("apply", "-f", str(file), "--yes")
    text = DOCUMENT.replace("desired: 2", "desired: 3").replace("tier: web", "team: a")
    file.write_text(text, "utf-8")
    done = rsspot("apply", "-f", str(file), "--yes")
    assert "~ spot pool workers\n    desired: 2 -> 3\n    labels: tier=web -> team=a\n" in done.out
    assert changing(sandbox)[4:] == ["PATCH"]
    assert json.loads(sandbox.requests[-1].body) == {
        "spec": {"desired": 3, "customLabels": {"tier": None, "team": "a"}}
    }
    assert rsspot("apply", "-f", str(file), "--yes").err == "Nothing to change.\n"


def test_pools_that_are_not_named_stay_unless_they_are_pruned(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, file: Path
) -> None:
    rsspot("apply", "-f", str(file), "--yes")
    file.write_text(DOCUMENT[: DOCUMENT.index("  - key: base")], "utf-8")
    assert rsspot("apply", "-f", str(file), "--yes").err == "Nothing to change.\n"
    done = rsspot("apply", "-f", str(file), "--prune", "--yes")
    assert "- ondemand pool " in done.out
    assert done.err == "Applied 2 changes.\n"
    sandbox.advance(minutes=10)
    assert rsspot("pools", "list", "--columns", "name", "--no-headers").out == "workers\n"


def test_what_cannot_be_changed_is_refused_before_anything_is_sent(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, file: Path
) -> None:
    rsspot("apply", "-f", str(file), "--yes")
    sent = len(changing(sandbox))
    for old, new in (("us-central-dfw-2", "uk-lon-1"), ("vs2.medium-dfw2", "vs2.large-dfw2")):
        file.write_text(DOCUMENT.replace(old, new).replace("desired: 2", "desired: 9"), "utf-8")
        done = rsspot("apply", "-f", str(file), "--yes")
        assert done.status == 2
        assert "cannot be changed" in done.err
    assert len(changing(sandbox)) == sent


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (DOCUMENT, "", "the document must be names and values"),
        (DOCUMENT, "a: [", "line 1 of the document is not YAML"),
        ("cloudspace:", "cloudspac:", "has 'cloudspac', which is not known"),
        ("region:", "regoin:", "cloudspace has 'regoin', which is not known"),
        ("name: demo", "name: Demo!", "not a DNS label"),
        ("  - key: workers", "  - bid: 1", "pools[0] has 'bid', which is not known"),
        ("key: base", "key: workers", "pools has 'workers' twice"),
        ("kind: ondemand", "kind: reserved", "pools[1].kind is 'reserved'"),
        ("key: base", "annotations: {a: b}", "pools[1] needs a key or a name"),
        ("bid_price: 0.05", "bid_price: cheap", "pools[0].bid_price cannot be used: not a price"),
        ("    bid_price: 0.05\n", "", "pools[0] has no bid_price"),
        ("bid_price: 0.05", "bid_price:", "pools[0] has no bid_price"),
        ('budget_per_hour: "0.2"', "budget_per_hour:", "pools[2] has no budget_per_hour"),
        ("spot=true:NoSchedule", "spot", "pools[0].taints cannot be used"),
        ("labels: {tier: web}", "labels: web", "pools[0].labels"),
        ("desired: 2", "desired: two", "workers: desired must be a whole number"),
        ("desired: 2", "desired: 0", "workers: desired must be a whole number, 1 or more, not 0"),
        ("desired: 2", "max_nodes: 2", "workers: Autoscaling needs min_nodes and max_nodes"),
        ("bid_price: 0.05", "bid_price: 0.0501", "workers: bid_price is 0.0501, but prices start"),
        ("medium-dfw2", "medium/dfw2", "workers: server_class is 'gp.vs2.medium/dfw2'"),
        ("vcpu_total: 4", "vcpu_total: four", "helper: vcpu_total must be a whole number"),
        (
            "name: demo",
            "name: demo\n  kubernetes_version: 1.31",
            "demo: kubernetes_version must",
        ),
        ("name: demo", "name: demo\n  ha_control_plane: maybe", "demo: ha_control_plane must be"),
    ],
)
def test_a_document_that_cannot_be_used_names_the_place(  # noqa: PLR0917 - the case
    rsspot: Callable[..., Any], sandbox: SpotSandbox, file: Path, old: str, new: str, message: str
) -> None:
    file.write_text(DOCUMENT.replace(old, new, 1), "utf-8")
    done = rsspot("apply", "-f", str(file), "--yes")
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert rsspot("apply", "-f", str(file), "--dry-run").err == done.err
    assert changing(sandbox) == []


def test_one_limit_of_autoscaling_can_be_changed(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, file: Path
) -> None:
    limits = DOCUMENT.replace("    desired: 2\n", "    min_nodes: 1\n    max_nodes: 5\n")
    file.write_text(limits, "utf-8")
    rsspot("apply", "-f", str(file), "--yes")
    file.write_text(limits.replace("max_nodes: 5", "max_nodes: 6"), "utf-8")
    done = rsspot("apply", "-f", str(file), "--yes")
    assert "~ spot pool workers\n    max_nodes: 5 -> 6\n" in done.out
    assert done.err == "Applied 1 change.\n"


def test_an_empty_field_is_left_alone_unless_it_can_be_cleared(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, file: Path
) -> None:
    text = DOCUMENT.replace(
        "name: demo", "name: demo\n  webhook: https://a.example/\n  cni: calico"
    )
    file.write_text(text, "utf-8")
    rsspot("apply", "-f", str(file), "--yes")
    file.write_text(text.replace("https://a.example/", "").replace("calico", ""), "utf-8")
    done = rsspot("apply", "-f", str(file), "--yes")
    assert done.out.startswith("~ cloudspace demo\n    webhook: https://a.example/ -> -\n")
    assert json.loads(sandbox.requests[-1].body) == {"spec": {"webhook": None}}
    file.write_text(f"{DOCUMENT}    memory_per_vcpu: 4GB\n", "utf-8")
    assert rsspot("apply", "-f", str(file), "--yes").status == 0
    file.write_text(f"{DOCUMENT}    memory_per_vcpu:\n", "utf-8")
    done = rsspot("apply", "-f", str(file), "--yes")
    assert "~ autopilot pool helper\n    memory_per_vcpu: 4GB -> -\n" in done.out
    assert rsspot("apply", "-f", str(file), "--yes").err == "Nothing to change.\n"


def test_it_asks_before_it_changes_anything(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, file: Path
) -> None:
    assert rsspot("apply", "-f", str(file)).status == 2  # nobody can be asked
    assert rsspot("apply", "-f", str(file), terminal=True, answer="n\n").status == 1
    assert changing(sandbox) == []
    assert rsspot("apply", "-f", str(file), terminal=True, answer="y\n").status == 0


def test_a_bid_above_the_on_demand_price_needs_to_be_allowed(
    rsspot: Callable[..., Any], file: Path
) -> None:
    file.write_text(DOCUMENT.replace("0.05", "9"), "utf-8")
    assert rsspot("apply", "-f", str(file), "--yes").status == 2
    done = rsspot("apply", "-f", str(file), "--yes", "--allow-above-on-demand")
    assert done.status == 0


def test_python_has_the_same_in_sync_and_async(spot: Any) -> None:
    document = {
        "cloudspace": {"name": "demo", "region": "us-central-dfw-2"},
        "pools": [
            {"key": "a", "server_class": "gp.vs2.medium-dfw2", "bid_price": "0.05", "desired": 1}
        ],
    }
    planned = spot.cloudspaces.diff(document)
    assert spot.cloudspaces.apply(document) == planned
    assert [(item.action, item.key) for item in planned] == [("create", "demo"), ("create", "a")]
    assert {item.action for item in spot.cloudspaces.apply(document)} == {"keep"}
    document["pools"] = []
    assert [item.action for item in spot.cloudspaces.apply(document, prune=True)] == [
        "keep",
        "delete",
    ]
