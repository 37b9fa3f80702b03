"""The settings of a client, and the source of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.config.options import BY_NAME, MASK
from rsspot.config.state_location import shown
from rsspot.senders.options import CacheConfig, RetryConfig, Timeouts
from rsspot.values import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Settings"]


@frozen(kw_only=True)
class Settings:
    """The resolved settings of one client. `sources` has the source of each."""

    profile: str | None = None
    org: str | None = None
    org_id: str | None = None
    region: str | None = None
    client_id: str
    base_url: str
    oauth_url: str
    public_data_url: str
    timeouts: Timeouts = field(factory=Timeouts)
    verify_ssl: bool | str = True
    proxy: str | None = field(default=None, repr=False)
    retry: RetryConfig = field(factory=RetryConfig)
    cache: CacheConfig = field(factory=CacheConfig)
    state_path: str | None = field(default=None, repr=lambda it: repr(shown(it)))
    read_only: bool = False
    allow_http: bool = False
    allow_foreign_owner: bool = False
    access_token: str | None = field(default=None, repr=False)
    refresh_token: Callable[[], str] | None = field(default=None, repr=False)
    engine: str = field(default="httpx", repr=False)
    """The transport of calls; its source is the reason for it."""
    sources: Mapping[str, str] = field(factory=dict[str, str], repr=False)

    def credential(self) -> str | None:
        """Return the refresh token from where it is stored, or None."""
        return None if self.refresh_token is None else self.refresh_token()

    def source(self, name: str) -> str:
        """Return the source of the setting called `name`."""
        return self.sources.get(name, "built-in")

    def explain(self) -> str:
        """Return a table of all settings and their sources, with secrets masked."""
        rows = list(self.rows())
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        return "\n".join(
            f"{name:<{widths[0]}}  {value:<{widths[1]}}  {source}".rstrip()
            for name, value, source in rows
        )

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield the name, the value (secrets are masked) and the source of each setting."""
        for name in vars(self):
            if name != "sources":
                yield name, _shown(name, getattr(self, name)), self.source(name)


def _shown(name: str, value: Any) -> str:
    if value is None:
        return "-"
    how = BY_NAME[name].shown if name in BY_NAME else "whole"
    if how == "masked":
        return MASK
    if name == "state_path":
        return str(shown(value))
    if how == "without password":
        return _without_password(str(value))
    if isinstance(value, Timeouts | RetryConfig | CacheConfig):
        usual = type(value)()
        other = [(name, it) for name, it in vars(value).items() if it != getattr(usual, name)]
        return ", ".join(f"{name}={_plain(it)}" for name, it in other) or "as usual"
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, str | int | float):
        return str(value)
    return "{" + ", ".join(sorted(map(str, value))) + "}"


def _without_password(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else url.rpartition("@")[2]
