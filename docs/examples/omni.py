#!/usr/bin/env python3
"""All three steps of `rsspot registrations run` for Sidero Omni, with omnictl and talosctl.

A VM has to run Talos in maintenance mode, at an address that this host reaches. The configuration
of omnictl is the usual one: OMNI_ENDPOINT and OMNI_SERVICE_ACCOUNT_KEY, or `omnictl config`.
OMNI_SIDEROLINK_URL is the address that machines join, such as https://example.omni.siderolabs.io.
"""

import ipaddress
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

TRY_AGAIN, PERMANENT = 75, 65
LIFETIME = timedelta(hours=2)
LEFT = timedelta(minutes=30)


def main() -> None:
    """Read a step, do it, and print what came of it."""
    step = json.load(sys.stdin)
    answer = {"issue_token": issue_token, "submit": submit, "verify": verify}[step["step"]](step)
    json.dump(answer, sys.stdout)


def issue_token(step: dict[str, Any]) -> dict[str, Any]:
    """Find the token of an earlier attempt by its name, or create one."""
    name = f"spot-{step['idempotency_key'][:24]}"
    for line in call("omnictl", "jointoken", "list").splitlines()[1:]:
        token, known, state = line.split()[:3]
        if known == name and state == "ACTIVE" and time_left(line) > LEFT:
            return {"id": name, "text": token, "expires_at": expiry(line).isoformat()}
    expires_at = datetime.now(UTC) + LIFETIME
    seconds = f"{LIFETIME.total_seconds():.0f}s"
    token = call("omnictl", "jointoken", "create", name, "--ttl", seconds).strip()
    # In Omni the id of a token is the token. What rsspot keeps is its name.
    return {"id": name, "text": token, "expires_at": expires_at.isoformat()}


def submit(step: dict[str, Any]) -> dict[str, Any]:
    """Tell the machine where to join; the token goes through stdin, as it came."""
    address = step["record"]["address"]
    if not address:
        fail("the VM has no address yet", TRY_AGAIN)
    ipaddress.ip_address(address)  # no option of talosctl, whatever the list says
    base = os.environ.get("OMNI_SIDEROLINK_URL") or fail("OMNI_SIDEROLINK_URL is not set")
    config = (
        "apiVersion: v1alpha1\nkind: SideroLinkConfig\n"
        f"apiUrl: {base}?jointoken={step['token']['text']}\n"
    )
    arguments = ["apply-config", "--insecure", "--nodes", address, "--file", "/dev/stdin"]
    call("talosctl", *arguments, data=config)
    return {"joins": base}


def verify(step: dict[str, Any]) -> dict[str, Any]:
    """Look for a machine with this address; what is not there yet is asked for again."""
    machines = objects(call("omnictl", "get", "machinestatus", "--output", "json"))
    networks: list[dict[str, Any]] = [machine["spec"].get("network") or {} for machine in machines]
    known = {each.split("/")[0] for network in networks for each in network.get("addresses") or ()}
    if step["record"]["address"] not in known:
        fail("Omni does not know the machine yet", TRY_AGAIN)
    return {}


def call(*command: str, data: str = "") -> str:
    """Run a program and return what it prints; if it fails, so does this step, for now."""
    done = subprocess.run(command, input=data, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if done.returncode:
        fail(f"{command[0]}: {done.stderr.strip()}", TRY_AGAIN)
    return done.stdout


def objects(text: str) -> list[Any]:
    """Read JSON objects that follow each other, as omnictl prints them."""
    found: list[Any] = []
    decoder, text = json.JSONDecoder(), text.strip()
    while text:
        item, end = decoder.raw_decode(text)
        found += item if isinstance(item, list) else [item]
        text = text[end:].strip()
    return found


def expiry(line: str) -> datetime:
    """Read the time in a line of `omnictl jointoken list`: 2030-01-31 12:00:00 +0000 UTC."""
    day, time = line.split()[3:5]
    return datetime.fromisoformat(f"{day}T{time[:8]}+00:00")


def time_left(line: str) -> timedelta:
    """Return how long the token in a line is valid."""
    if line.split()[3] == "never":
        return timedelta(0)  # not one of ours
    return expiry(line) - datetime.now(UTC)


def fail(reason: str, status: int = PERMANENT) -> NoReturn:
    """End this step; rsspot keeps the reason."""
    sys.stderr.write(f"{reason}\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
