"""`rsspot login`."""

import os

import typer

from rsspot.cli.command import Command, noun
from rsspot.cli.commands.config import TOKENS, writable_file
from rsspot.cli.input import secret
from rsspot.cli.session import Session
from rsspot.config.environment import VARIABLES
from rsspot.config.profile import SDKConfig
from rsspot.config.secrets import Secret
from rsspot.config.writing import load_or_empty, update_profile

app = noun("Check a refresh token, and keep it in a profile.")

WHERE = "https://spot.rackspace.com/ui/api-access/terraform"


@app.command(cls=Command)
def login(ctx: typer.Context) -> None:
    """Ask for a refresh token, check it, and keep it in --profile (or in `default`).

    The token is not shown, and the file is readable by its owner only. Where nobody can be asked,
    it is read from standard input.
    """
    session = Session.of(ctx)
    path = writable_file(session)
    name = str(session.told.get("profile") or "default")
    config = load_or_empty(path)
    known = name in config.profiles
    # What cannot be kept is not asked for.
    update_profile(path, name, {**dict.fromkeys(TOKENS), "refresh_token": "x"}, dry_run=True)
    if session.is_asked:
        session.note(f"A refresh token comes from {WHERE}")
    # A reporter of errors shows the locals of frames.
    token = Secret(secret(session, "Refresh token"))
    with session.client(
        # A new profile takes nothing over from the one that is active.
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
            "refresh_token": token(),
        },
    )
    session.note(f"Signed in to {organization.name}; profile {name} is in {path}.")
    active = load_or_empty(path).active_profile
    if active not in {None, name}:
        session.note(f"The active profile is {active}; `rsspot config use {name}` changes it.")
    for variable in VARIABLES["refresh_token"]:
        if variable in os.environ:
            session.note(f"{variable} is set, and goes before the active profile.", "Warning")
