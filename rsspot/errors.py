"""Every error that rsspot raises, in one tree.

::

    RSSpotError
    ├── ConfigError                      a file, key, variable or argument that cannot be used
    ├── AuthError                        sign-in failed, or the server refused the token for good
    ├── RequestError                     one API call failed
    │   ├── APIError                     the server returned an error response
    │   │   ├── BadRequestError          400
    │   │   ├── ForbiddenError           403
    │   │   ├── NotFoundError            404
    │   │   ├── ConflictError            409
    │   │   ├── GoneError                410
    │   │   ├── UnprocessableError       422
    │   │   │   └── BidTooLowError       422, with the minimum price that the server accepts
    │   │   ├── RateLimitedError         429
    │   │   ├── ServerError              500 to 599
    │   │   └── UnexpectedResponseError    a success whose body is not what the API describes
    │   ├── ConnectionFailed             no response: DNS, TLS, refused, reset, timed out
    │   ├── DeadlineExceeded             the total time ran out
    │   ├── OutcomeUnknown               a write may or may not have happened
    │   ├── InvalidInput                 an argument that cannot be sent (also a ValueError)
    │   ├── WaitTimeout                  a waiter gave up; carries the last state seen
    │   └── ClientClosed                 used after close
    ├── StateError                       the state file or database cannot be used
    │   ├── StateClosed                  it was closed
    │   ├── StateUnavailable             a database server cannot be used at the moment
    │   └── DamagedRecordError           a record of the registration ledger cannot be read
    └── RegistrationError                the registration ledger refused a transition
        ├── RecordNotFound               it has no such record
        └── ProgramFailed                a program that is a step of a run failed

``except ConfigError``, ``AuthError``, ``APIError``, ``RequestError``, in that order, catches
everything that a call of a client raises.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from typing import Self

Condition: TypeAlias = Literal["role", "namespace", "billing", "speed bump"]

__all__ = [
    "APIError",
    "AuthError",
    "BadRequestError",
    "BidTooLowError",
    "ClientClosed",
    "Condition",
    "ConfigError",
    "ConflictError",
    "ConnectionFailed",
    "DamagedRecordError",
    "DeadlineExceeded",
    "ForbiddenError",
    "GoneError",
    "InvalidInput",
    "NotFoundError",
    "OutcomeUnknown",
    "ProgramFailed",
    "RSSpotError",
    "RateLimitedError",
    "RecordNotFound",
    "RegistrationError",
    "RequestError",
    "ServerError",
    "StateClosed",
    "StateError",
    "StateUnavailable",
    "UnexpectedResponseError",
    "UnprocessableError",
    "WaitTimeout",
]


class RSSpotError(Exception):
    """The base class of all errors of rsspot.

    Keyword arguments become attributes, and survive pickling.

    Args:
        message: What failed, and why.
        **details: Further attributes, such as `hint`.
    """

    hint: str | None = None
    """What to do next. It is part of the text."""

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        for name, value in details.items():
            setattr(self, name, value)

    def __str__(self) -> str:
        if not self.hint:
            return self.message
        text = self.message.rstrip(".")
        return f"{text}{'' if text.endswith('?') else '.'} {self.hint}"

    def again(self) -> Self:
        """Return the same error for another waiting caller: a traceback belongs to one raise."""
        other = copy.copy(self).with_traceback(None)
        other.__cause__ = self.__cause__
        return other

    def __reduce__(self) -> tuple[Any, ...]:
        # The default calls the class with `args` alone, which loses the attributes.
        return (type(self), (self.message,), self.__dict__)


class ConfigError(RSSpotError):
    """A file, key, environment variable or argument of the configuration cannot be used."""

    path: str | None = None
    key: str | None = None


class AuthError(RSSpotError):
    """Sign-in failed, or the server refused a token that had just been renewed.

    temporary: whether the login failed or could not be reached, whatever the token.
    """

    status: int | None = None
    temporary: bool = False
    method: str | None = None
    url: str | None = None
    request_id: str | None = None


class RequestError(RSSpotError):
    """One call failed. `method` and `url` identify it, without any secret."""

    method: str | None = None
    url: str | None = None
    tries: int = 1
    elapsed: float | None = None


class APIError(RequestError):
    """The response is an error.

    reason: the Kubernetes reason, such as ``AlreadyExists``.
    causes: the problem of each field.
    retry_after: seconds.
    """

    status: int = 0
    reason: str | None = None
    causes: Mapping[str, str] = {}
    request_id: str | None = None
    retry_after: float | None = None
    body: str | None = None
    """The text of the response, without secrets and at most 10,000 characters; None without one."""

    @property
    def status_code(self) -> int:
        """The same as `status`."""
        return self.status


class BadRequestError(APIError):
    """400: the request is malformed."""


class ForbiddenError(APIError):
    """403: signed in, but not allowed. `condition` is the reason, if it is known.

    "role": the role of the token does not allow it; "namespace": it belongs to another
    organization; "billing": not set up; "speed bump": the limit of new accounts.
    """

    condition: Condition | None = None


class NotFoundError(APIError):
    """404: there is no such object."""


class ConflictError(APIError):
    """409: it exists already, or it changed since it was read (see `reason`)."""


class GoneError(APIError):
    """410: a continue token or resource version is too old."""


class UnprocessableError(APIError):
    """422: the server understood the object and refuses it; `causes` has the reasons by field."""


class BidTooLowError(UnprocessableError):
    """422: the bid is below the floor of its server class (docs/api-facts.md#bids)."""

    minimum: Decimal | None = None


class RateLimitedError(APIError):
    """429: too many requests; `retry_after` is the pause that the server asks for."""


class ServerError(APIError):
    """500 to 599: the server failed."""


class UnexpectedResponseError(APIError):
    """The status is a success, but the body is not what the API describes."""


class ConnectionFailed(RequestError):
    """No response came: DNS, TLS, refused, reset, or a timeout.

    sent: False if no byte of the request can have reached the server.
    """

    sent: bool = True
    timed_out: bool = False


class DeadlineExceeded(RequestError):
    """The total time of the call is over, with all attempts and waits.

    sent: False if no byte of the request can have reached the server.
    """

    sent: bool = True


class OutcomeUnknown(RequestError):
    """The response to a write was lost, so it may have had an effect. `name` is its object's."""

    name: str | None = None


class InvalidInput(RequestError, ValueError):
    """An argument is invalid. Nothing was sent. `on_demand_price` is set if a bid is above it."""

    argument: str | None = None
    on_demand_price: Decimal | None = None


class WaitTimeout(RequestError):
    """A wait timed out. `last` is the last state."""

    last: Any = None


class ClientClosed(RequestError):
    """A client or sender was used after it was closed."""


class StateError(RSSpotError):
    """The state store cannot be used; `path` is its file."""

    path: str | None = None


class StateClosed(StateError):
    """The state store was closed."""


class StateUnavailable(StateError):
    """The database server cannot be used at the moment; trying again may help.

    `outcome` says whether the call took effect: "not done", or "unknown" if the connection broke
    before the server had responded.
    """

    outcome: Literal["not done", "unknown"] = "not done"


class DamagedRecordError(StateError):
    """A record of the registration ledger cannot be read. `key` names it."""

    key: str | None = None


class RegistrationError(RSSpotError):
    """The ledger refused a change, and changed nothing. `key` is the record."""

    key: str | None = None


class RecordNotFound(RegistrationError):
    """The ledger has no record of this key or name."""


class ProgramFailed(RegistrationError):
    """A program that is a step of a run failed. It can be run again.

    `status` is its exit status; None if it was stopped from outside, or never started.
    """

    status: int | None = None
