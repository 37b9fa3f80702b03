"""`rsspot config …`: the configuration file and the settings in use."""

import os
from pathlib import Path
from typing import Annotated

import typer
from attrs import frozen
from typer import Typer

from rsspot.cli import completion
from rsspot.cli.command import RsspotCommand, command_group
from rsspot.cli.output.column import Column, Columns
from rsspot.cli.output.formatting import format_value
from rsspot.cli.session import Session
from rsspot.config.files import load, usual_path
from rsspot.config.places import VENDOR_NAME
from rsspot.config.writing import add_profile, migrate_legacy, set_active_profile
from rsspot.config.writing import migrate as migrate_vendor
from rsspot.errors import ConfigError, InvalidInput, RSSpotError
from rsspot.files.folders import expand, is_there

config: Typer = command_group("Manage profiles, and show the settings in use and their sources.")


@frozen
class Setting:
    """One setting in use, and where it comes from."""

    name: str
    value: str
    source: str


@frozen
class Profile:
    """One profile of the file, without its secrets."""

    name: str
    active: bool
    org: str | None
    region: str | None
    token: str
    base_url: str | None


SETTINGS: Columns[Setting] = (
    Column("SETTING", lambda item: item.name),
    Column("FROM", lambda item: item.source),
    Column("VALUE", lambda item: item.value),
)

PROFILES: Columns[Profile] = (
    Column("NAME", lambda item: item.name),
    Column("ACTIVE", lambda item: item.active),
    Column("ORG", lambda item: item.org, 1),
    Column("REGION", lambda item: item.region, 2),
    Column("TOKEN", lambda item: item.token, 3),
    Column("URL", lambda item: item.base_url, 4),
)


@frozen
class KeyChange:
    """The outcome for one key of a 0.3.0 file."""

    old: str
    new: str
    note: str


KEY_CHANGES: Columns[KeyChange] = (
    Column("0.3.0", lambda item: item.old),
    Column("NOW", lambda item: item.new or "left out"),
    Column("NOTE", lambda item: item.note),
)

TOKENS = {
    "refresh_token": "in the file",
    "refresh_token_file": "in a separate file",
    "refresh_token_command": "from a command",
    "refresh_token_keyring": "in the keyring",
    "access_token": "an access token",
}

DefaultName = Annotated[str, typer.Argument(metavar="NAME", help="New default.")]
ProfileName = Annotated[
    str,
    typer.Argument(metavar="NAME", help="Name of the profile.", autocompletion=completion.profiles),
]


def config_file(session: Session) -> Path:
    """Return the configuration file, which may not exist yet. Raises `ConfigError`."""
    if session.config_path is not None:
        return expand(session.config_path)
    return usual_path(os.environ)


def writable_file(session: Session) -> Path:
    """Return the file to change. Raises `ConfigError` for the file of the vendor's CLI."""
    path = config_file(session)
    if path.name == VENDOR_NAME:
        raise ConfigError(
            f"{path} belongs to another program",
            hint="Copy its settings with `rsspot config migrate`",
        )
    return path


@config.command(cls=RsspotCommand)
def show(ctx: typer.Context) -> None:
    """Show each setting in use, and where it comes from.

    Secrets are masked.
    """
    session = Session.of(ctx)
    # A token provider that is never called: the settings can be shown without a token.
    with session.client(token_provider=str) as spot:
        found = [Setting(*row) for row in spot.settings.rows()]
    session.show(found, SETTINGS)


@config.command(cls=RsspotCommand)
def path(ctx: typer.Context) -> None:
    """Show the path of the configuration file."""
    session = Session.of(ctx)
    found = config_file(session)
    if session.output in {"json", "yaml"}:
        session.show_one(str(found))
    else:
        session.write(f"{found}\n")
    if not is_there(found):
        session.note("It does not exist yet. `rsspot login` creates it.")


@config.command(cls=RsspotCommand)
def profiles(ctx: typer.Context) -> None:
    """List the profiles of the configuration file."""
    session = Session.of(ctx)
    found = config_file(session)
    if not is_there(found):
        session.show([], PROFILES)
        return
    content = load(found)
    active = content.active_profile or content.default_profile
    if active is None and len(content.profiles) == 1:
        active = next(iter(content.profiles))
    known = [
        Profile(
            name,
            name == (active or "default"),
            item.org or item.org_id,
            item.region,
            next((how for key, how in TOKENS.items() if getattr(item, key)), "none"),
            item.base_url,
        )
        for name, item in sorted(content.profiles.items())
    ]
    session.show(known, PROFILES)


@config.command(cls=RsspotCommand)
def use(ctx: typer.Context, name: ProfileName) -> None:
    """Make a profile the active one."""
    session = Session.of(ctx)
    set_active_profile(writable_file(session), name)
    session.note(f"The active profile is {name}.")


@config.command(cls=RsspotCommand)
def add(
    ctx: typer.Context,
    name: ProfileName,
    *,
    token_file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Existing file with the refresh token."),
    ] = None,
    token_command: Annotated[
        str | None, typer.Option(metavar="COMMAND", help="Command that prints the refresh token.")
    ] = None,
    token_keyring: Annotated[
        str | None,
        typer.Option(
            metavar="SERVICE/USER", help="Entry of the system keyring with the refresh token."
        ),
    ] = None,
    base_url: Annotated[str | None, typer.Option(metavar="URL", help="URL of the API.")] = None,
    oauth_url: Annotated[
        str | None, typer.Option(metavar="URL", help="URL of the login host.")
    ] = None,
    public_data_url: Annotated[
        str | None, typer.Option(metavar="URL", help="URL of the public price files.")
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Refuse every request that changes something.")
    ] = False,
) -> None:
    """Add a profile with --org and --region.

    `rsspot login` also asks for a refresh token and saves it.
    """
    session = Session.of(ctx)
    if token_file is not None:
        _check_file(session, token_file)
    _check_region(session)
    settings = {
        "org": session.global_options.get("org"),
        "region": session.region,
        "refresh_token_file": token_file,
        "refresh_token_command": token_command,
        "refresh_token_keyring": token_keyring,
        "base_url": base_url,
        "oauth_url": oauth_url,
        "public_data_url": public_data_url,
        "read_only": read_only or None,
    }
    target = writable_file(session)
    add_profile(target, name, {key: item for key, item in settings.items() if item is not None})
    session.note(f"Saved profile {name} in {format_value(target)}.")


@config.command("set-default-org", cls=RsspotCommand, hidden=True)
def set_org(ctx: typer.Context, name: DefaultName) -> None:
    """Set the default organization, as in rsspot 0.3.0."""
    _store_default(ctx, "org", name)


@config.command("set-default-region", cls=RsspotCommand, hidden=True)
def set_region(ctx: typer.Context, name: DefaultName) -> None:
    """Set the default region, as in rsspot 0.3.0."""
    _store_default(ctx, "region", name)


def _store_default(ctx: typer.Context, what: str, name: str) -> None:
    from rsspot import close_all_clients, configure, set_default_org, set_default_region

    session = Session.of(ctx)
    configure(config_path=session.config_path)
    try:
        (set_default_org if what == "org" else set_default_region)(name)
    finally:
        close_all_clients()
    session.note(f"The default {what} is {name}.")


@config.command(cls=RsspotCommand)
def migrate(
    ctx: typer.Context,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written, and change nothing.")
    ] = False,
) -> None:
    """Rewrite a file of rsspot 0.3.0, or copy the settings of ~/.spot_config.

    The old file is kept. A table shows what each key of a file of 0.3.0 becomes.
    """
    session = Session.of(ctx)
    found = config_file(session)
    done = migrate_legacy(found, dry_run=dry_run) if _is_own_place(found) else None
    if done is None:
        if dry_run:
            session.refuse("There is no file of rsspot 0.3.0", "Leave out --dry-run")
        if _is_own_place(found) and not is_there(expand(f"~/{VENDOR_NAME}")):
            session.note(f"Nothing to do: {found} is not a file of rsspot 0.3.0.")
            return
        session.note(f"Written to {migrate_vendor()}.")
        return
    session.show([KeyChange(*change) for change in done.changes], KEY_CHANGES)
    if dry_run:
        session.note("Nothing was changed.")
        return
    session.note(f"Written to {done.path}. The old file is {done.backup}. It has the comments.")


def _is_own_place(path: Path) -> bool:
    return path.name != VENDOR_NAME and is_there(path)


def _check_region(session: Session) -> None:
    """Refuse a --region that does not exist, if the regions can be read."""
    if session.region is None:
        return
    try:
        session.client().close()  # which checks it
    except InvalidInput:
        raise
    except RSSpotError as error:
        session.note(f"--region is not checked: {error.message}", "Warning")


def _check_file(session: Session, file: str) -> None:
    try:
        there = Path(os.path.expanduser(file)).is_file()  # noqa: PTH111 - an unknown ~user is no error
    except (OSError, ValueError):
        there = False
    if not there:  # the value may be the token itself, so it is not shown
        session.refuse("--token-file is not an existing file", "Write the token to the file first")
