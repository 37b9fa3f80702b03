"""What a run is told to do."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, TypedDict

from attrs import field, frozen

from rsspot.errors import RegistrationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from attrs import Attribute

    from rsspot.registration.steps import IssueToken, Submit, Verify
    from rsspot.registration.tally import Progress
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


def _above_zero(_plan: object, attribute: Attribute[Any], value: float) -> None:
    # NaN compares false with everything, so the good case is what is asked for.
    if not value > 0:
        raise RegistrationError(f"{attribute.name} must be above 0, not {value!r}")


@frozen(kw_only=True)
class Plan:
    """The user's steps, and their bounds. Times are in seconds."""

    issue_token: IssueToken
    submit: Submit
    verify: Verify | None
    concurrency: int = field(default=8, validator=_above_zero)
    """Records that are worked on at once."""
    max_attempts: int = field(default=5, validator=_above_zero)
    """Failures after which a record stays failed."""
    deadline: float | None = None
    """How long the run may take: no step begins after that."""
    on_progress: Callable[[Progress], object] | None = None
    """Is told of each change, one at a time."""
    select: Callable[[RegistrationCandidate], bool] | None = None
    """Which VMs are taken up; all, where it is None."""
    ttl: float = field(default=60.0, validator=_above_zero)
    """How long after a crash a record waits for another worker."""
    base_delay: float = field(default=1.0, validator=_above_zero)
    """The longest wait after the first failure; it doubles with each further one."""
    max_delay: float = field(default=60.0, validator=_above_zero)
    """The longest wait after any failure."""
    verify_every: float = field(default=5.0, validator=_above_zero)
    """How often the orchestrator is asked for a VM that it does not know yet."""
    verify_timeout: float = field(default=900.0, validator=_above_zero)
    """How long it may take to know it; then that is a failure."""

    def wait(self, failures: int) -> float:
        """How long to wait after so many failures: `backoff`'s schedule, with full jitter."""
        import backoff

        values = backoff.expo(factor=self.base_delay, max_value=self.max_delay)
        return backoff.full_jitter(next(islice(values, failures, None)))
