"""`rsspot cloudspaces …`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from rsspot import CLEAR, CacheConfig
from rsspot.cli.command import Command, noun
from rsspot.cli.commands.deletion import Deletion
from rsspot.cli.commands.node_pools import all_pools
from rsspot.cli.options import Cascade, Keep, KeepPools, Poll, Timeout, Wait, Yes
from rsspot.cli.output.progress import phase_of, wait_for
from rsspot.cli.output.table import Column, Columns
from rsspot.cli.session import Session
from rsspot.config.files import is_foreign_owner_allowed
from rsspot.models import Cloudspace

app = noun("Kubernetes clusters: create, wait for, use and delete them.")

COLUMNS: Columns[Cloudspace] = (
    Column("NAME", lambda item: item.name),
    Column("REGION", lambda item: item.region, 1),
    Column("PHASE", lambda item: item.phase or "accepted", toned=True),
    Column("HEALTH", lambda item: item.health, 4, toned=True),
    Column("KUBERNETES", lambda item: item.kubernetes_version, 2),
    Column("SERVERS", lambda item: len(item.servers), 2),
    Column("CREATED", lambda item: item.created_at, 3),
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the cloudspace.")]
Webhook = Annotated[
    str | None, typer.Option(metavar="URL", help="Called before a server is taken away.")
]


@app.command("list", cls=Command)
def list_(ctx: typer.Context) -> None:
    """Show all cloudspaces."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.cloudspaces.list()
    session.show([item for item in found if session.region in {None, item.region}], COLUMNS)


@app.command(cls=Command)
def get(ctx: typer.Context, name: Name) -> None:
    """Show all about one."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.show_one(spot.cloudspaces.get(name))


@app.command(cls=Command)
def create(
    ctx: typer.Context,
    name: Name,
    *,
    kubernetes: Annotated[
        str, typer.Option(metavar="VERSION", show_default=True, help="Version of Kubernetes.")
    ] = "1.31.1",
    cni: Annotated[
        str, typer.Option(metavar="NAME", show_default=True, help="Network of the pods.")
    ] = "calico",
    ha: Annotated[
        bool, typer.Option("--ha", help="Several servers for the control plane.")
    ] = False,
    webhook: Webhook = None,
    keep: Keep = False,
    wait: Wait = False,
    timeout: Timeout = 1800.0,
    poll: Poll = 5.0,
) -> None:
    """Create one in --region (or in the region of the profile)."""
    session = Session.of(ctx)
    with session.client() as spot:
        made = spot.cloudspaces.create(
            name,
            kubernetes_version=kubernetes,
            cni=cni,
            ha_control_plane=ha,
            webhook=webhook,
            if_exists="return" if keep else "error",
        )
        if wait:
            ready = spot.cloudspaces.wait_until_ready
            made = wait_for(
                session,
                ready,
                name,
                phase_of,
                timeout=timeout,
                poll=poll,
                interrupted=f"No longer waiting. Cloudspace {name} is still being created; "
                f"to wait again: rsspot cloudspaces wait {name}",
            )
    session.show([made], COLUMNS)


@app.command(cls=Command)
def update(
    ctx: typer.Context,
    name: Name,
    *,
    kubernetes: Annotated[
        str | None, typer.Option(metavar="VERSION", help="Upgrade to this; there is no way back.")
    ] = None,
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="Another webhook; an empty one takes it away.")
    ] = None,
) -> None:
    """Change what is given, and nothing else."""
    session = Session.of(ctx)
    with session.client() as spot:
        changed = spot.cloudspaces.update(
            name, kubernetes_version=kubernetes, webhook=CLEAR if webhook == "" else webhook
        )
    session.show([changed], COLUMNS)


@app.command(cls=Command)
def wait(
    ctx: typer.Context,
    name: Name,
    *,
    deleted: Annotated[bool, typer.Option("--deleted", help="Wait until it is gone.")] = False,
    timeout: Timeout = 1800.0,
    poll: Poll = 5.0,
) -> None:
    """Wait until one is ready (or gone), and show how it goes."""
    session = Session.of(ctx)
    with session.client() as spot:
        group = spot.cloudspaces
        until = group.wait_until_deleted if deleted else group.wait_until_ready
        found = wait_for(
            session,
            until,
            name,
            phase_of,
            timeout=timeout,
            poll=poll,
            interrupted="No longer waiting. Nothing was changed.",
        )
    if found is not None:
        session.show([found], COLUMNS)


@app.command(cls=Command)
def kubeconfig(
    ctx: typer.Context,
    name: Name,
    *,
    to: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write it there, alone; - is standard output."),
    ] = None,
    keep_context: Annotated[
        bool, typer.Option("--keep-context", help="Merge it, but leave the current context.")
    ] = False,
) -> None:
    """Merge the kubeconfig of one into yours.

    Yours is the first file of $KUBECONFIG that exists, or else the first one; without the variable,
    ~/.kube/config. Files are readable by their owner only: the kubeconfig holds a token.
    """
    session = Session.of(ctx)
    with session.client() as spot:
        config = spot.cloudspaces.kubeconfig(name)
    if to == "-":
        session.write(config.text if config.text.endswith("\n") else f"{config.text}\n")
        return
    allow = is_foreign_owner_allowed()
    if to is not None:
        session.note(f"Written to {config.save(to, allow_foreign_owner=allow)}.")
        return
    path = config.merge(_kubeconfig_path(), use=not keep_context, allow_foreign_owner=allow)
    session.note(f"Merged into {path}; its context: {', '.join(config.contexts)}.")


@app.command(cls=Command)
def delete(
    ctx: typer.Context,
    name: Name,
    *,
    cascade: Cascade = False,
    keep_pools: KeepPools = False,
    yes: Yes = False,
    wait: Wait = False,
    timeout: Timeout = 1800.0,
    poll: Poll = 5.0,
) -> None:
    """Delete a cloudspace, and its node pools with --cascade.

    Pools that are left go on costing, so while there are any, say --cascade or --keep-pools.
    """
    session = Session.of(ctx)
    with session.client(cache=CacheConfig(enabled=False)) as spot:
        Deletion(
            session=session,
            group=spot.cloudspaces,
            noun="cloudspace",
            name=name,
            pools=lambda: [pool.owned for pool in all_pools(spot, cloudspace=name)],
            command=f"rsspot cloudspaces delete {name} --cascade",
        ).run(
            cascade=cascade, keep_pools=keep_pools, yes=yes, wait=wait, timeout=timeout, poll=poll
        )


def _kubeconfig_path() -> Path:
    # kubectl reads all files of the variable, skips empty names, and writes to the first it finds.
    named = [Path(name) for name in os.environ.get("KUBECONFIG", "").split(os.pathsep) if name]
    if named:
        return next((path for path in named if os.path.lexists(path)), named[0])
    return Path("~/.kube/config")
