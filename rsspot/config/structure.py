"""Convert the content of a file into typed objects; errors name file, line, key and fix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.config.conversion import convert
from rsspot.config.profile import ProfileConfig, SDKConfig
from rsspot.config.secrets import without_frames
from rsspot.errors import ConfigError
from rsspot.redaction.quoting import quoted_keys
from rsspot.values import evolve, fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.config.conversion import Keys, Problem

__all__ = ["structure"]

SHOWN = 20
"""Maximum problems in one message."""


@without_frames
def structure(
    data: Any,
    path: str,
    line_of: Callable[[Keys], int | None],
    *,
    original: Callable[[Keys], Keys] = lambda keys: keys,
) -> SDKConfig:
    """Return the configuration in `data`.

    line_of: returns the line of a path of keys, or None. original: returns the name of a path of
    keys in the file.

    Raises `ConfigError` with all problems of the file.
    """
    config: SDKConfig
    config, problems = convert(data, SDKConfig, _advise)
    if problems:
        raise _refusal(path, [(line_of(each.keys), original(each.keys), each) for each in problems])
    return evolve(config, path=path)


def _refusal(path: str, problems: list[tuple[int | None, Keys, Problem]]) -> ConfigError:
    problems = sorted(problems, key=lambda each: each[0] or 0)
    line, keys, problem = problems[0]
    key = quoted_keys(keys) or None
    if len(problems) == 1:
        place = f"{path}, line {line}" if line else path
        text = f"{place}: {_text(keys, problem)}"
        return ConfigError(text, path=path, key=key, hint=problem.hint)
    lines = [
        f"{f'line {line}: ' if line else ''}{_text(keys, problem)}"
        + (f". {problem.hint}" if problem.hint else "")
        for line, keys, problem in problems[:SHOWN]
    ]
    if len(problems) > SHOWN:
        lines.append(f"and {len(problems) - SHOWN} more")
    text = "\n".join((f"{path} has {len(problems)} problems:", *lines))
    return ConfigError(text, path=path, key=key, hint="Correct them all there")


def _text(keys: Keys, problem: Problem) -> str:
    return f"{quoted_keys(keys)}: {problem.text}" if keys else problem.text


def _advise(unknown: str, model: Any) -> str | None:
    if model is SDKConfig and unknown in {item.name for item in fields(ProfileConfig)}:
        return f"Write it below `profiles:` and the name of a profile, as {unknown} there"
    return None
