"""What a client is to do, and where each part of that was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, fields, frozen

from rsspot.config.options import CacheConfig, RetryConfig, Timeouts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Settings"]

SECRETS = frozenset({"refresh_token", "access_token"})


@frozen(kw_only=True)
class Settings:
    """The resolved settings of one client. `sources` says where each came from."""

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
    state_path: str | None = None
    read_only: bool = False
    access_token: str | None = field(default=None, repr=False)
    refresh_token: str | Callable[[], str] | None = field(default=None, repr=False)
    sources: Mapping[str, str] = field(factory=dict[str, str], repr=False)

    def credential(self) -> str | None:
        """The refresh token, from wherever it is kept; None where there is none."""
        token = self.refresh_token
        return token() if callable(token) else token

    def source(self, name: str) -> str:
        """Where the setting called `name` came from."""
        return self.sources.get(name, "built-in")

    def explain(self) -> str:
        """A table of all settings and where they came from; secrets are masked."""
        rows = list(self.rows())
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        return "\n".join(
            f"{name:<{widths[0]}}  {value:<{widths[1]}}  {source}" for name, value, source in rows
        )

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Each setting: its name, its value (secrets are masked), and where it came from."""
        for attribute in fields(type(self)):
            name = attribute.name
            if name == "sources":
                continue
            value = getattr(self, name)
            # A proxy's address may hold a password.
            secret = name in SECRETS or (name == "proxy" and "@" in str(value))
            shown = "********" if secret and value else str(value)
            yield name, "" if value is None else shown, self.source(name)
