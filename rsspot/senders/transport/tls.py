"""The TLS context of a client: the shared one, or one with the options of the caller."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsspot.errors import ConfigError
from rsspot.flow.forks import reset_in_child

if TYPE_CHECKING:
    import ssl
    from collections.abc import Generator

__all__ = ["tls_context"]

VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
"""Variables that httpx and `ssl` read; the first takes precedence over the second."""


def tls_context(verify: Any = True, cert: Any = None, *, trust_env: bool = True) -> ssl.SSLContext:  # noqa: FBT002 - the name and default that httpx has
    """Return a TLS context for httpx's arguments of the same names. Raises `ConfigError`."""
    if verify is True and cert is None:
        return _shared.get(trust_env=trust_env)
    context = _own_context(verify, trust_env=trust_env)
    if cert is not None:
        with _reading("cert", "a certificate with its key, in PEM"):
            context.load_cert_chain(*((cert,) if isinstance(cert, str) else cert))
    return context


def _own_context(verify: Any, *, trust_env: bool) -> ssl.SSLContext:
    """Return a context that is not shared, with a CA file or folder of the caller.

    httpx still accepts both, with a deprecation warning.
    """
    import ssl

    if isinstance(verify, str):
        with _reading("verify", "a file or folder of CA certificates in PEM"):
            folder = Path(verify).is_dir()
            return ssl.create_default_context(
                cafile=None if folder else verify, capath=verify if folder else None
            )
    if isinstance(verify, ssl.SSLContext):
        return verify
    if not verify:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    return _of_environment() if trust_env else _usual()


def _usual() -> ssl.SSLContext:
    """Return a context that trusts the certificates of certifi, like that of httpx."""
    import ssl

    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def _of_environment() -> ssl.SSLContext:
    import ssl

    if keys := os.environ.get("SSLKEYLOGFILE"):
        with _reading("SSLKEYLOGFILE", "a file that can be written"):
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).keylog_filename = keys
    for name in VARIABLES[:2]:
        if os.environ.get(name):
            with _reading(name, "CA certificates in PEM"):
                if name == "SSL_CERT_DIR":
                    if not Path(os.environ[name]).is_dir():
                        raise NotADirectoryError
                    return ssl.create_default_context(capath=os.environ[name])
                return ssl.create_default_context(cafile=os.environ[name])
    return _usual()


@contextmanager
def _reading(source: str, what: str) -> Generator[None]:
    try:
        yield
    except (OSError, TypeError, ValueError) as error:
        missing = isinstance(error, FileNotFoundError)
        raise ConfigError(
            f"{source} does not name {what}" + (": there is no such file" if missing else ""),
            key=source,
            hint="Correct it, or unset it" if source in VARIABLES else "Check the path",
        ) from None


class _SharedContexts:
    """The TLS contexts of the process, which take nearly all the time of creating a client."""

    def __init__(self) -> None:
        self._made: dict[tuple[str | None, ...], ssl.SSLContext] = {}
        self.after_fork()
        reset_in_child(self)

    def after_fork(self) -> None:
        """Replace the lock by a new one, which nobody holds."""
        self._guard = threading.Lock()

    def get(self, *, trust_env: bool) -> ssl.SSLContext:
        """Return the context for the current environment, which is created on first use."""
        key = tuple(os.environ.get(name) for name in VARIABLES) if trust_env else ()
        with self._guard:
            if key not in self._made:
                self._made[key] = _of_environment() if trust_env else _usual()
            return self._made[key]


_shared = _SharedContexts()
