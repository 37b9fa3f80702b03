"""Faults: what goes wrong, for which requests, and how often."""

from __future__ import annotations

import random
import re
import threading
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

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
    "drip",  # sends the body byte by byte, `seconds` apart
]


@dataclass
class Fault:
    """One fault: `times` counts down to 0 (None goes on for ever), `probability` is per request.

    `path` is a regular expression that is searched for in the path.
    """

    kind: FaultKind
    method: str | None = None
    path: str = ""
    probability: float = 1.0
    times: int | None = None
    status: int = 503
    retry_after: str | None = None
    seconds: float = 0.1

    def __post_init__(self) -> None:
        if self.kind not in get_args(FaultKind):
            raise ValueError(
                f"{self.kind!r} is no fault; there are {', '.join(get_args(FaultKind))}"
            )
        re.compile(self.path)

    @classmethod
    def parse(cls, text: str) -> Fault:
        """From text such as ``status,status=429,retry_after=2,path=cloudspaces,times=3``."""
        kind, *rest = text.split(",")
        options: dict[str, Any] = {}
        for part in rest:
            name, equals, value = part.partition("=")
            if not equals or name not in cls.__dataclass_fields__:
                raise ValueError(f"{part!r} is no option of a fault")
            options[name] = value
        for name, convert in (("probability", float), ("seconds", float), ("times", int)):
            if name in options:
                options[name] = convert(options[name])
        if "status" in options:
            options["status"] = int(options["status"])
        return cls(kind, **options)  # type: ignore[arg-type]  # checked when it is made

    def matches(self, method: str, path: str) -> bool:
        """Whether this fault is meant for such a request."""
        return (
            self.times != 0 and self.method in {None, method} and bool(re.search(self.path, path))
        )


@dataclass
class FaultPlan:
    """The faults of a sandbox, tried in their order; the first that strikes is the one."""

    seed: int
    faults: list[Fault] = field(default_factory=list[Fault])

    def __post_init__(self) -> None:
        self._random = random.Random(f"faults/{self.seed}")  # noqa: S311 - repeatable on purpose
        self._guard = threading.Lock()

    def add(self, kind: FaultKind, **options: Any) -> Fault:
        """Plan a fault; `times=1` strikes once."""
        fault = Fault(kind, **options)
        with self._guard:
            self.faults.append(fault)
        return fault

    def clear(self) -> None:
        """Let nothing go wrong from now on."""
        with self._guard:
            self.faults.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """The fault for this request, if any."""
        with self._guard:
            for fault in self.faults:
                if fault.matches(method, path) and self._random.random() < fault.probability:
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None

    def to_list(self) -> list[dict[str, Any]]:
        """The plan as JSON."""
        with self._guard:
            return [asdict(fault) for fault in self.faults]
