"""The examples at the end of each command's help, by the words of the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EXAMPLES"]

MEDIUM = "gp.vs2.medium-dfw2"
DFW = "us-central-dfw-2"

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "": ("rsspot prices --max-price 0.05", "rsspot doctor", "rsspot sandbox -- rsspot regions"),
    "regions": ("rsspot regions", "rsspot regions -o name"),
    "classes": (f"rsspot classes --region {DFW} --sort=-memory", f"rsspot classes {MEDIUM}"),
    "prices": (
        f"rsspot prices --region {DFW} --max-price 0.05",
        "rsspot prices --min-memory 8GB -o csv --columns class,now",
    ),
    "prices history": (
        f"rsspot prices history {MEDIUM} --since 7d",
        f"rsspot prices history {MEDIUM} gp.vs1.large-dfw2 --bid 0.06 --svg prices.svg",
        f"rsspot prices history {MEDIUM} --list -o csv",
    ),
    "prices percentiles": (f"rsspot prices percentiles --region {DFW}",),
    "prices elsewhere": (f"rsspot prices elsewhere --region {DFW}",),
    "bid": (
        f"rsspot bid {MEDIUM}",
        f"rsspot bid {MEDIUM} --percentile 95 --margin 0.1",
        f"rsspot bid {MEDIUM} --backtest 30d",
    ),
    "cloudspaces": ("rsspot cloudspaces list",),
    "cloudspaces list": ("rsspot cloudspaces list", "rsspot cloudspaces list -o name"),
    "cloudspaces get": ("rsspot cloudspaces get demo",),
    "cloudspaces create": (f"rsspot cloudspaces create demo --region {DFW} --wait",),
    "cloudspaces update": ("rsspot cloudspaces update demo --webhook https://example.com/hook",),
    "cloudspaces wait": ("rsspot cloudspaces wait demo --timeout 20m",),
    "cloudspaces kubeconfig": (
        "rsspot cloudspaces kubeconfig demo",
        "rsspot cloudspaces kubeconfig demo --to -",
    ),
    "cloudspaces delete": (
        "rsspot cloudspaces delete demo --cascade",
        "rsspot cloudspaces delete one two --keep-pools --yes",
    ),
    "pools": ("rsspot pools list --cloudspace demo",),
    "pools list": (
        "rsspot pools list --cloudspace demo",
        "rsspot pools list --kind spot --sort=-bid -o wide",
    ),
    "pools get": ("rsspot pools get 450c4a53", "rsspot pools get workers"),
    "pools create": (f"rsspot pools create spot demo --class {MEDIUM} --percentile 80",),
    "pools create spot": (
        f"rsspot pools create spot demo --class {MEDIUM} --bid 0.05 --count 3 --key workers",
        f"rsspot pools create spot demo --class {MEDIUM} --percentile 80 --min 1 --max 5",
    ),
    "pools create ondemand": (f"rsspot pools create ondemand demo --class {MEDIUM} --count 2",),
    "pools create autopilot": ("rsspot pools create autopilot demo --vcpus 8 --budget 0.25",),
    "pools scale": ("rsspot pools scale workers 5 --wait", "rsspot pools scale 450c4a53 --max 9"),
    "pools bid": ("rsspot pools bid workers 0.08",),
    "pools label": ("rsspot pools label workers tier=web team-",),
    "pools taint": ("rsspot pools taint workers spot=true:NoSchedule old:NoExecute-",),
    "pools wait": ("rsspot pools wait workers --timeout 30m",),
    "pools delete": ("rsspot pools delete workers", "rsspot pools delete 450c4a53 84fddbd9 --yes"),
    "vms": ("rsspot vms list",),
    "vms list": ("rsspot vms list",),
    "vms get": ("rsspot vms get box",),
    "vms create": (f"rsspot vms create box --region {DFW} --ssh-key laptop --wait",),
    "vms wait": ("rsspot vms wait box --timeout 20m",),
    "vms delete": ("rsspot vms delete box --cascade",),
    "vms pools": ("rsspot vms pools list box",),
    "vms pools list": ("rsspot vms pools list box",),
    "vms pools create": (
        f"rsspot vms pools create box --class {MEDIUM} --bid 0.05 --count 2 --wait",
    ),
    "vms pools wait": ("rsspot vms pools wait 450c4a53 --timeout 30m",),
    "vms pools scale": ("rsspot vms pools scale 450c4a53 3",),
    "vms pools bid": ("rsspot vms pools bid 450c4a53 0.06",),
    "vms pools delete": ("rsspot vms pools delete 450c4a53",),
    "vms keys": ("rsspot vms keys list",),
    "vms keys list": ("rsspot vms keys list",),
    "vms keys add": ("rsspot vms keys add laptop ~/.ssh/id_ed25519.pub",),
    "vms keys delete": ("rsspot vms keys delete laptop",),
    "servers": ("rsspot servers demo", "rsspot servers -o csv --columns name,address"),
    "events": ("rsspot events --limit 10", "rsspot events --follow -o json"),
    "cost": ("rsspot cost", "rsspot cost demo -o json"),
    "plan": (
        "rsspot plan --cpus 32 --memory 128GB --availability 0.99",
        "rsspot plan --nodes 6 --cpus 24 --budget 0.5/h --strategy balanced",
        "rsspot plan --cpus 32 --pools 2..4 --cloudspace demo --apply",
    ),
    "top": ("rsspot top demo --interval 1m", "rsspot top --once -o json"),
    "registrations": (
        "rsspot registrations run --target omni --issue-token ./issue --submit ./submit",
        "rsspot registrations list --status failed",
    ),
    "registrations list": ("rsspot registrations list --status failed",),
    "registrations show": ("rsspot registrations show KEY",),
    "registrations summary": ("rsspot registrations summary --target omni",),
    "registrations run": (
        "rsspot registrations run --target omni --issue-token ./issue --submit ./submit",
    ),
    "registrations retry": ("rsspot registrations retry --all",),
    "registrations skip": ("rsspot registrations skip KEY --reason 'wrong image'",),
    "registrations reopen": ("rsspot registrations reopen KEY --reason 'rebuilt'",),
    "registrations export": ("rsspot registrations export records.jsonl",),
    "registrations import": ("rsspot registrations import records.jsonl --dry-run",),
    "webhook": ("rsspot webhook listen --port 8080",),
    "webhook listen": (
        "rsspot webhook listen --port 8080 -o json",
        "rsspot webhook listen --host 0.0.0.0 -- ./drain",
    ),
    "apply": ("rsspot apply -f demo.yaml --dry-run", "rsspot apply -f demo.yaml --yes"),
    "orgs": ("rsspot orgs",),
    "login": ("rsspot login --profile work", "pass show spot/token | rsspot login"),
    "whoami": ("rsspot whoami",),
    "token": ('curl -H "Authorization: Bearer $(rsspot token)" …',),
    "doctor": ("rsspot doctor", "rsspot doctor -o json"),
    "config": ("rsspot config show",),
    "config show": ("rsspot config show", "rsspot config show --profile work"),
    "config path": ("rsspot config path",),
    "config profiles": ("rsspot config profiles",),
    "config use": ("rsspot config use work",),
    "config add": (
        f"rsspot config add work --org acme --region {DFW} --token-command 'pass show spot/token'",
    ),
    "config set-default-org": ("rsspot config set-default-org acme",),
    "config set-default-region": (f"rsspot config set-default-region {DFW}",),
    "config migrate": ("rsspot config migrate",),
    "history": ("rsspot history list",),
    "history list": ("rsspot history list --limit 20",),
    "history clear": ("rsspot history clear --yes",),
    "history on": ("rsspot history on",),
    "history off": ("rsspot history off",),
    "cache": ("rsspot cache stats",),
    "cache stats": ("rsspot cache stats",),
    "cache clear": ("rsspot cache clear",),
    "state": ("rsspot state check",),
    "state check": ("rsspot state check",),
    "state forget": ("rsspot state forget --older-than 90d",),
    "state migrate": ("rsspot state migrate",),
    "state import-legacy": ("rsspot state import-legacy --dry-run",),
    "sandbox": (
        "rsspot sandbox --port 0 --speed 60",
        "rsspot sandbox -- rsspot cloudspaces list",
        'eval "$(rsspot sandbox --env)"',
    ),
    "api": (
        "rsspot api GET /apis/ngpc.rxt.io/v1/regions",
        "rsspot api GET /apis/ngpc.rxt.io/v1/namespaces/{namespace}/cloudspaces -o yaml",
    ),
    "api-diff": ("rsspot api-diff published.json",),
}
