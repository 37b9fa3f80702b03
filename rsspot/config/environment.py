"""Read options from environment variables."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from rsspot.config.kinds import FLAG
from rsspot.config.options import BY_NAME, TOKENS, VARIABLES
from rsspot.config.places import VARIABLES as FILES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["digest", "read_environment", "read_flag"]


def read_environment(environ: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the options that the environment sets, and the variable of each.

    Tokens are returned as `Secret`. An empty variable sets nothing; an empty token is kept, and
    refused later, since nobody sets one on purpose. Raises `ConfigError`.
    """
    values: dict[str, Any] = {}
    variables: dict[str, str] = {}
    for name, known in VARIABLES.items():
        for variable in known:
            text = environ.get(variable)
            if text or (text is not None and name in TOKENS):
                values[name] = BY_NAME[name].kind.read(variable, text)
                variables[name] = variable
                break
    return values, variables


def read_flag(environ: Mapping[str, str], name: str) -> bool | None:
    """Return the value of a flag in the environment, or None if it is not set there.

    environ: the environment. name: the option. Raises `ConfigError`.
    """
    variable = next((known for known in VARIABLES[name] if environ.get(known)), None)
    return None if variable is None else FLAG.read(variable, environ[variable])


def digest(environ: Mapping[str, str]) -> str:
    """Return a text that differs when a variable that rsspot reads does, and shows no token.

    Reporters of errors show the locals of frames, so nothing keeps the values themselves.
    """
    names = (*(name for known in VARIABLES.values() for name in known), *FILES)
    return sha256(
        repr([environ.get(name) for name in names]).encode("utf-8", "surrogatepass")
    ).hexdigest()
