"""Convert the content of a file into typed objects; errors name file, line, key and fix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, fields, frozen
from cattrs.errors import BaseValidationError

from rsspot.config.conversion import convert, problems_of
from rsspot.config.profile import ProfileConfig, SDKConfig
from rsspot.config.secrets import without_frames
from rsspot.errors import ConfigError
from rsspot.redaction.quoting import quoted_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.config.conversion import Keys

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
    try:
        config: SDKConfig = convert(data, SDKConfig)
    except BaseValidationError as error:
        found = [
            _Problem(line_of(keys), original(keys), problem, hint)
            for keys, problem, hint in problems_of(error, _advise)
        ]
        raise _refusal(path, found) from None
    except RecursionError:
        raise ConfigError(f"{path} is nested too deeply", path=path, hint="Correct it") from None
    return evolve(config, path=path)


@frozen
class _Problem:
    line: int | None
    keys: Keys
    problem: str
    hint: str | None

    def __str__(self) -> str:
        return f"{quoted_keys(self.keys)}: {self.problem}" if self.keys else self.problem


def _refusal(path: str, problems: list[_Problem]) -> ConfigError:
    problems = sorted(problems, key=lambda each: each.line or 0)
    first = problems[0]
    key = quoted_keys(first.keys) or None
    if len(problems) == 1:
        place = f"{path}, line {first.line}" if first.line else path
        return ConfigError(f"{place}: {first}", path=path, key=key, hint=first.hint)
    lines = [
        f"{f'line {each.line}: ' if each.line else ''}{each}"
        + (f". {each.hint}" if each.hint else "")
        for each in problems[:SHOWN]
    ]
    if len(problems) > SHOWN:
        lines.append(f"and {len(problems) - SHOWN} more")
    text = "\n".join((f"{path} has {len(problems)} problems:", *lines))
    return ConfigError(text, path=path, key=key, hint="Correct them all there")


def _advise(unknown: str, model: Any) -> str | None:
    if model is SDKConfig and unknown in {item.name for item in fields(ProfileConfig)}:
        return f"Write it below `profiles:` and the name of a profile, as {unknown} there"
    return None
