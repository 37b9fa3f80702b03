"""Delete a cloudspace or VM cloudspace, and say what happens to its pools, which cost money."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import typer
from attrs import frozen

from rsspot import CacheConfig, SpotClient
from rsspot.cli.command import WriteCommand
from rsspot.cli.options import Cascade, KeepPools, Poll, Timeout, Wait, Yes
from rsspot.cli.output.formatting import counted, format_money
from rsspot.cli.output.progress import describe_phase, show_progress, wait_for
from rsspot.cli.session import Session
from rsspot.errors import NotFoundError, RequestError, RSSpotError
from rsspot.models import Pool
from rsspot.models.names import did_you_mean

__all__ = ["OwnerKind", "add_delete"]


@frozen(kw_only=True)
class _Deletion:
    """One `delete` of an owner: a cloudspace or VM cloudspace.

    group: the operations of the owner.
    noun: what the owner is called in messages.
    pools: reads the pools of the owner.
    command: the command line that continues an interrupted deletion.
    """

    session: Session
    group: Any
    noun: str
    name: str
    pools: Callable[[], Sequence[Pool[Any]]]
    command: str

    def check(self, *, cascade: bool, keep_pools: bool) -> Sequence[Pool[Any]]:
        """Show what is deleted and what is kept, refuse an unclear choice, and return the pools."""
        if cascade and keep_pools:
            self.session.refuse(
                "--cascade and --keep-pools cannot be used together", "Use one of them"
            )
        pools = self._show(cascade=cascade)
        if pools and not (cascade or keep_pools):
            self.session.refuse(
                f"{self._title} has {_count(pools)}, which would continue to cost money",
                "Use --cascade to delete them too, or --keep-pools to keep them",
            )
        return pools

    def run(
        self, pools: Sequence[Pool[Any]], *, cascade: bool, wait: bool, timeout: str, poll: str
    ) -> None:
        """Delete the owner, with or without its pools, which `check` returned."""
        if self.session.is_dry_run:
            self.group.delete(self.name, cascade=cascade)
            return
        if cascade:
            self._cascade(pools, timeout, poll)
        else:
            self.group.delete(self.name)
            if wait:
                self._wait(timeout, poll)
        self.session.note(
            f"{self._title} {'has been deleted' if cascade or wait else 'is being deleted'}."
        )

    @property
    def _title(self) -> str:
        return f"{self.noun[0].upper()}{self.noun[1:]} {self.name}"

    def _show(self, *, cascade: bool) -> Sequence[Pool[Any]]:
        """Show what is deleted and what is kept; return the pools. Raises `NotFoundError`."""
        owner = self._found()
        pools = self.pools()
        if owner is None and not (cascade and pools):
            names = [item.name for item in self.group.list()]
            raise NotFoundError(
                f"There is no {self.noun} {self.name}", hint=did_you_mean(self.name, names)
            )
        described = [*map(_describe, pools)]
        deleted = [] if owner is None else [self._describe_owner(owner)]
        self._list("To be deleted:", [*deleted, *(described if cascade else ())])
        self._list("Kept, and continues to cost money:", [] if cascade else described)
        return pools

    def subject(self, pools: Sequence[Pool[Any]], *, cascade: bool) -> str:
        """Return the part of the question that names the owner and its pools."""
        owner = f"{self.noun} {self.name}"
        if not pools:
            return owner
        return f"{owner} {'with' if cascade else 'without'} its {_count(pools)}"

    def _cascade(self, pools: Sequence[Pool[Any]], timeout: str, poll: str) -> None:
        with show_progress(
            self.session, self.name, describe_phase, interrupted=lambda: self._report(pools)
        ) as on_progress:
            on_progress(None)
            try:
                self.group.delete(self.name, cascade=True, timeout=timeout, poll=poll)
            except RequestError:
                self.session.note(self._report(pools))
                raise

    def _wait(self, timeout: str, poll: str) -> None:
        wait_for(
            self.session,
            self.group.wait_until_deleted,
            self.name,
            describe_phase,
            timeout=timeout,
            poll=poll,
            interrupted=f"Stopped waiting. {self._title} is still being deleted.",
        )

    def _report(self, before: Sequence[Pool[Any]]) -> str:
        """Read what is left; return what is deleted, what is not, and how to continue."""
        try:
            owner, left = self._found(), self.pools()
        except (RSSpotError, OSError) as error:
            reason = error.message if isinstance(error, RSSpotError) else str(error)
            return (
                f"The deletion has stopped. What is left could not be read: {reason}. "
                f"To continue, run: {self.command}"
            )
        self.session.unfinished_writes.clear()  # their outcome is known now
        deleted = [pool for pool in before if pool.name not in {other.name for other in left}]
        parts = [
            ("Deleted", [*map(_name, deleted)]),
            ("Being deleted", [_describe(pool) for pool in left if pool.deleted_at is not None]),
            ("Not deleted", [_describe(pool) for pool in left if pool.deleted_at is None]),
        ]
        place = 0 if owner is None else 1 if owner.deleted_at is not None else 2
        parts[place][1].append(f"{self.noun} {self.name}")
        texts = [f"{title}: {'; '.join(items)}." for title, items in parts if items]
        if owner is None and not left:
            return " ".join(texts)
        return " ".join(["The deletion has stopped.", *texts, f"To continue, run: {self.command}"])

    def _found(self) -> Any:
        try:
            return self.group.get(self.name)
        except NotFoundError:
            return None

    def _describe_owner(self, owner: Any) -> str:
        servers = counted(len(owner.servers), "server", "servers")
        return f"{self.noun} {self.name} in {owner.region}, {servers}"

    def _list(self, title: str, lines: Sequence[str]) -> None:
        if lines:
            self.session.note("\n  ".join([title, *lines]))


@frozen(kw_only=True)
class OwnerKind:
    """What the `delete` commands of cloudspaces and of VM cloudspaces differ in.

    noun: what an owner is called. pool_noun: what its pools are called, at the start of a sentence.
    command: the command line, without a name.
    group: returns the operations of owners. pools: reads the pools of one.
    names: the argument with the names.
    """

    noun: str
    pool_noun: str
    command: str
    group: Callable[[SpotClient], Any]
    pools: Callable[[SpotClient, str], Sequence[Pool[Any]]]
    names: Any


def add_delete(app: typer.Typer, kind: OwnerKind) -> None:
    """Add the command `delete` to the commands of an owner."""
    text = (
        f"Delete a {kind.noun}.\n\n"
        f"{kind.pool_noun} without a {kind.noun} continue to cost money. If there are any, add "
        "--cascade to delete them too, or --keep-pools to keep them."
    )

    @app.command(cls=WriteCommand, help=text)
    def delete(
        ctx: typer.Context,
        names: list[str] = kind.names,
        *,
        cascade: Cascade = False,
        keep_pools: KeepPools = False,
        yes: Yes = False,
        wait: Wait = False,
        timeout: Timeout = "30m",
        poll: Poll = "5s",
    ) -> None:
        session = Session.of(ctx)
        with session.client(cache=CacheConfig(enabled=False)) as spot:
            deletions = [
                _Deletion(
                    session=session,
                    group=kind.group(spot),
                    noun=kind.noun,
                    name=name,
                    pools=partial(kind.pools, spot, name),
                    command=f"{kind.command} {name} --cascade",
                )
                for name in dict.fromkeys(names)
            ]
            checked = [
                (one, one.check(cascade=cascade, keep_pools=keep_pools)) for one in deletions
            ]
            what = ", ".join(one.subject(pools, cascade=cascade) for one, pools in checked)
            session.confirm(f"Delete {what}?", yes=yes)
            with session.dry_run.several():
                for one, pools in checked:
                    one.run(pools, cascade=cascade, wait=wait, timeout=timeout, poll=poll)


def _name(pool: Pool[Any]) -> str:
    return f"{pool.kind} pool {pool.key or pool.name}"


def _describe(pool: Pool[Any]) -> str:
    price = "" if pool.price is None else f", bid {format_money([pool.price])[0]}"
    return f"{_name(pool)}{price}, has {pool.progress}"


def _count(pools: Sequence[Pool[Any]]) -> str:
    return counted(len(pools), "pool", "pools")
