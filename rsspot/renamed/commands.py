"""The commands of rsspot 0.3.0, with their new names or replacements."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["COMMANDS", "OPTIONS", "Renamed"]


class Renamed(NamedTuple):
    """The replacement of a command. If `words` is set, the old command still runs as that one."""

    text: str
    """The new command, for messages."""
    words: tuple[str, ...] = ()


_CREATE_SPOT = "rsspot pools create spot CLOUDSPACE --class CLASS --bid USD --count N"
_CREATE_ON_DEMAND = "rsspot pools create ondemand CLOUDSPACE --class CLASS --count N"
_HISTORY = "rsspot history"

COMMANDS: dict[tuple[str, ...], Renamed] = {
    ("configure",): Renamed("rsspot login, or rsspot config add NAME --token-file FILE"),
    ("profiles", "list"): Renamed("rsspot config profiles", ("config", "profiles")),
    ("profiles", "show"): Renamed("rsspot config show --profile NAME"),
    ("profiles", "use"): Renamed("rsspot config use NAME", ("config", "use")),
    ("profiles", "delete"): Renamed("rsspot config path, and remove the profile from that file"),
    ("profiles",): Renamed("rsspot config profiles"),
    ("organizations", "list"): Renamed("rsspot orgs", ("orgs",)),
    ("organizations", "get"): Renamed("rsspot orgs"),
    ("organizations",): Renamed("rsspot orgs"),
    ("regions", "list"): Renamed("rsspot regions", ("regions",)),
    ("regions", "get"): Renamed("rsspot regions --region NAME"),
    ("server-classes", "list"): Renamed("rsspot classes", ("classes",)),
    ("server-classes", "get"): Renamed("rsspot classes CLASS", ("classes",)),
    ("server-classes",): Renamed("rsspot classes"),
    ("pricing", "list"): Renamed("rsspot prices", ("prices",)),
    ("pricing", "get"): Renamed("rsspot classes CLASS", ("classes",)),
    ("pricing", "build"): Renamed("rsspot plan --nodes N --cpus N --memory SIZE"),
    ("pricing",): Renamed("rsspot prices"),
    ("cloudspaces", "get-config"): Renamed(
        "rsspot cloudspaces kubeconfig NAME --to FILE (- is standard output)"
    ),
    ("inventory", "vmcloudspaces"): Renamed("rsspot vms list", ("vms", "list")),
    ("inventory", "vmpools"): Renamed("rsspot vms pools list NAME"),
    ("inventory", "events"): Renamed("rsspot events", ("events",)),
    ("inventory",): Renamed("rsspot vms list"),
    ("nodepools", "spot", "list"): Renamed(
        "rsspot pools list --kind spot", ("pools", "list", "--kind", "spot")
    ),
    ("nodepools", "spot", "get"): Renamed("rsspot pools get POOL", ("pools", "get")),
    ("nodepools", "spot", "create"): Renamed(_CREATE_SPOT),
    ("nodepools", "spot", "update"): Renamed(
        "rsspot pools bid POOL USD, or rsspot pools scale POOL N"
    ),
    ("nodepools", "spot", "delete"): Renamed("rsspot pools delete POOL", ("pools", "delete")),
    ("nodepools", "ondemand", "list"): Renamed(
        "rsspot pools list --kind ondemand", ("pools", "list", "--kind", "ondemand")
    ),
    ("nodepools", "ondemand", "get"): Renamed("rsspot pools get POOL", ("pools", "get")),
    ("nodepools", "ondemand", "create"): Renamed(_CREATE_ON_DEMAND),
    ("nodepools", "ondemand", "update"): Renamed("rsspot pools scale POOL N"),
    ("nodepools", "ondemand", "delete"): Renamed("rsspot pools delete POOL", ("pools", "delete")),
    ("nodepools",): Renamed("rsspot pools list"),
    ("config", "info"): Renamed("rsspot config show", ("config", "show")),
    ("config", "set-default-profile"): Renamed("rsspot config use NAME", ("config", "use")),
    ("config", "history", "info"): Renamed(_HISTORY),
    ("config", "history", "clear"): Renamed(f"{_HISTORY} clear"),
    ("config", "history"): Renamed(_HISTORY),
    ("raw",): Renamed("rsspot api METHOD PATH --param NAME=VALUE --json BODY"),
}
"""By the words of the command; the longest match is used."""

OPTIONS: dict[tuple[str, ...], dict[str, str]] = {
    ("cloudspaces", "create"): {
        "--name": "rsspot cloudspaces create NAME --region REGION",
        "--kubernetes-version": "--kubernetes VERSION",
        "--ha-control-plane": "--ha",
        "--deployment-type": "Leave it out: there is only one value",
        "--cloud": "Leave it out: there is only one value",
        "--gpu-enabled": "Leave it out",
    },
    ("server-classes", "list"): {
        "--all": "rsspot classes lists all",
        "--only-available": "rsspot classes shows what is available",
    },
    ("pricing", "list"): {
        "--nodes": "rsspot plan --nodes N",
        "--max-cpu": "rsspot prices --min-cpu N",
        "--class": "rsspot prices --category NAME",
        "--gen": "rsspot prices --category NAME",
    },
}
"""Options that were removed, by the words of the command."""
