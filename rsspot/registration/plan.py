"""What a run is told to do."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, TypedDict

from attrs import field, frozen

from rsspot.arguments import check_whole
from rsspot.state.durations import check_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from attrs import Attribute

    from rsspot.registration.progress import Progress
    from rsspot.registration.steps import IssueToken, Submit, Verify
    from rsspot.state.ledger import RegistrationCandidate

__all__ = ["Options", "Plan"]


class Options(TypedDict, total=False):
    """How a run goes about it; times are in seconds. `Plan` says what each is."""

    concurrency: int
    max_attempts: int
    deadline: float | None
    on_progress: Callable[[Progress], object] | None
    select: Callable[[RegistrationCandidate], bool] | None
    ttl: float
    base_delay: float
    max_delay: float
    verify_every: float
    verify_timeout: float
    step_timeout: float


def _seconds(_plan: object, attribute: Attribute[Any], value: float) -> None:
    check_seconds(attribute.name, value, above_zero=True)


def _maybe_seconds(_plan: object, attribute: Attribute[Any], value: float | None) -> None:
    if value is not None:
        check_seconds(attribute.name, value)


def _count(_plan: object, attribute: Attribute[Any], value: int) -> None:
    check_whole(attribute.name, value, 1)


@frozen(kw_only=True)
class Plan:
    """The user's steps, and their bounds. Times are in seconds."""

    issue_token: IssueToken
    submit: Submit
    verify: Verify | None
    concurrency: int = field(default=8, validator=_count)
    """Records that are worked on at once."""
    max_attempts: int = field(default=5, validator=_count)
    """Failures after which a record stays failed."""
    deadline: float | None = field(default=None, validator=_maybe_seconds)
    """How long the run may take: no step begins after that."""
    on_progress: Callable[[Progress], object] | None = None
    """Is told of each change, one at a time."""
    select: Callable[[RegistrationCandidate], bool] | None = None
    """Which VMs are taken up; all, where it is None."""
    ttl: float = field(default=60.0, validator=_seconds)
    """How long after a crash a record waits for another worker."""
    base_delay: float = field(default=1.0, validator=_seconds)
    """The longest wait after the first failure; it doubles with each further one."""
    max_delay: float = field(default=60.0, validator=_seconds)
    """The longest wait after any failure."""
    verify_every: float = field(default=5.0, validator=_seconds)
    """How often the orchestrator is asked for a VM that it does not know yet."""
    verify_timeout: float = field(default=900.0, validator=_seconds)
    """How long it may take to know it, since this run saw it submitted; then it has failed."""
    step_timeout: float = field(default=300.0, validator=_seconds)
    """How long one step may take. In async it fails then; a plain step of a sync run cannot be
    stopped, but its record is leased no longer, so that another worker can take over."""

    def wait(self, failures: int) -> float:
        """How long to wait after so many failures: `backoff`'s schedule, with full jitter."""
        import backoff

        values = backoff.expo(factor=self.base_delay, max_value=self.max_delay)
        return backoff.full_jitter(next(islice(values, failures, None)))
