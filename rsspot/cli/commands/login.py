"""`rsspot login`."""

import os

import typer

from rsspot.cli.command import single_command
from rsspot.cli.commands.config import TOKENS, writable_file
from rsspot.cli.input import read_secret
from rsspot.cli.output.formatting import format_value
from rsspot.cli.session import Session
from rsspot.config.options import VARIABLES
from rsspot.config.profile import SDKConfig
from rsspot.config.writing import load_or_empty, update_profile
from rsspot.redaction.secret import Secret

ACCESS_PAGE = "https://spot.rackspace.com/ui/api-access/terraform"


@single_command()
def login(ctx: typer.Context) -> None:
    """Ask for a refresh token, check it, and save it in --profile (or in `default`).

    The token is not shown, and only you can read the file. Without a terminal the token is read
    from standard input.
    """
    session = Session.of(ctx)
    path = writable_file(session)
    name = str(session.global_options.get("profile") or "default")
    config = load_or_empty(path)
    known = name in config.profiles
    # Do not ask for a token that cannot be saved.
    update_profile(path, name, {**dict.fromkeys(TOKENS), "refresh_token": "x"}, dry_run=True)
    if session.can_prompt:
        session.note(f"Get a refresh token from {ACCESS_PAGE}")
    # Hidden even where an error reporter shows local variables.
    token = Secret(read_secret(session, "Refresh token"))
    with session.client(
        # A new profile does not inherit from the active one.
        config=config if known else SDKConfig(),
        config_path=None,
        profile=name if known else None,
        refresh_token=token,
        state=":memory:",
    ) as spot:
        organization = spot.organizations.current()
    update_profile(
        path,
        name,
        {
            "org": organization.name,
            "org_id": organization.id,
            **({} if session.region is None else {"region": session.region}),
            **dict.fromkeys(TOKENS),
            "refresh_token": token.reveal(),
        },
    )
    session.note(f"Signed in to {organization.name}; saved profile {name} in {format_value(path)}.")
    active = load_or_empty(path).active_profile
    if active not in {None, name}:
        session.note(f"The active profile is {active}. To change it, run: rsspot config use {name}")
    for variable in VARIABLES["refresh_token"]:
        if variable in os.environ:
            session.note(f"{variable} is set and overrides the active profile.", "Warning")
