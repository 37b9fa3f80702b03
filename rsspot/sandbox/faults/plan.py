"""Faults: what goes wrong, for which requests, and how often."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Fault", "FaultKind", "FaultPlan"]

FaultKind = Literal[
    "latency",  # answers after `seconds`
    "status",  # answers `status`, with Retry-After when `retry_after` is set, without acting
    "status_after",  # acts, and answers `status` all the same
    "drop_before",  # closes the connection without acting
    "drop_after",  # acts, and closes the connection without an answer
    "truncate",  # acts, and sends half of the body
    "html",  # answers a page of HTML with status 200
    "expired_token",  # answers 401 as if the bearer had expired
    "drip",  # acts, and sends the body byte by byte, `seconds` apart
    "none",  # goes well: a step of a script
]


@dataclass
class Fault:
    """One fault: `times` counts down to 0 (None goes on for ever), `probability` is per request.

    `path` is a regular expression that is searched for in the path. The first `skip` requests
    that it is meant for go well.
    """

    kind: FaultKind
    method: str | None = None
    path: str = ""
    probability: float = 1.0
    times: int | None = None
    skip: int = 0
    status: int = 503
    retry_after: str | None = None
    seconds: float = 0.1

    def __post_init__(self) -> None:
        if self.kind not in get_args(FaultKind):
            raise ValueError(
                f"{self.kind!r} is no fault; there are {', '.join(get_args(FaultKind))}"
            )
        if not 0 <= self.probability <= 1:
            raise ValueError(f"a probability is from 0 to 1, not {self.probability!r}")
        try:
            re.compile(self.path)
        except re.error as error:
            raise ValueError(f"path {self.path!r} is no regular expression: {error}") from None

    @classmethod
    def parse(cls, text: str) -> Fault:
        """From text such as ``status,status=429,retry_after=2,path=cloudspaces,times=3``."""
        kind, *rest = text.split(",")
        options: dict[str, Any] = {}
        for part in rest:
            name, equals, value = part.partition("=")
            if not equals or name not in cls.__dataclass_fields__:
                raise ValueError(f"{part!r} is no option of a fault")
            try:
                options[name] = _NUMBERS[name](value) if name in _NUMBERS else value
            except ValueError:
                raise ValueError(f"{part!r} is not a number") from None
        return cls(kind, **options)  # type: ignore[arg-type]  # checked when it is made

    def matches(self, method: str, path: str) -> bool:
        """Whether this fault is meant for such a request."""
        return (
            self.times != 0 and self.method in {None, method} and bool(re.search(self.path, path))
        )


_NUMBERS: dict[str, type[int | float]] = {
    "probability": float,
    "seconds": float,
    "times": int,
    "skip": int,
    "status": int,
}


@dataclass
class FaultPlan:
    """The faults of a sandbox, tried in their order; the first that strikes is the one."""

    seed: int
    faults: list[Fault] = field(default_factory=list[Fault])
    struck: Counter[str] = field(default_factory=Counter[str])
    """How often each kind has struck."""

    def __post_init__(self) -> None:
        self._random = random.Random(f"faults/{self.seed}")  # noqa: S311 - repeatable on purpose
        self._guard = threading.Lock()

    def add(self, kind: FaultKind, **options: Any) -> Fault:
        """Plan a fault; `times=1` strikes once."""
        fault = Fault(kind, **options)
        self.extend([fault])
        return fault

    def extend(self, faults: Iterable[Fault]) -> None:
        """Plan several, after those that are planned already."""
        made = list(faults)
        with self._guard:
            self.faults += made

    def script(self, *kinds: FaultKind | Fault, method: str | None = None, path: str = "") -> None:
        """Plan what happens to the next matching requests, one step each; "none" goes well.

        A step that is a `Fault` keeps its options, and is meant for the same requests.
        """
        steps = [kind if isinstance(kind, Fault) else Fault(kind) for kind in kinds]
        for step in steps:
            step.method, step.path, step.times = method, path, 1
        self.extend(steps)

    def clear(self) -> None:
        """Let nothing go wrong from now on."""
        with self._guard:
            self.faults.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """The fault for this request, if any."""
        with self._guard:
            for fault in self.faults:
                if not fault.matches(method, path):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                elif self._random.random() < fault.probability:
                    if fault.times is not None:
                        fault.times -= 1
                    if fault.kind == "none":
                        return None
                    self.struck[fault.kind] += 1
                    return fault
        return None

    def to_list(self) -> list[dict[str, Any]]:
        """The plan as JSON."""
        with self._guard:
            return [asdict(fault) for fault in self.faults]
