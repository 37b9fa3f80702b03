"""Register all VMs of an organization with an orchestrator, each once."""

from __future__ import annotations

import math
import os
import socket
import uuid
from typing import TYPE_CHECKING, Any

from attrs import evolve

from rsspot.arguments import check_arguments
from rsspot.errors import RegistrationError
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.flow.flow import aiterate, arun, block, iterate, run
from rsspot.legacy.guard import check_ledger
from rsspot.registration.heartbeat import Heartbeat
from rsspot.registration.inventory import whole_list
from rsspot.registration.listing import listing_of
from rsspot.registration.plan import Plan
from rsspot.registration.progress import ProgressReporter
from rsspot.registration.run import Run
from rsspot.registration.selection import Selection
from rsspot.registration.task_group import together
from rsspot.registration.watching import watch
from rsspot.renamed import explain_arguments
from rsspot.state import StateStore
from rsspot.state.kinds import KINDS
from rsspot.state.ledger import (
    Failed,
    Registered,
    RegistrationStatus,
    Reissued,
    Reopened,
    Retried,
    Skipped,
    Submitted,
    TokenIssued,
)
from rsspot.state.ledger.checks import text

if TYPE_CHECKING:
    import builtins
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from typing import Unpack

    from rsspot.client import AsyncSpotClient, SpotClient
    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow, Stream
    from rsspot.models.vms import VMCloudspace
    from rsspot.registration.inventory import HasInventory, WholeList
    from rsspot.registration.plan import Options
    from rsspot.registration.steps import IssueToken, JoinToken, Step, Submit, Verify
    from rsspot.registration.watching import Change
    from rsspot.state.ledger import (
        Discovery,
        Event,
        Ledger,
        RegistrationCandidate,
        RegistrationRecord,
        Summary,
    )

__all__ = ["RegistrationWorkflow"]


@check_arguments(KINDS)
class RegistrationWorkflow:
    """The registrations for one target: an orchestrator, or a cluster of it.

    target: the name of the orchestrator or cluster.
    state: a state store, or the path of one.
    owner: the name of this worker in leases and histories; made up by default.

    Methods that take a record also take its key; a record that has changed since it was read is
    refused, and so is one that another worker holds. A state is refused if it lacks the
    registrations of rsspot 0.3.0 on this machine (`rsspot state import-legacy`). All methods raise
    `RegistrationError` and `StateError`. Those that write may block; async code calls them in a
    thread, as `arun` does.
    """

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
        """Add the VMs of VM cloudspaces, models or JSON, for which `select` returns true.

        complete: whether it is an uncached list of all VM cloudspaces: VMs that are missing from it
        have vanished, and are skipped until they return.
        namespace: whose list it is, in case it is empty.
        """
        listing = listing_of(
            vmcloudspaces, self.target, complete=complete, namespace=namespace, select=select
        )
        return self.ledger.discover(listing, who=self.owner)

    @explain_arguments("RegistrationWorkflow.mark_token_issued")
    def mark_token_issued(
        self,
        record: RegistrationRecord | str,
        token_id: str,
        expires_at: datetime | None = None,
    ) -> RegistrationRecord:
        """Record that a token was issued."""
        return self._apply(record, TokenIssued(token_id, expires_at))

    def reissue(
        self,
        record: RegistrationRecord | str,
        token_id: str,
        expires_at: datetime | None = None,
    ) -> RegistrationRecord:
        """Record that a token was issued in place of one that expired or was lost."""
        return self._apply(record, Reissued(token_id, expires_at))

    def mark_submitted(
        self, record: RegistrationRecord | str, payload: Mapping[str, Any] | None = None
    ) -> RegistrationRecord:
        """Record that the VM was submitted; `payload` is added to the existing one."""
        return self._apply(record, Submitted(payload))

    def mark_registered(
        self, record: RegistrationRecord | str, payload: Mapping[str, Any] | None = None
    ) -> RegistrationRecord:
        """Record that the orchestrator knows the VM; `payload` is added to the existing one."""
        return self._apply(record, Registered(payload))

    @explain_arguments("RegistrationWorkflow.mark_failed")
    def mark_failed(
        self,
        record: RegistrationRecord | str,
        error: str | BaseException,
        *,
        retry_in: float | None = None,
    ) -> RegistrationRecord:
        """Record a failure. A run tries again in `retry_in` seconds; without it, after `retry`."""
        text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
        return self._apply(record, Failed(text, retry_in))

    @explain_arguments("RegistrationWorkflow.mark_skipped")
    def mark_skipped(self, record: RegistrationRecord | str, reason: str) -> RegistrationRecord:
        """Record that the VM must not be registered."""
        return self._apply(record, Skipped(reason))

    def retry(self, record: RegistrationRecord | str) -> RegistrationRecord:
        """Start again after a failure, as if there had been none."""
        return self._apply(record, Retried(afresh=True))

    def reopen(self, record: RegistrationRecord | str, reason: str = "") -> RegistrationRecord:
        """Start again with a skipped or registered VM, with a new idempotency key."""
        return self._apply(record, Reopened(reason))

    def get(self, key: str) -> RegistrationRecord:
        """One record."""
        return self.ledger.get(key)

    def list(
        self, *, status: RegistrationStatus | str | None = None
    ) -> builtins.list[RegistrationRecord]:
        """Return all records, or those with a status, oldest first."""
        return self.ledger.list(target=self.target, status=status)

    def summary(self) -> Summary:
        """Return the number of records of each status."""
        return self.ledger.summary(self.target)

    def watch(
        self, *, status: RegistrationStatus | str | None = None, interval: float = 2.0
    ) -> Iterator[Change]:
        """Yield records without end: first all, then each that changes.

        status: only records that have it, or get it. interval: seconds between two checks.
        """
        return iterate(self._changes(status, interval))

    def awatch(
        self, *, status: RegistrationStatus | str | None = None, interval: float = 2.0
    ) -> AsyncIterator[Change]:
        """Yield the same in an event loop."""
        return aiterate(self._changes(status, interval))

    def _changes(self, status: RegistrationStatus | str | None, interval: float) -> Stream[Change]:
        statuses = () if status is None else (RegistrationStatus(status),)
        selection = Selection(target=self.target, statuses=statuses)
        return watch(self.ledger, selection, interval, self.clock)

    def run(
        self,
        client: SpotClient | HasInventory,
        *,
        issue_token: Callable[[Step], JoinToken],
        submit: Callable[[Step, JoinToken], Mapping[str, Any] | None],
        verify: Callable[[Step], bool] | None = None,
        **options: Unpack[Options],
    ) -> Summary:
        """Discover all VMs, register each of them, and return the final counts.

        Steps are called from `concurrency` threads. One that raises is called again, with waits
        that grow up to `max_delay` seconds, at most `max_attempts` times; the same for one that
        calls `sys.exit`. `Skip` and `Permanent` are final. Without `verify`, a submitted VM counts
        as registered; with it, the orchestrator is asked every `verify_every` seconds, for
        `verify_timeout` seconds. Ctrl-C, or `deadline` seconds, end the run before the next step.
        It releases its leases, and another run continues from there; after a crash, `ttl` seconds
        later.
        """
        plan = Plan(issue_token=issue_token, submit=submit, verify=verify, **options)
        return run(self._flow(whole_list(client), plan))

    async def arun(
        self,
        client: SpotClient | AsyncSpotClient | HasInventory,
        *,
        issue_token: IssueToken,
        submit: Submit,
        verify: Verify | None = None,
        **options: Unpack[Options],
    ) -> Summary:
        """Do the same in an event loop: in `concurrency` tasks; sync steps are called in threads.

        A cancellation waits for the steps under way; a second one does not.
        """
        plan = Plan(issue_token=issue_token, submit=submit, verify=verify, **options)
        return await arun(self._flow(whole_list(client, is_async=True), plan))

    def _apply(self, record: RegistrationRecord | str, event: Event) -> RegistrationRecord:
        return self.ledger.apply(record, event, who=self.owner)

    def _flow(self, listed: Flow[WholeList], plan: Plan) -> Flow[Summary]:
        ends = math.inf if plan.deadline is None else self.clock.monotonic() + plan.deadline
        whole = yield from listed
        yield from block(
            self.discover,
            whole.vmcloudspaces,
            complete=True,
            namespace=whole.namespace,
            select=plan.select,
        )
        # One length for all workers, so that none takes another for dead that still renews its own.
        plan = evolve(plan, ttl=(yield from block(self.ledger.agree_lease, self.target, plan.ttl)))
        with Heartbeat(self.ledger, plan.ttl, plan.step_timeout) as heartbeat:
            running = Run(
                plan,
                self.ledger,
                target=self.target,
                owner=self.owner,
                clock=self.clock,
                heartbeat=heartbeat,
                progress=ProgressReporter(self.ledger, self.target, plan.on_progress),
                ends=ends,
            )
            workers = [running.worker() for _ in range(plan.concurrency)]
            yield from together(workers, running.stop)
        return (yield from block(self.summary))
