"""Deleting what owns pools: what goes, what stays and goes on costing, and how far it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from rsspot.cli.output.formatting import money
from rsspot.cli.output.progress import phase_of, wait_for, watching
from rsspot.errors import NotFoundError, RequestError, RSSpotError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from rsspot.cli.session import Session

__all__ = ["Deletion", "OwnedPool"]


@frozen
class OwnedPool:
    """What a person needs to know of a pool before it is deleted, or left behind."""

    name: str
    kind: str
    price: Decimal | None
    servers: str
    deleting: bool

    def __str__(self) -> str:
        price = "" if self.price is None else f", bid {money([self.price])[0]}"
        return f"{self.kind} pool {self.name}{price}, {self.servers}"


@frozen(kw_only=True)
class Deletion:
    """One `delete` of a cloudspace or VM cloudspace: shown, confirmed, carried out.

    `group` has the operations of the owner, `pools` reads the owner's pools, and `command` is
    what to type to go on.
    """

    session: Session
    group: Any
    noun: str
    name: str
    pools: Callable[[], Sequence[OwnedPool]]
    command: str

    def run(
        self,
        *,
        cascade: bool,
        keep_pools: bool,
        yes: bool,
        wait: bool,
        timeout: float,
        poll: float,
    ) -> None:
        """Delete it, with its pools or without. Refuses to leave pools behind unasked."""
        if cascade and keep_pools:
            self.session.refuse("--cascade and --keep-pools exclude each other", "Give one of them")
        pools = self._show(cascade=cascade)
        if pools and not (cascade or keep_pools):
            self.session.refuse(
                f"{self._what} has {_counted(pools)}, which would stay and go on costing",
                "--cascade deletes them too; --keep-pools leaves them",
            )
        self.session.confirm(f"Delete {self._asked(pools, cascade=cascade)}?", yes=yes)
        if cascade:
            self._cascade(pools, timeout, poll)
        else:
            self.group.delete(self.name)
            if wait:
                self._wait(timeout, poll)
        self.session.note(f"{self._what} {'is gone' if cascade or wait else 'is being deleted'}.")

    @property
    def _what(self) -> str:
        return f"{self.noun[0].upper()}{self.noun[1:]} {self.name}"

    def _show(self, *, cascade: bool) -> Sequence[OwnedPool]:
        """List what goes and what stays; return the pools. Raises `NotFoundError`."""
        owner = self._found()
        pools = self.pools()
        if owner is None and not (cascade and pools):
            raise NotFoundError(f"There is no {self.noun} {self.name}")
        going = [] if owner is None else [self._described(owner)]
        staying = [] if cascade else [*map(str, pools)]
        if cascade:
            going += map(str, pools)
        self._list("To be deleted:", going)
        self._list("Stays, and goes on costing:", staying)
        return pools

    def _asked(self, pools: Sequence[OwnedPool], *, cascade: bool) -> str:
        """What the question is about, in a few words."""
        what = f"{self.noun} {self.name}"
        if not pools:
            return what
        return f"{what} {'with' if cascade else 'without'} its {_counted(pools)}"

    def _cascade(self, pools: Sequence[OwnedPool], timeout: float, poll: float) -> None:
        with watching(
            self.session, self.name, phase_of, interrupted=lambda: self._how_far(pools)
        ) as seen:
            seen(None)
            try:
                self.group.delete(self.name, cascade=True, timeout=timeout, poll=poll)
            except RequestError:
                self.session.note(self._how_far(pools))
                raise

    def _wait(self, timeout: float, poll: float) -> None:
        wait_for(
            self.session,
            self.group.wait_until_deleted,
            self.name,
            phase_of,
            timeout=timeout,
            poll=poll,
            interrupted=f"No longer waiting. {self._what} is still being deleted.",
        )

    def _how_far(self, before: Sequence[OwnedPool]) -> str:
        """What is gone, what stands, and how to go on, read anew."""
        try:
            owner, left = self._found(), self.pools()
        except (RSSpotError, OSError) as error:
            reason = error.message if isinstance(error, RSSpotError) else str(error)
            return (
                f"The deletion has stopped part of the way, and what is left could not be read "
                f"({reason}). To go on: {self.command}"
            )
        self.session.unfinished_writes.clear()  # what became of them is known now
        gone = [pool for pool in before if pool.name not in {each.name for each in left}]
        parts = [
            ("Gone", [f"{pool.kind} pool {pool.name}" for pool in gone]),
            ("Being deleted", [str(pool) for pool in left if pool.deleting]),
            ("Not deleted", [str(pool) for pool in left if not pool.deleting]),
        ]
        place = 0 if owner is None else 1 if owner.deleted_at is not None else 2
        parts[place][1].append(f"{self.noun} {self.name}")
        texts = [f"{title}: {'; '.join(items)}." for title, items in parts if items]
        if owner is None and not left:
            return " ".join(texts)
        return " ".join(["The deletion has stopped.", *texts, f"To go on: {self.command}"])

    def _found(self) -> Any:
        try:
            return self.group.get(self.name)
        except NotFoundError:
            return None

    def _described(self, owner: Any) -> str:
        return f"{self.noun} {self.name} in {owner.region}, {len(owner.servers)} servers"

    def _list(self, title: str, lines: Sequence[str]) -> None:
        if lines:
            self.session.note("\n  ".join([title, *lines]))


def _counted(pools: Sequence[OwnedPool]) -> str:
    return f"{len(pools)} pool{'s' * (len(pools) != 1)}"
