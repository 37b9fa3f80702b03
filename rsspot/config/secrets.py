"""Refresh tokens that are kept elsewhere: in a file, behind a command, in the key ring.

Each gives a function that is called when the token is first needed. No error tells the token.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rsspot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["from_command", "from_file", "from_keyring"]

PATIENCE = 60.0
"""Seconds that a command may take: it may ask a person to unlock something."""


def from_file(path: str) -> Callable[[], str]:
    """The contents of a file, without the space around it."""
    file = Path(path).expanduser()

    @cache
    def read() -> str:
        try:
            return _filled(file.read_text("utf-8"), f"The file {file}", "refresh_token_file")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not text in UTF-8"
            raise ConfigError(
                f"The refresh token cannot be read from {file}: {reason}",
                path=str(file),
                key="refresh_token_file",
            ) from None

    return read


def from_command(command: str | tuple[str, ...]) -> Callable[[], str]:
    """What a command prints, without the space around it. No shell runs it."""

    @cache
    def read() -> str:
        import shlex
        import subprocess

        try:
            done = subprocess.run(  # noqa: S603 - the user's own command
                shlex.split(command) if isinstance(command, str) else command,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
                timeout=PATIENCE,
            )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise ConfigError(
                f"The command of refresh_token_command failed: {type(error).__name__}",
                key="refresh_token_command",
                hint="Run it by hand to see why",
            ) from None
        return _filled(done.stdout, "The command of refresh_token_command", "refresh_token_command")

    return read


def from_keyring(entry: str) -> Callable[[], str]:
    """What the system's key ring holds for ``service/user``, or a user of ``rsspot``."""

    @cache
    def read() -> str:
        try:
            import keyring
            import keyring.errors
        except ImportError:
            raise ConfigError(
                "refresh_token_keyring needs the extra `keyring`",
                key="refresh_token_keyring",
                hint="pip install rsspot[keyring]",
            ) from None
        service, _, user = entry.rpartition("/")
        try:
            found = keyring.get_password(service or "rsspot", user)
        except keyring.errors.KeyringError as error:
            raise ConfigError(
                f"The key ring cannot be read: {type(error).__name__}", key="refresh_token_keyring"
            ) from None
        return _filled(found or "", f"The key ring entry {entry}", "refresh_token_keyring")

    return read


def _filled(text: str, what: str, key: str) -> str:
    if not text.strip():
        raise ConfigError(f"{what} is empty", key=key)
    return text.strip()
