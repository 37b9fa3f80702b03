"""Secrets: keep them out of frames and messages, and read them from where they are stored.

Error reporters show the local variables of every frame. So a token is passed on as a `Secret`, and
a configuration error is raised without the frames that held the content of a file.
"""

from __future__ import annotations

from functools import cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from rsspot.errors import ConfigError
from rsspot.files.folders import expand
from rsspot.redaction.quoting import unknown_path
from rsspot.redaction.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "from_command",
    "from_file",
    "from_keyring",
    "hidden",
    "without_frames",
    "without_frames_of_init",
]

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound=type)

COMMAND_TIMEOUT = 60.0
"""Maximum seconds for a command, which may ask a person to unlock something."""


def hidden(value: Any) -> Any:
    """Return text as a `Secret`, and anything else unchanged."""
    return Secret(value) if isinstance(value, str) else value


def without_frames(function: Callable[P, T]) -> Callable[P, T]:
    """Raise each `ConfigError` of `function` from here, without the frames it passed through."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except ConfigError as error:
            failure = error
        except BaseException:
            del args, kwargs
            raise
        del args, kwargs
        failure.__context__ = failure.__cause__ = None
        raise failure.with_traceback(None)

    return call


def without_frames_of_init(cls: C) -> C:
    """Let the constructor of a class raise `ConfigError` without the frames it passed through."""
    constructor: Any = cls
    constructor.__init__ = without_frames(constructor.__init__)
    return cls


def from_file(path: str, source: str = "refresh_token_file") -> Callable[[], str]:
    """Return a function that returns the content of a file, without surrounding space.

    path: the file, which is read on the first call. source: where the path is set, for messages.
    Both raise `ConfigError`.
    """
    file = expand(path)

    @cache
    @without_frames
    def read() -> str:
        try:
            return _filled(file.read_text("utf-8"), f"The file {file}", "refresh_token_file")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not text in UTF-8"
        shown, quotable = unknown_path(file, source)
        raise ConfigError(
            f"The refresh token cannot be read from {quotable or f'the file {shown}'}: {reason}",
            path=quotable,
            key="refresh_token_file",
            hint="Give the path of the file that holds the token, not the token",
        )

    return read


def from_command(command: str | tuple[str, ...]) -> Callable[[], str]:
    """Return a function that returns the output of a command, without surrounding space.

    command: arguments, or a line with the quoting rules of the shell; no shell runs it. The
    function raises `ConfigError`.
    """

    @cache
    @without_frames
    def read() -> str:
        import shlex
        import subprocess

        try:
            done = subprocess.run(  # noqa: S603 - the user's own command
                shlex.split(command) if isinstance(command, str) else command,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
                timeout=COMMAND_TIMEOUT,
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
    """Return a function that returns an entry of the system keyring.

    entry: ``service/user``, or a user of the service ``rsspot``. The function raises `ConfigError`.
    """

    @cache
    @without_frames
    def read() -> str:
        try:
            import keyring
            import keyring.errors
        except ImportError:
            raise ConfigError(
                "refresh_token_keyring needs the extra `keyring`",
                key="refresh_token_keyring",
                hint="Run: pip install 'rsspot[keyring]'",
            ) from None
        service, _, user = entry.rpartition("/")
        try:
            found = keyring.get_password(service or "rsspot", user)
        except keyring.errors.KeyringError as error:
            raise ConfigError(
                f"The keyring cannot be read: {type(error).__name__}", key="refresh_token_keyring"
            ) from None
        return _filled(found or "", f"The keyring entry {_entry(entry)}", "refresh_token_keyring")

    return read


def _entry(entry: str) -> str:
    from rsspot.redaction.quoting import quoted_key

    return "/".join(map(quoted_key, entry.split("/"))) if "/" in entry else "of that user"


def _filled(text: str, what: str, key: str) -> str:
    if not text.strip():
        raise ConfigError(f"{what} is empty", key=key)
    return text.strip()
