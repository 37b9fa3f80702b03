"""The arguments of an httpx client: checked at once, completed when the client is created."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from rsspot.errors import ConfigError
from rsspot.senders.transport.tls import tls_context

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Generator

    import httpx

__all__ = [
    "CLIENT_ARGUMENTS",
    "UnknownOption",
    "async_client",
    "check_arguments",
    "client_arguments",
    "client_errors",
    "needs_client",
    "sync_client",
]

CLIENT_ARGUMENTS = frozenset(
    {
        "auth", "base_url", "cert", "cookies", "default_encoding", "event_hooks",
        "follow_redirects", "headers", "http1", "http2", "limits", "max_redirects", "mounts",
        "params", "proxies", "proxy", "timeout", "transport", "trust_env", "verify",
    }
)  # fmt: skip
"""The arguments of `httpx.Client`, and the legacy `proxies`. A wrong name fails when the sender is
created, although httpx is imported only for the first request; a test compares this with httpx."""


class UnknownOption(TypeError):
    """An argument that `httpx.Client` does not have."""


def check_arguments(owner: str, arguments: dict[str, Any]) -> None:
    """Refuse a name that httpx does not know. Raises `TypeError`; `ConfigError` without HTTP/2."""
    unknown = sorted(map(str, arguments.keys() - CLIENT_ARGUMENTS))
    if unknown:
        raise UnknownOption(
            f"{owner} takes the arguments of httpx.Client, not {', '.join(unknown)}"
        )
    if arguments.get("http2"):
        from importlib.util import find_spec

        if find_spec("h2") is None:
            raise ConfigError(
                "HTTP/2 needs the package h2, which is not installed",
                key="http2",
                hint="Run: pip install 'httpx[http2]'",
            )


OF_CLIENT = ("auth", "base_url", "cookies", "event_hooks", "follow_redirects", "params")
"""Arguments that affect a request before and after a transport sends it."""


def needs_client(arguments: dict[str, Any]) -> bool:
    """Return whether a request needs the client, or can be sent by its transport alone."""
    given = (arguments.get(name) for name in OF_CLIENT)
    return any(value is not None and value is not False for value in given)


@contextmanager
def client_errors() -> Generator[None]:
    """Turn errors of httpx about its arguments into a `ConfigError`."""
    failed = "rsspot cannot create its HTTP client: "
    try:
        yield
    except ConfigError as error:
        raise ConfigError(failed + error.message, key=error.key, hint=error.hint) from None
    except ImportError as error:
        raise ConfigError(
            f"{failed}the package {error.name or 'that it needs'} is missing",
            hint="Install httpx with the extra that the argument needs",
        ) from None
    except (OSError, AttributeError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{failed}one of its arguments has a value that httpx cannot use "
            f"({type(error).__name__})",
            hint="Check their types and values in httpx's documentation of httpx.Client",
        ) from None


TRANSPORT_ARGUMENTS = frozenset(
    {"cert", "http1", "http2", "limits", "mounts", "proxies", "proxy", "transport", "verify"}
)
"""Arguments of the transport; the others are for the client itself."""


CONNECTIONS = 100
"""Connections that a client keeps; `make bench` measures this choice."""


def sync_client(arguments: dict[str, Any]) -> httpx.Client:
    """Return an httpx client with our transports. Raises `ConfigError`."""
    import httpx

    from rsspot.senders.transport.transports import sync_transport

    with client_errors():
        return httpx.Client(**client_arguments(arguments, sync_transport))


def async_client(arguments: dict[str, Any]) -> httpx.AsyncClient:
    """Return an async httpx client with our transports. Raises `ConfigError`."""
    import httpx

    from rsspot.senders.transport.transports import async_transport

    with client_errors():
        return httpx.AsyncClient(**client_arguments(arguments, async_transport))


def client_arguments(arguments: dict[str, Any], make: Callable[..., Any]) -> dict[str, Any]:
    """Return the arguments for an httpx client: transports from `make`, and no cookies by default.

    A request uses the same transport as in httpx: a mount, else the proxy that was passed, else the
    proxies of the environment, if no transport was passed.
    """
    transport, proxy = arguments.get("transport"), arguments.get("proxy")
    trust_env = arguments.get("trust_env", True)
    legacy: dict[str, Any] = arguments.get("proxies") or {}
    mounts: dict[str, Any] = {}
    if transport is None or proxy is not None or legacy:
        options: dict[str, Any] = {
            name: arguments[name] for name in ("http1", "http2") if name in arguments
        }
        options["limits"] = arguments["limits"] if "limits" in arguments else _limits()
        options["tls"] = partial(
            _tls, arguments.get("verify", True), arguments.get("cert"), trust_env=trust_env
        )

        def carrier(proxy: httpx.Proxy | None) -> Any:
            return make(proxy, options)

        if transport is None:
            transport = carrier(None)
            if proxy is None and trust_env:
                from rsspot.senders.transport.transports import environment_mounts

                mounts = environment_mounts(transport, carrier)
        mounts |= _proxied({} if proxy is None else {"all": proxy}, "proxy", carrier)
        mounts |= _proxied(legacy, "proxies", carrier)
    rest = {name: value for name, value in arguments.items() if name not in TRANSPORT_ARGUMENTS}
    if rest.get("cookies") is None:
        from rsspot.senders.transport.httpx_exchange import EmptyCookieJar

        rest["cookies"] = EmptyCookieJar()
    return {**rest, "transport": transport, "mounts": mounts | (arguments.get("mounts") or {})}


def _tls(verify: Any, cert: Any, *, trust_env: bool) -> ssl.SSLContext:
    with client_errors():
        return tls_context(verify, cert, trust_env=trust_env)


def _limits() -> httpx.Limits:
    import httpx

    return httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)


def _proxied(
    proxies: dict[str, Any], source: str, carrier: Callable[[httpx.Proxy], Any]
) -> dict[str, Any]:
    """Return mounts for proxies by scheme, or by pattern as in httpx."""
    from rsspot.senders.transport.proxies import proxy_of

    return {
        scheme if "://" in scheme else f"{scheme}://": (
            None if proxy is None else carrier(proxy_of(proxy, source))
        )
        for scheme, proxy in proxies.items()
    }
