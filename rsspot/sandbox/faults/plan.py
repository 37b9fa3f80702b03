"""The plan of faults: what fails, for which requests, and how often."""

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
    "latency",  # respond after `seconds`
    "status",  # respond with `status` (and `retry_after`) without carrying out the request
    "status_after",  # carry out the request, then respond with `status`
    "drop_before",  # close the connection without carrying out the request
    "drop_after",  # carry out the request, then close the connection without a response
    "truncate",  # carry out the request, send half of the body, then close the connection
    "html",  # respond with an HTML page and status 200 without carrying out the request
    "expired_token",  # respond with 401 as if the access token had expired
    "drip",  # carry out the request, and send the body byte by byte, `seconds` apart
    "none",  # no fault: a step of a script
]


@dataclass
class Fault:
    """One planned fault.

    - `kind`: what the client gets; `FaultKind` lists the kinds.
    - `method`: strike only requests with this method, such as "POST" (default: all methods).
    - `path`: strike only requests whose path contains this regular expression (default: all paths).
    - `probability`: the chance that a matching request is struck, from 0 to 1.
    - `times`: strike this number of requests; it counts down to 0 (default: None, no limit).
    - `skip`: let this number of matching requests pass first.
    - `status`: the status code for `status` and `status_after`.
    - `retry_after`: the Retry-After header for `status` and `status_after` (default: none).
    - `seconds`: the delay for `latency`, and between two bytes for `drip`.

    Raises `ValueError` for an unknown kind, a probability out of range, and a path that is not a
    regular expression.
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
            kinds = ", ".join(get_args(FaultKind))
            raise ValueError(f"{self.kind!r} is not a kind of fault. The kinds are {kinds}.")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"probability must be from 0 to 1, not {self.probability!r}.")
        try:
            re.compile(self.path)
        except re.error as error:
            raise ValueError(
                f"path {self.path!r} is not a valid regular expression: {error}."
            ) from None

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Parse text such as ``status,status=429,retry_after=2,path=cloudspaces,times=3``.

        Raises `ValueError`, which names the option that is wrong.
        """
        kind, *rest = text.split(",")
        options: dict[str, Any] = {}
        for part in rest:
            name, equals, value = part.partition("=")
            if not equals or name not in cls.__dataclass_fields__:
                known = ", ".join(name for name in cls.__dataclass_fields__ if name != "kind")
                raise ValueError(
                    f"{part!r} is not an option of a fault. Write NAME=VALUE. "
                    f"The names are {known}."
                )
            try:
                options[name] = _NUMBERS[name](value) if name in _NUMBERS else value
            except ValueError:
                raise ValueError(f"{name} must be a number, not {value!r}.") from None
        return cls(kind, **options)  # type: ignore[arg-type]  # __post_init__ checks it

    def matches(self, method: str, path: str) -> bool:
        """Return whether this fault can strike such a request."""
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
    """The faults of a sandbox, tried in order. At most one strikes each request."""

    seed: int
    faults: list[Fault] = field(default_factory=list[Fault])
    struck: Counter[str] = field(default_factory=Counter[str])
    """How often each kind has struck."""

    def __post_init__(self) -> None:
        self._random = random.Random(f"faults/{self.seed}")  # noqa: S311 - repeatable on purpose
        self._guard = threading.Lock()

    def add(self, kind: FaultKind, **options: Any) -> Fault:
        """Add a fault to the plan, and return it. `options` are the other fields of `Fault`."""
        fault = Fault(kind, **options)
        self.extend([fault])
        return fault

    def extend(self, faults: Iterable[Fault]) -> None:
        """Add several faults after those that are planned already."""
        added = list(faults)
        with self._guard:
            self.faults += added

    def script(self, *kinds: FaultKind | Fault, method: str | None = None, path: str = "") -> None:
        """Plan one step for each of the next matching requests; "none" lets one pass.

        A step that is a `Fault` keeps its options, except `method`, `path` and `times`.
        """
        steps = [kind if isinstance(kind, Fault) else Fault(kind) for kind in kinds]
        for step in steps:
            step.method, step.path, step.times = method, path, 1
        self.extend(steps)

    def clear(self) -> None:
        """Remove all faults from the plan."""
        with self._guard:
            self.faults.clear()

    def next_fault(self, method: str, path: str) -> Fault | None:
        """Return the fault for this request, if any, and count it."""
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
        """Return the plan as JSON-compatible data."""
        with self._guard:
            return [asdict(fault) for fault in self.faults]
