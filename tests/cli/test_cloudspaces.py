"""Creating, watching, using and deleting clusters, pools and machines."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox

DFW = ("--region", "us-central-dfw-2")
MEDIUM = ("--class", "gp.vs2.medium-dfw2")


@pytest.fixture
def demo(rsspot: Callable[..., Any]) -> str:
    assert rsspot("cloudspaces", "create", "demo", *DFW, "--wait").status == 0
    return "demo"


def pool(rsspot: Callable[..., Any], *options: str) -> str:
    done = rsspot("pools", "create", *options, "-o", "name")
    assert done.status == 0, done.err
    return str(done.out).strip()


def test_creating_waits_and_shows_each_state_on_stderr(rsspot: Callable[..., Any]) -> None:
    done = rsspot("cloudspaces", "create", "demo", *DFW, "--wait")
    assert done.err.splitlines() == ["demo: accepted", "demo: Provisioning", "demo: Ready"]
    assert done.out.splitlines()[1].split()[:3] == ["demo", "us-central-dfw-2", "Ready"]


def test_on_a_terminal_the_progress_is_one_line_that_is_removed(rsspot: Callable[..., Any]) -> None:
    done = rsspot("cloudspaces", "create", "demo", *DFW, "--wait", terminal=True)
    assert done.status == 0
    assert "demo" in done.out
    assert done.err.count("\x1b[2K") > 0


def test_a_region_is_needed_and_the_hint_is_for_a_person(rsspot: Callable[..., Any]) -> None:
    done = rsspot("cloudspaces", "create", "demo")
    assert done.status == 2
    assert "Hint: Choose a region with --region" in done.err


def test_a_name_is_taken_only_once_unless_it_may_be_kept(
    rsspot: Callable[..., Any], demo: str
) -> None:
    again = ("cloudspaces", "create", demo, *DFW)
    taken = rsspot(*again)
    assert (taken.status, taken.out) == (5, "")
    assert taken.err.startswith("Error: 409 AlreadyExists")
    assert rsspot(*again, "--keep").status == 0
    assert rsspot("cloudspaces", "list", "-o", "name").out == "demo\n"


def test_all_is_shown_of_one_and_changes_are_kept(rsspot: Callable[..., Any], demo: str) -> None:
    changed = rsspot("cloudspaces", "update", demo, "--webhook", "https://hook.example/x")
    assert changed.status == 0
    shown = rsspot("cloudspaces", "get", demo).out
    assert "webhook                     https://hook.example/x" in shown
    assert rsspot("cloudspaces", "update", demo, "--webhook", "").status == 0
    assert "webhook" not in rsspot("cloudspaces", "get", demo).out
    nothing = rsspot("cloudspaces", "update", demo)
    assert (nothing.status, nothing.out) == (2, "")


def test_a_kubeconfig_is_merged_for_its_owner_only_and_never_shown_unasked(
    rsspot: Callable[..., Any], demo: str, home: Path
) -> None:
    done = rsspot("cloudspaces", "kubeconfig", demo)
    path = home / ".kube" / "config"
    assert done.status == 0
    assert "token" not in done.out + done.err
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    printed = rsspot("cloudspaces", "kubeconfig", demo, "--to", "-").out
    assert printed.startswith("apiVersion:") or "kind: Config" in printed
    rsspot("cloudspaces", "kubeconfig", demo, "--to", str(home / "other"))
    assert (home / "other").read_text("utf-8")


def test_the_first_file_of_the_variable_is_merged_into(
    rsspot: Callable[..., Any], demo: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join([str(home / "one"), str(home / "two")]))
    assert rsspot("cloudspaces", "kubeconfig", demo, "--keep-context").status == 0
    assert (home / "one").exists()
    assert not (home / "two").exists()


@pytest.mark.parametrize(
    "case",
    [
        (":{one}", "one"),
        ("{one}:{two}:", "one"),
        ("{missing}:{two}", "two"),
        ("::", ".kube/config"),
        ("", ".kube/config"),
    ],
)
def test_empty_and_missing_files_of_the_variable_are_passed_over_as_kubectl_does(
    rsspot: Callable[..., Any],
    demo: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[str, str],
) -> None:
    variable, written = case
    for name in ("one", "two"):
        (home / name).write_text("kind: Config\nusers: []\n")
    names = {name: str(home / name) for name in ("one", "two", "missing")}
    monkeypatch.setenv("KUBECONFIG", variable.format(**names).replace(":", os.pathsep))
    done = rsspot("cloudspaces", "kubeconfig", demo)
    assert (done.status, done.out) == (0, "")
    assert f"Merged into {home / written}" in done.err or written == ".kube/config"
    assert demo in (home / written).read_text()


def test_the_name_of_a_file_cannot_forge_a_line_or_move_the_cursor(
    rsspot: Callable[..., Any], demo: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(home / "c\n\x1b[2JError: d"))
    for option in ((), ("--to", str(home / "a\n\x1b[2JError: b"))):
        done = rsspot("cloudspaces", "kubeconfig", demo, *option)
        assert done.status == 0
        assert "\x1b" not in done.err
        assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("option", ["variable", "option"])
@pytest.mark.parametrize("path", ["/dev/null", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/2"])
def test_devices_and_open_files_are_not_replaced_by_a_kubeconfig(
    rsspot: Callable[..., Any],
    demo: str,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    option: str,
) -> None:
    if option == "variable":
        monkeypatch.setenv("KUBECONFIG", path)
    done = rsspot("cloudspaces", "kubeconfig", demo, *(["--to", path] * (option == "option")))
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(f"Error: {path}: it is a")
    assert "not replaced; give the path of a file" in done.err
    assert os.path.lexists(path)


def test_an_unknown_home_folder_is_reported_as_an_error(
    rsspot: Callable[..., Any], demo: str
) -> None:
    done = rsspot("cloudspaces", "kubeconfig", demo, "--to", "~nosuchuser/config")
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "Error: There is no home directory for ~nosuchuser/config\n"
        "Hint: Write the full path, or set HOME to a folder of your own\n"
    )


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_a_kubeconfig_of_another_owner_is_written_to_only_on_request(
    rsspot: Callable[..., Any], demo: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "shared"
    path.write_text("kind: Config\nusers: []\n", "utf-8")
    os.chown(path, 1234, -1)
    monkeypatch.setenv("KUBECONFIG", str(path))
    for options in ((), ("--to", str(path))):
        done = rsspot("cloudspaces", "kubeconfig", demo, *options)
        assert (done.status, done.out) == (1, "")
        assert "belongs to user 1234" in done.err
        assert "RSSPOT_ALLOW_FOREIGN_OWNER=true" in done.err
    assert path.read_text("utf-8") == "kind: Config\nusers: []\n"
    monkeypatch.setenv("RSSPOT_ALLOW_FOREIGN_OWNER", "true")
    assert rsspot("cloudspaces", "kubeconfig", demo).status == 0
    assert demo in path.read_text("utf-8")
    assert path.stat().st_uid == 1234


def test_a_name_that_another_has_taken_is_not_replaced(
    rsspot: Callable[..., Any], demo: str, home: Path
) -> None:
    assert rsspot("cloudspaces", "kubeconfig", demo).status == 0
    path = home / ".kube" / "config"
    taken = path.read_text("utf-8").replace("name: rsspot", "name: another")
    path.write_text(taken, "utf-8")
    done = rsspot("cloudspaces", "kubeconfig", demo)
    assert done.status == 2
    assert "has another cluster" in done.err
    assert "Hint: Rename or remove that one" in done.err
    assert path.read_text("utf-8") == taken


def test_deleting_asks_on_a_terminal_and_wants_yes_elsewhere(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, demo: str
) -> None:
    delete = ("cloudspaces", "delete", demo)
    before = [item.method for item in sandbox.requests].count("DELETE")
    unasked = rsspot(*delete)
    assert unasked.status == 2
    assert "Hint: Confirm with --yes" in unasked.err
    refused = rsspot(*delete, terminal=True, answer="n\n")
    assert refused.status == 1
    assert "To be deleted:\n  cloudspace demo in us-central-dfw-2, 0 servers\n" in refused.err
    assert "Delete cloudspace demo?" in refused.err
    assert refused.err.endswith("Nothing was changed.\n")
    ended = rsspot(*delete, terminal=True, answer="")  # Ctrl-D
    assert (ended.status, ended.out.strip()) == (130, "")
    assert ended.err.endswith("\nInterrupted.\n")
    assert [item.method for item in sandbox.requests].count("DELETE") == before
    assert rsspot(*delete, "--wait", terminal=True, answer="y\n").status == 0
    assert rsspot("cloudspaces", "get", demo).status == 6


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a?dryRun=All", "a%2fb"])
def test_an_invalid_name_is_never_sent(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, name: str
) -> None:
    for command in (
        ("cloudspaces", "delete", name, "--yes"), ("cloudspaces", "get", name),
        ("vms", "delete", name, "--yes"), ("vms", "pools", "delete", name, "--yes"),
        ("cloudspaces", "create", name, *DFW), ("cloudspaces", "kubeconfig", name),
    ):  # fmt: skip
        done = rsspot(*command)
        assert (done.status, done.out) == (2, ""), (command, done)
    assert {"DELETE", "POST"} & {
        r.method for r in sandbox.requests if "oauth" not in r.path
    } == set()


def test_a_cascade_takes_the_pools_along(rsspot: Callable[..., Any], demo: str) -> None:
    pool(rsspot, "spot", demo, *MEDIUM, "--bid", "0.06")
    done = rsspot("cloudspaces", "delete", demo, "--cascade", "--yes")
    assert done.status == 0
    assert done.err.endswith("demo: deleting\nCloudspace demo has been deleted.\n")
    assert rsspot("pools", "list", "-o", "json").out == "[]\n"


def test_waiting_too_long_has_its_own_status(rsspot: Callable[..., Any]) -> None:
    rsspot("cloudspaces", "create", "demo", *DFW)
    done = rsspot("cloudspaces", "wait", "demo", "--timeout", "10")
    assert done.status == 7
    assert "did not happen in 10 s" in done.err
    assert rsspot("cloudspaces", "wait", "demo", "--deleted", "--timeout", "0").status == 7
    assert rsspot("cloudspaces", "wait", "demo").status == 0
    assert rsspot("cloudspaces", "delete", "demo", "--yes").status == 0
    gone = rsspot("cloudspaces", "wait", "demo", "--deleted")
    assert (gone.status, gone.out) == (0, "")


def test_pools_of_all_kinds_are_one_list(rsspot: Callable[..., Any], demo: str) -> None:
    names = {
        pool(rsspot, "spot", demo, *MEDIUM, "--bid", "0.06", "--label", "a=b", "--count", "2"),
        pool(rsspot, "ondemand", demo, *MEDIUM, "--taint", "gpu=yes:NoSchedule"),
        pool(rsspot, "autopilot", demo, "--vcpus", "4", "--budget", "0.5"),
    }
    shown = rsspot("pools", "list", "--cloudspace", demo, "-o", "json").out
    listed = json.loads(shown)
    assert names <= {item["metadata"]["name"] for item in listed}
    kinds = {item["kind"] for item in listed}
    assert kinds == {"SpotNodePool", "OnDemandNodePool", "AutopilotNodePool"}
    table = rsspot("pools", "list").out
    assert {"spot", "ondemand", "autopilot"} <= set(table.split())
    assert "0/4 vCPUs" in table
    only = rsspot("pools", "list", "--kind", "ondemand", "-o", "json").out
    assert {item["kind"] for item in json.loads(only)} == {"OnDemandNodePool"}
    other = rsspot("pools", "list", "--cloudspace", "demos", "-o", "json")
    assert (other.status, other.out) == (6, "")
    assert other.err == "Error: There is no cloudspace 'demos'\nHint: Did you mean 'demo'?\n"


def test_a_bid_may_be_a_percentile_and_is_explained(rsspot: Callable[..., Any], demo: str) -> None:
    done = rsspot("pools", "create", "spot", demo, *MEDIUM, "--percentile", "80", "-o", "json")
    suggested = rsspot("bid", MEDIUM[1], "-o", "name").out.strip()
    assert json.loads(done.out)[0]["spec"]["bidPrice"] == suggested
    assert f"bid {suggested} USD an hour" in done.err
    for options in ((), ("--bid", "1", "--percentile", "80")):
        refused = rsspot("pools", "create", "spot", demo, *MEDIUM, *options)
        assert (refused.status, refused.out) == (2, "")
        assert "needs either --bid or --percentile" in refused.err


def test_the_same_key_makes_a_pool_only_once(rsspot: Callable[..., Any], demo: str) -> None:
    create = ("spot", demo, *MEDIUM, "--bid", "0.06", "--key", "workers")
    assert pool(rsspot, *create) == pool(rsspot, *create)


def test_a_pool_is_found_by_the_beginning_of_its_name(
    rsspot: Callable[..., Any], demo: str
) -> None:
    name = pool(rsspot, "spot", demo, *MEDIUM, "--bid", "0.06")
    done = rsspot("pools", "wait", name[:8])
    assert (done.status, "1/1" in done.out.split()) == (0, True)
    assert rsspot("pools", "scale", name[:8], "3", "--wait").out.count(" 3/3 ") == 1
    assert "0.070" in rsspot("pools", "bid", name[:8], "0.07").out
    assert "bid price" in rsspot("pools", "get", name[:8]).out
    assert rsspot("servers", demo, "-o", "name").out.count("\n") == 3
    assert rsspot("servers", "other", "-o", "json").status == 6
    gone = rsspot("pools", "delete", name[:8], "--yes", "--wait")
    assert (gone.status, gone.out) == (0, "")
    assert gone.err.endswith(f"Pool {name} has been deleted.\n")


def test_an_ambiguous_or_unknown_pool_name_changes_nothing(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, demo: str
) -> None:
    for _ in range(17):  # sixteen first digits: two names share one
        pool(rsspot, "spot", demo, *MEDIUM, "--bid", "0.06")
    names = rsspot("pools", "list", "-o", "name").out.split()
    shared = next(name[0] for name in names if sum(n[0] == name[0] for n in names) > 1)
    done = rsspot("pools", "delete", shared, "--yes")
    assert done.status == 2
    assert f"{shared!r} matches " in done.err
    assert rsspot("pools", "scale", "", "5").status == 6
    assert rsspot("pools", "delete", "no-such", "--yes").status == 6
    assert {"DELETE", "PATCH"} & {item.method for item in sandbox.requests} == set()


def test_pools_of_other_kinds_are_changed_in_their_own_way(
    rsspot: Callable[..., Any], demo: str
) -> None:
    fixed = pool(rsspot, "ondemand", demo, *MEDIUM)
    assert rsspot("pools", "scale", fixed, "2").status == 0
    assert rsspot("pools", "scale", fixed, "--min", "1", "--max", "2").status == 2
    assert rsspot("pools", "bid", fixed, "1").status == 2
    budget = pool(rsspot, "autopilot", demo, "--vcpus", "4", "--budget", "0.5")
    assert "/8 vCPUs" in rsspot("pools", "scale", budget, "8").out
    assert "0.750" in rsspot("pools", "bid", budget, "0.75").out


def test_a_bid_below_the_floor_shows_the_minimum(rsspot: Callable[..., Any], demo: str) -> None:
    done = rsspot("pools", "create", "spot", demo, *MEDIUM, "--bid", "0.001")
    assert done.status == 5
    assert "Hint: Bid at least" in done.err
    noise = rsspot("pools", "create", "spot", demo, *MEDIUM, "--bid", "much")
    assert (noise.status, noise.err.count("--bid")) == (2, 1)
    assert noise.err.endswith(
        "Hint: Write a price such as 0.05; `rsspot bid` suggests one for a class\n"
    )


def test_invalid_labels_and_taints_are_refused(rsspot: Callable[..., Any], demo: str) -> None:
    for options in (("--label", "a"), ("--label", "a=1", "--label", "a=2"), ("--taint", "a")):
        done = rsspot("pools", "create", "ondemand", demo, *MEDIUM, *options)
        assert (done.status, done.out) == (2, "")
    assert rsspot("pools", "list", "-o", "json").out == "[]\n"


def test_an_unknown_outcome_has_its_own_status(
    rsspot: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    sandbox.faults.add("drop_after", method="POST", path="cloudspaces", times=1)
    done = rsspot("cloudspaces", "create", "demo", *DFW)
    assert (done.status, done.out) == (8, "")
    assert done.err.startswith("Error: It is not known whether POST")


def test_machines_their_pools_and_keys(rsspot: Callable[..., Any], home: Path) -> None:
    public = home / "key.pub"
    public.write_text("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ4dGVzdA me@example\n", "utf-8")
    assert rsspot("vms", "keys", "add", "me", str(public)).status == 0
    assert rsspot("vms", "keys", "list", "-o", "name").out == "me\n"
    assert rsspot("vms", "create", "box", *DFW, "--ssh-key", "me", "--wait").status == 0
    assert rsspot("vms", "wait", "box").status == 0
    assert "ssh key" in rsspot("vms", "get", "box").out
    made = rsspot("vms", "pools", "create", "box", *MEDIUM, "--bid", "0.06", "-o", "name")
    name = made.out.strip()
    assert rsspot("vms", "pools", "scale", name, "2").out.count("/2 ") == 1
    assert "0.080" in rsspot("vms", "pools", "bid", name, "0.08").out
    assert rsspot("vms", "pools", "list", "box", "-o", "name").out == f"{name}\n"
    assert rsspot("vms", "pools", "delete", name).status == 2
    assert rsspot("vms", "pools", "delete", name, "--yes").status == 0
    assert rsspot("vms", "delete", "box", "--cascade", "--yes").status == 0
    assert rsspot("vms", "list", "-o", "json").out == "[]\n"
    assert rsspot("vms", "keys", "delete", "me", "--yes").status == 0


def test_machines_can_be_waited_for(rsspot: Callable[..., Any]) -> None:
    assert rsspot("vms", "create", "box", *DFW).status == 0
    create = ("vms", "pools", "create", "box", *MEDIUM, "--bid", "0.06", "--name", "web")
    assert "  1/1  " in rsspot(*create, "--wait").out
    assert "  1/1  " in rsspot("vms", "pools", "wait", "web").out
    assert rsspot("vms", "pools", "wait", "db").status == 6


def test_events_and_organizations(rsspot: Callable[..., Any], demo: str) -> None:
    assert "is ready" in rsspot("events", "--limit", "5").out
    assert rsspot("events", "--limit", "0").status == 2
    assert "acme" in rsspot("orgs", "-o", "name").out.split()
