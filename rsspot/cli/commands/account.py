"""`rsspot whoami` and `rsspot token`: the identity and the access token in use."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from attrs import frozen
from typer import Typer

from rsspot.cli.command import single_command
from rsspot.cli.session import Session
from rsspot.senders.auth.token import Token

__all__ = ["token", "whoami"]


@frozen
class Identity:
    """The identity that calls use, and where it comes from."""

    organization: str
    organization_id: str
    namespace: str
    profile: str
    region: str
    api: str
    token_from: str
    token_expires: datetime | None


@frozen
class AccessToken:
    """An access token, and when it expires."""

    access_token: str
    expires_at: datetime | None


def _expiry(text: str) -> datetime | None:
    expires = Token.received(text, 0).expires_at
    return None if expires is None else datetime.fromtimestamp(expires, UTC)


@single_command()
def _whoami(ctx: typer.Context) -> None:
    """Sign in, and show the organization, the profile and the token that are used."""
    session = Session.of(ctx)
    with session.client() as spot:
        access = spot.authenticate()
        organization = spot.organizations.current()
        settings = spot.settings
        source = "refresh_token" if settings.refresh_token is not None else "access_token"
        found = Identity(
            organization=organization.name,
            organization_id=organization.id,
            namespace=organization.namespace,
            profile=settings.profile or "",
            region=settings.region or "",
            api=settings.base_url,
            token_from=settings.source(source),
            token_expires=_expiry(access),
        )
    session.show_one(found, found.organization)


@single_command()
def _token(
    ctx: typer.Context,
    *,
    refresh: Annotated[
        bool,
        typer.Option("--refresh", help="Get a new token even if the stored one is still valid."),
    ] = False,
) -> None:
    """Print the access token that calls use.

    Keep it secret: until it expires, within about a day, it allows everything that you can do.
    """
    session = Session.of(ctx)
    with session.client() as spot:
        access = spot.authenticate(force_refresh=refresh)
    if session.is_table:
        session.write(f"{access}\n")
    else:
        session.show_one(AccessToken(access, _expiry(access)), access)


whoami: Typer = _whoami
token: Typer = _token
