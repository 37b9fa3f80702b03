"""Register each VM of an organization with an orchestrator once."""

from __future__ import annotations

import math
import os
import socket
import uuid
from typing import TYPE_CHECKING, Any

from rsspot.arguments import check_arguments
from rsspot.errors import RegistrationError
from rsspot.flow.blocking import block
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.flow.flow import aiterate, arun, iterate, run
from rsspot.legacy.guard import check_ledger
from rsspot.registration.listing import listing_of, whole_list
from rsspot.registration.marks import Marks
from rsspot.registration.plan import RunPlan
from rsspot.registration.run import process_due
from rsspot.registration.selection import Selection
from rsspot.registration.watching import watch
from rsspot.renamed import explain_arguments
from rsspot.state import StateStore
from rsspot.state.kinds import KINDS
from rsspot.state.ledger import RegistrationStatus
from rsspot.state.ledger.checks import text

if TYPE_CHECKING:
    import builtins
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
    from typing import Unpack

    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow, Stream
    from rsspot.models.vms import VMCloudspace
    from rsspot.registration.listing import HasInventory, WholeList
    from rsspot.registration.plan import RunOptions
    from rsspot.registration.steps import IssueToken, JoinToken, Step, Submit, Verify
    from rsspot.registration.watching import RegistrationChange
    from rsspot.state.ledger import (
        Discovery,
        Ledger,
        RegistrationCandidate,
        RegistrationRecord,
        Summary,
    )

__all__ = ["RegistrationWorkflow"]


@check_arguments(KINDS)
class RegistrationWorkflow(Marks):
    """The records of one target: an orchestrator, or a cluster of it.

    Methods that take a record also take its key. A record that has changed since it was read is
    refused, and so is one that another worker holds. A state that lacks the registrations of rsspot
    0.3.0 on this machine is refused too (`rsspot state import-legacy`). Methods that write
    may wait for another process, so async code calls them in a thread, as `arun` does.

    Args:
        state: State store, or its path or URL.
        target: Name of the orchestrator, or of a cluster of it.
        owner: Name of this worker in leases and histories (default: host, process id and a random
            part).
        clock: Source of time and sleep, for tests (default: that of the system).

    Raises:
        RegistrationError: If the target is empty, and by every method: if this cannot be done.
        StateError: If the state cannot be read or written, also by every method.
    """

    @explain_arguments("RegistrationWorkflow")
    def __init__(
        self,
        state: StateStore | str | os.PathLike[str],
        *,
        target: str,
        owner: str | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if not target:
            raise RegistrationError("A workflow needs a target, a text that is not empty")
        text("target", target)
        if owner is not None:
            text("owner", owner)
        self.state: StateStore = state if isinstance(state, StateStore) else StateStore(state)
        check_ledger(self.state)
        self.target = target
        self.owner: str = owner or f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self.clock = clock
        self.ledger: Ledger = self.state.registrations

    if not TYPE_CHECKING:  # a type checker would accept any name

        def __getattr__(self, name: str) -> object:
            from rsspot.renamed import missing_attribute

            raise missing_attribute(self, name, ("a registration workflow",))

    @explain_arguments("RegistrationWorkflow.discover")
    def discover(
        self,
        vmcloudspaces: Iterable[VMCloudspace | Mapping[str, Any]],
        *,
        complete: bool = False,
        namespace: str | None = None,
        select: Callable[[RegistrationCandidate], bool] | None = None,
    ) -> Discovery:
        """Add the VMs of VM cloudspaces to the ledger.

        Args:
            vmcloudspaces: VM cloudspaces, as models or as JSON.
            complete: Whether this is an uncached list of all VM cloudspaces, so that VMs that are
                not in it have vanished, and are skipped until they come back.
            namespace: Namespace of the list, which an empty list does not show (default: that of
                its items).
            select: Function that returns whether a VM is to be registered (default: all).

        Returns:
            What was added, moved, vanished and returned.

        Raises:
            RegistrationError: If the list cannot be read.
            StateError: If the ledger cannot be written.
        """
        listing = listing_of(
            vmcloudspaces, self.target, complete=complete, namespace=namespace, select=select
        )
        return self.ledger.discover(listing, who=self.owner)

    def get(self, key: str) -> RegistrationRecord:
        """Return one record.

        Args:
            key: Key of the record.

        Raises:
            RecordNotFound: If there is no such record.
            StateError: If the ledger cannot be read.
        """
        return self.ledger.get(key)

    def list(
        self, *, status: RegistrationStatus | str | None = None
    ) -> builtins.list[RegistrationRecord]:
        """Return all records, or those with a status, oldest first.

        Args:
            status: Status of the records (default: any).

        Raises:
            StateError: If the ledger cannot be read.
        """
        return self.ledger.list(target=self.target, status=status)

    def summary(self) -> Summary:
        """Return how many records there are of each status.

        Raises:
            StateError: If the ledger cannot be read.
        """
        return self.ledger.summary(self.target)

    def watch(
        self, *, status: RegistrationStatus | str | None = None, interval: float = 2.0
    ) -> Iterator[RegistrationChange]:
        """Yield records without end, first as they are, then as they change.

        Args:
            status: Status that records have or get (default: any).
            interval: Seconds between two looks (default: 2).

        Raises:
            StateError: If the ledger cannot be read.
        """
        return iterate(self._changes(status, interval))

    def awatch(
        self, *, status: RegistrationStatus | str | None = None, interval: float = 2.0
    ) -> AsyncIterator[RegistrationChange]:
        """Yield records without end to ``async for``, first as they are, then as they change.

        Args:
            status: Status that records have or get (default: any).
            interval: Seconds between two looks (default: 2).

        Raises:
            StateError: If the ledger cannot be read.
        """
        return aiterate(self._changes(status, interval))

    def _changes(
        self, status: RegistrationStatus | str | None, interval: float
    ) -> Stream[RegistrationChange]:
        statuses = () if status is None else (RegistrationStatus(status),)
        selection = Selection(target=self.target, statuses=statuses)
        return watch(self.ledger, selection, interval, self.clock)

    def run(
        self,
        client: HasInventory,
        *,
        issue_token: Callable[[Step], JoinToken],
        submit: Callable[[Step, JoinToken], Mapping[str, Any] | None],
        verify: Callable[[Step], bool] | None = None,
        **options: Unpack[RunOptions],
    ) -> Summary:
        """Discover all VMs, and take each through its steps to the end.

        Steps are called from `concurrency` threads. A step that raises is tried again, with waits
        that grow up to `max_delay` seconds, `max_attempts` times in all, one that calls `sys.exit`
        too; `Skip` and `Permanent` are final. Ctrl-C, or `deadline` seconds, end the run before the
        next step; leases are given back, and another run goes on from there. So does one after a
        crash, `ttl` seconds later.

        Args:
            client: Client, or anything with an `inventory`.
            issue_token: Function of a `Step` that issues a `JoinToken` for its VM.
            submit: Function of a `Step` and its `JoinToken` that announces the VM to the
                orchestrator. What it returns is added to the payload of the record.
            verify: Function of a `Step` that returns whether the orchestrator knows the VM, called
                every `verify_every` seconds for `verify_timeout` seconds (default: a submitted VM
                counts as registered).
            **options: Limits of the run: `concurrency` (default: 8), `max_attempts` (5), `ttl` (60
                seconds), `base_delay` (1), `max_delay` (60), `verify_every` (5), `verify_timeout`
                (900), `step_timeout` (300), `deadline` (none), `select` and `on_progress` (none),
                in seconds where they are times.

        Returns:
            The number of records of each status at the end.

        Raises:
            RegistrationError: If an option is out of range, or a step is async.
            StateError: If the ledger cannot be read or written.
            RSSpotError: If the VM cloudspaces cannot be listed.
        """
        plan = RunPlan(issue_token=issue_token, submit=submit, verify=verify, **options)
        return run(self._flow(whole_list(client), plan))

    async def arun(
        self,
        client: HasInventory,
        *,
        issue_token: IssueToken,
        submit: Submit,
        verify: Verify | None = None,
        **options: Unpack[RunOptions],
    ) -> Summary:
        """Discover all VMs, and take each through its steps, in `concurrency` tasks.

        Plain functions are called in threads. A cancellation waits for the steps that are under
        way; a second one does not.

        Args:
            client: Client, or anything with an `inventory`.
            issue_token: Function of a `Step` that issues a `JoinToken` for its VM.
            submit: Function of a `Step` and its `JoinToken` that announces the VM to the
                orchestrator. What it returns is added to the payload of the record.
            verify: Function of a `Step` that returns whether the orchestrator knows the VM, called
                every `verify_every` seconds for `verify_timeout` seconds (default: a submitted VM
                counts as registered).
            **options: Limits of the run: `concurrency` (default: 8), `max_attempts` (5), `ttl` (60
                seconds), `base_delay` (1), `max_delay` (60), `verify_every` (5), `verify_timeout`
                (900), `step_timeout` (300), `deadline` (none), `select` and `on_progress` (none),
                in seconds where they are times.

        Returns:
            The number of records of each status at the end.

        Raises:
            RegistrationError: If an option is out of range.
            StateError: If the ledger cannot be read or written.
            RSSpotError: If the VM cloudspaces cannot be listed.
        """
        plan = RunPlan(issue_token=issue_token, submit=submit, verify=verify, **options)
        return await arun(self._flow(whole_list(client, is_async=True), plan))

    def _flow(self, listed: Flow[WholeList], plan: RunPlan) -> Flow[Summary]:
        ends = math.inf if plan.deadline is None else self.clock.monotonic() + plan.deadline
        whole = yield from listed
        yield from block(
            self.discover,
            whole.vmcloudspaces,
            complete=True,
            namespace=whole.namespace,
            select=plan.select,
        )
        yield from process_due(
            self.ledger, plan, target=self.target, owner=self.owner, clock=self.clock, ends=ends
        )
        return (yield from self.ledger.flows.summary(self.target))
