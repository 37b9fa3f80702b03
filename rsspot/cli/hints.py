"""Rewrite hints of the SDK for the terminal: commands and options instead of Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["for_terminal"]

_REWRITES: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (
            r"pricing\.list\(region='([^']*)'\) lists its classes",
            r"`rsspot classes --region \1` lists its classes",
        ),
        (r"Name other regions; `client\.regions\.list\(\)` has them", "See `rsspot regions`"),
        (r"Pass region=, or set a default one; `regions\.list\(\)` lists them", "Pass --region"),
        (r"Pass allow_above_on_demand=True", "Pass --allow-above-on-demand"),
        (
            r"Pass cpus=(\d+), memory=\"(\w+)\" or nodes=(\d+)",
            r"Pass --cpus \1, --memory \2 or --nodes \3",
        ),
        (r"Plan with regions=\['([^']*)'\]", r"Plan with --region \1"),
        (
            r"Use build=True to make one from the endpoint and the access token",
            "Download it in the web console",
        ),
        (r"Pass confirm='[^']*' if", "Confirm it if"),
        (r"Read its JSON with to_dict\(\)", "Show it with -o json"),
        (r", or pass state=\":memory:\"", ""),
        (r"Call signal\.signal\(.*\) first", "Run it where SIGCHLD is not ignored"),
        (r" or pass allow_foreign_owner=True", ""),
        (r"Pass refresh_token=, set ", "Set "),
        (r"; set_default_profile\(None\) deletes it", "; `rsspot config use` chooses one"),
        (r"Create it when `wait_until_deleted` has returned", "Create it when it is gone"),
        (r"Pass what `client\.inventory\.list_vmcloudspaces\(\)` returns", "See `rsspot vms list`"),
        (r"Allowed from this status: Reopened$", "Use `rsspot registrations reopen` first"),
        (
            r"Allowed from this status: Skipped, Retried$",
            "Use `rsspot registrations retry` or `skip`",
        ),
        (r"Allowed from this status: .*Skipped$", "Use `skip`, or wait for the next run"),
        (r"Allowed from this status: .*", "Wait for the next run"),
        (r" \(timeout=None waits without end\)", ""),
        (r"`(\w+)=(\w+)`", r"--\1 \2"),
    )
)


def for_terminal(hint: str) -> str:
    """Return a hint of the SDK with commands and options in place of Python calls."""
    for pattern, text in _REWRITES:
        hint = pattern.sub(text, hint)
    return hint
