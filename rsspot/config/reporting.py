"""Warn about environment variables that have no effect, once for each variable."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from rsspot.config.options import FIRST_OF
from rsspot.redaction.quoting import quoted_name
from rsspot.renamed.variables import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["report_ignored", "report_overruled"]

_reported: set[str] = set()


def report_ignored(environ: Mapping[str, str], used: Collection[str]) -> None:
    """Warn about variables of other tools that are set, and that rsspot does not read.

    environ: the environment. used: the options that it sets by variables that are read.
    """
    for variable in VARIABLES.keys() & environ.keys():
        option, instead = VARIABLES[variable]
        if environ[variable] and option not in used:
            _warn(f"{variable} is set, and rsspot does not read it. Set {instead}")


def report_overruled(
    profile: str | None,
    source: str,
    *,
    said: Mapping[str, Any],
    by_profile: Mapping[str, Any],
    variables: Mapping[str, str],
    sources: Mapping[str, str],
) -> None:
    """Warn about variables that have no effect, since a profile was chosen in the program.

    profile: its name. source: what chose it. said: the options that the environment sets.
    by_profile: the options that the profile sets. variables: the variable of each option. sources:
    the source of each option.
    """
    joined = {name: group for group in FIRST_OF for name in group}
    for name, variable in variables.items():
        keys = [key for key in joined.get(name, (name,)) if sources.get(key) == "profile"]
        same = name in keys and said.get(name) == by_profile.get(name)
        if keys and name != "profile" and not same:
            chosen = "an argument" if source == "argument" else "use_profile"
            _warn(
                f"{variable} is ignored: profile {quoted_name(profile)}, chosen by {chosen}, "
                f"sets {keys[0]}. Leave the profile out, or pass {name}= too"
            )


def _warn(text: str) -> None:
    if text not in _reported:
        _reported.add(text)
        warnings.warn(text, RuntimeWarning, stacklevel=5)
