"""`rsspot cloudspaces …`."""

import os
from pathlib import Path
from typing import Annotated

import typer
from typer import Typer

from rsspot import CLEAR
from rsspot.cli import completion
from rsspot.cli.command import ListCommand, RsspotCommand, WriteCommand, command_group
from rsspot.cli.commands.deletion import OwnerKind, add_delete
from rsspot.cli.commands.node_pools import all_pools
from rsspot.cli.options import Keep, Poll, Timeout, Wait
from rsspot.cli.output.column import Column, Columns
from rsspot.cli.output.formatting import format_value
from rsspot.cli.output.progress import describe_phase, wait_for
from rsspot.cli.session import Session
from rsspot.config.files import is_foreign_owner_allowed
from rsspot.models import Cloudspace

cloudspaces: Typer = command_group("Manage cloudspaces, which are Kubernetes clusters.")

COLUMNS: Columns[Cloudspace] = (
    Column("NAME", lambda item: item.name),
    Column("REGION", lambda item: item.region, 1),
    Column("PHASE", lambda item: item.phase or "accepted", colored=True),
    Column("HEALTH", lambda item: item.health, 3, colored=True),
    Column("SERVERS", lambda item: len(item.servers), 2),
    Column("KUBERNETES", lambda item: item.kubernetes_version, 2),
    Column("CREATED", lambda item: item.created_at, 4),
)

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="Name of the cloudspace.",
        autocompletion=completion.cloudspaces,
    ),
]
Webhook = Annotated[
    str | None, typer.Option(metavar="URL", help="URL to call before a server is taken away.")
]


@cloudspaces.command("list", cls=ListCommand)
def list_(ctx: typer.Context) -> None:
    """List the cloudspaces."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.cloudspaces.list()
    session.show([item for item in found if session.region in {None, item.region}], COLUMNS)


@cloudspaces.command(cls=RsspotCommand)
def get(ctx: typer.Context, name: Name) -> None:
    """Show the details of a cloudspace."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.show_one(spot.cloudspaces.get(name))


@cloudspaces.command(cls=WriteCommand)
def create(
    ctx: typer.Context,
    name: Name,
    *,
    kubernetes: Annotated[
        str, typer.Option(metavar="VERSION", show_default=True, help="Version of Kubernetes.")
    ] = "1.31.1",
    cni: Annotated[
        str, typer.Option(metavar="NAME", show_default=True, help="Network plugin of the cluster.")
    ] = "calico",
    ha: Annotated[bool, typer.Option("--ha", help="Run a highly available control plane.")] = False,
    webhook: Webhook = None,
    keep: Keep = False,
    wait: Wait = False,
    timeout: Timeout = "30m",
    poll: Poll = "5s",
) -> None:
    """Create a cloudspace in --region, or in the region of the profile."""
    session = Session.of(ctx)
    with session.client() as spot:
        made = spot.cloudspaces.create(
            name,
            kubernetes_version=kubernetes,
            cni=cni,
            ha_control_plane=ha or None,
            webhook=webhook,
            if_exists="return" if keep else "error",
        )
        if wait:
            ready = spot.cloudspaces.wait_until_ready
            made = wait_for(
                session,
                ready,
                name,
                describe_phase,
                timeout=timeout,
                poll=poll,
                interrupted=f"Stopped waiting. Cloudspace {name} is still being created. "
                f"To wait again, run: rsspot cloudspaces wait {name}",
            )
    session.show([made], COLUMNS)


@cloudspaces.command(cls=WriteCommand)
def update(
    ctx: typer.Context,
    name: Name,
    *,
    kubernetes: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION", help="Upgrade to this version. An upgrade cannot be undone."
        ),
    ] = None,
    webhook: Annotated[
        str | None,
        typer.Option(metavar="URL", help="New webhook URL. An empty value removes the webhook."),
    ] = None,
) -> None:
    """Change the given settings of a cloudspace, and no others."""
    session = Session.of(ctx)
    with session.client() as spot:
        changed = spot.cloudspaces.update(
            name, kubernetes_version=kubernetes, webhook=CLEAR if webhook == "" else webhook
        )
    session.show([changed], COLUMNS)


@cloudspaces.command(cls=RsspotCommand)
def wait(
    ctx: typer.Context,
    name: Name,
    *,
    deleted: Annotated[
        bool, typer.Option("--deleted", help="Wait until it has been deleted.")
    ] = False,
    timeout: Timeout = "30m",
    poll: Poll = "5s",
) -> None:
    """Wait until a cloudspace is ready or deleted, and show the progress."""
    session = Session.of(ctx)
    with session.client() as spot:
        group = spot.cloudspaces
        until = group.wait_until_deleted if deleted else group.wait_until_ready
        found = wait_for(
            session,
            until,
            name,
            describe_phase,
            timeout=timeout,
            poll=poll,
            interrupted="Stopped waiting. Nothing was changed.",
        )
    if found is not None:
        session.show([found], COLUMNS)


@cloudspaces.command(cls=RsspotCommand)
def kubeconfig(
    ctx: typer.Context,
    name: Name,
    *,
    to: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write it to this file instead; - for standard output."),
    ] = None,
    keep_context: Annotated[
        bool, typer.Option("--keep-context", help="Do not change the current context.")
    ] = False,
) -> None:
    """Merge the kubeconfig of a cloudspace into yours.

    Your kubeconfig is the first file in $KUBECONFIG that exists, or the first one if none does.
    Without the variable it is ~/.kube/config. The file contains an access token, so only its owner
    can read it.
    """
    session = Session.of(ctx)
    with session.client() as spot:
        config = spot.cloudspaces.kubeconfig(name)
    if to == "-":
        session.write(config.text if config.text.endswith("\n") else f"{config.text}\n")
        return
    allow = is_foreign_owner_allowed()
    if to is not None:
        saved = config.save(to, allow_foreign_owner=allow)
        session.note(f"Written to {format_value(saved)}.")
        return
    path = config.merge(_kubeconfig_path(), use=not keep_context, allow_foreign_owner=allow)
    session.note(f"Merged into {format_value(path)}. Context: {', '.join(config.contexts)}.")


add_delete(
    cloudspaces,
    OwnerKind(
        noun="cloudspace",
        pool_noun="Node pools",
        command="rsspot cloudspaces delete",
        group=lambda spot: spot.cloudspaces,
        pools=lambda spot, name: all_pools(spot, cloudspace=name),
        names=typer.Argument(
            metavar="NAME...",
            help="Names of the cloudspaces.",
            autocompletion=completion.cloudspaces,
        ),
    ),
)


def _kubeconfig_path() -> Path:
    # kubectl reads all files in the variable, skips empty names, and writes to the first it finds.
    named = [Path(name) for name in os.environ.get("KUBECONFIG", "").split(os.pathsep) if name]
    if named:
        return next((path for path in named if os.path.lexists(path)), named[0])
    return Path("~/.kube/config")
