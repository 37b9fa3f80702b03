"""The options of a run."""

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

__all__ = ["RunOptions", "RunPlan"]


class RunOptions(TypedDict, total=False):
    """Options of a run, with times in seconds. `RunPlan` describes each."""

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
class RunPlan:
    """The steps of the user, and their limits. Times are in seconds."""

    issue_token: IssueToken
    submit: Submit
    verify: Verify | None
    concurrency: int = field(default=8, validator=_count)
    """Maximum records that are worked on at the same time."""
    max_attempts: int = field(default=5, validator=_count)
    """Number of failures after which a record stays failed."""
    deadline: float | None = field(default=None, validator=_maybe_seconds)
    """Maximum time of the run: no step starts after that."""
    on_progress: Callable[[Progress], object] | None = None
    """Called with each change, one at a time."""
    select: Callable[[RegistrationCandidate], bool] | None = None
    """Returns whether a VM is registered; None for all."""
    ttl: float = field(default=60.0, validator=_seconds)
    """Time after a crash until another worker can claim a record."""
    base_delay: float = field(default=1.0, validator=_seconds)
    """Maximum wait after the first failure; it doubles with each further one."""
    max_delay: float = field(default=60.0, validator=_seconds)
    """Maximum wait after any failure."""
    verify_every: float = field(default=5.0, validator=_seconds)
    """Time between two calls of `verify` for a VM that is not registered yet."""
    verify_timeout: float = field(default=900.0, validator=_seconds)
    """Maximum time until `verify` succeeds, after this run saw the VM submitted; then it fails."""
    step_timeout: float = field(default=300.0, validator=_seconds)
    """Maximum time of one step. In async code the step fails then. A sync step cannot be stopped,
    but its record loses its lease, so that another worker can take over."""

    def wait(self, failures: int) -> float:
        """Return the wait after this many failures: the schedule of `backoff`, with full jitter."""
        import backoff

        values = backoff.expo(factor=self.base_delay, max_value=self.max_delay)
        return backoff.full_jitter(next(islice(values, failures, None)))
