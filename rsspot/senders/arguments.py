"""The arguments of an httpx client: checked early, completed late."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsspot.errors import ConfigError
from rsspot.forks import reset_in_child

if TYPE_CHECKING:
    import ssl
    from collections.abc import Generator

    import httpx

__all__ = [
    "CLIENT_ARGUMENTS",
    "check_arguments",
    "client_arguments",
    "fast_client_class",
    "making",
    "pooled",
]

CLIENT_ARGUMENTS = frozenset(
    {
        "auth", "base_url", "cert", "cookies", "default_encoding", "event_hooks",
        "follow_redirects", "headers", "http1", "http2", "limits", "max_redirects", "mounts",
        "params", "proxies", "proxy", "timeout", "transport", "trust_env", "verify",
    }
)  # fmt: skip
"""What `httpx.Client` takes, and the older `proxies`. A wrong name fails when the sender is made,
though httpx is not imported before the first request; a test compares this with httpx."""


def check_arguments(owner: str, arguments: dict[str, Any]) -> None:
    """Refuse a name that httpx does not know. Raises `TypeError`; `ConfigError` without HTTP/2."""
    unknown = sorted(arguments.keys() - CLIENT_ARGUMENTS)
    if unknown:
        raise TypeError(f"{owner} takes what httpx.Client takes, not {', '.join(unknown)}")
    if arguments.get("http2"):
        from importlib.util import find_spec

        if find_spec("h2") is None:
            raise ConfigError(
                "HTTP/2 needs the package h2, which is not installed",
                key="http2",
                hint="pip install 'httpx[http2]'",
            )


@contextmanager
def making(owner: object) -> Generator[None]:
    """What httpx says of arguments that it cannot use, as a `ConfigError`."""
    try:
        yield
    except (ImportError, OSError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{owner!r} cannot make its HTTP client: {error}",
            hint="Check verify, cert, proxy and the other arguments for httpx",
        ) from error


def client_arguments(
    arguments: dict[str, Any], transport: Any, limits: httpx.Limits
) -> dict[str, Any]:
    """`arguments` with our limits, the shared TLS context, and mounts for the older `proxies`."""
    prepared: dict[str, Any] = {"limits": limits, **arguments}
    verify, cert = prepared.get("verify", True), prepared.pop("cert", None)
    if cert is not None or isinstance(verify, str):
        prepared["verify"] = _own_context(verify, cert)
    elif verify is True and "transport" not in prepared:
        prepared["verify"] = _shared.get()
    proxies: dict[str, str | None] = prepared.pop("proxies", None) or {}
    if proxies:
        prepared["mounts"] = {
            (scheme if "://" in scheme else f"{scheme}://"): transport(proxy=proxy)
            for scheme, proxy in proxies.items()
        } | prepared.get("mounts", {})
    return prepared


NOT_FAST = frozenset({"transport", "mounts", "proxies", "http2"})
"""Arguments that the fast transport cannot honour."""


def fast_client_class(arguments: dict[str, Any]) -> type[httpx.AsyncClient] | None:
    """The client class of the extra `fast`, where it is installed and can do what is asked."""
    if NOT_FAST & arguments.keys():
        return None
    try:
        from rsspot.senders.fast import FastClient
    except ImportError:
        return None
    return FastClient


def pooled(arguments: dict[str, Any]) -> dict[str, Any]:
    """`arguments` with a transport of several small pools, where nothing asks for another one.

    httpx minds the proxies of the environment only while it makes the transport itself.
    """
    from urllib.request import getproxies

    special = NOT_FAST | {"proxy", "http1"}
    if special & arguments.keys() or (arguments.get("trust_env", True) and getproxies()):
        return arguments
    from rsspot.senders.pools import Pools

    rest = {key: value for key, value in arguments.items() if key != "verify"}
    transport = Pools(limits=arguments["limits"], verify=arguments.get("verify", True))
    return {**rest, "transport": transport}


def _own_context(verify: Any, cert: Any) -> ssl.SSLContext:
    """A TLS context with a CA file or folder, or a certificate, of the caller's own.

    httpx still takes both, and warns of it.
    """
    import ssl

    import httpx

    if isinstance(verify, str):
        folder = Path(verify).is_dir()
        context = ssl.create_default_context(
            cafile=None if folder else verify, capath=verify if folder else None
        )
    else:
        context = verify if isinstance(verify, ssl.SSLContext) else httpx.create_ssl_context(verify)
    if cert is not None:
        context.load_cert_chain(*((cert,) if isinstance(cert, str) else cert))
    return context


class _SharedContext:
    """The TLS context of the process: nearly all the time of a new httpx client goes into it."""

    def __init__(self) -> None:
        self._made: ssl.SSLContext | None = None
        self.after_fork()
        reset_in_child(self)

    def after_fork(self) -> None:
        """Have a lock that nobody holds."""
        self._guard = threading.Lock()

    def get(self) -> ssl.SSLContext:
        """The context, made when it is first asked for."""
        with self._guard:
            if self._made is None:
                import httpx

                self._made = httpx.create_ssl_context()
            return self._made


_shared = _SharedContext()
