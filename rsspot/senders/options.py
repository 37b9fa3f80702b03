"""Options of requests, retries and the cache, shared by profiles, clients and senders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from rsspot.redaction.quoting import quoted, quoted_key
from rsspot.renamed import explain_class
from rsspot.shapes import is_mapping
from rsspot.validators import (
    HUGE,
    InvalidValue,
    at_least,
    check_number,
    each,
    is_a,
    kind_of,
    required,
)
from rsspot.values import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from attrs import Attribute

    from rsspot.validators import Validator

__all__ = ["MAX_BODY", "CacheConfig", "RetryConfig", "Timeouts"]


MAX_BODY = 64 * 1024 * 1024
"""Maximum bytes of one decoded body, so that no response can exhaust the memory."""
MAX_SECONDS = 1_000_000.0
"""The longest time that every platform can wait (11 days)."""

seconds: Validator = at_least(0, none=True, maximum=MAX_SECONDS)


def _set_of(values: Any) -> Any:
    # Other values are left to the validator, which knows the name of the field.
    many: frozenset[Any] | list[Any] = values
    is_many = isinstance(values, list | tuple | set | frozenset)
    return frozenset(many) if is_many and all(is_a(int, item) for item in many) else many


def _copy_of(rules: Any) -> Any:
    return {**rules} if is_mapping(rules) else rules


def _statuses(_owner: Any, attribute: Attribute[Any], values: Any) -> None:
    members: frozenset[Any] = values
    if not is_a(frozenset, values) or not all(is_a(int, item) for item in members):
        raise InvalidValue(
            attribute.name, f"must be a list of HTTP statuses, not {kind_of(values)}"
        )


def _seconds(_owner: Any, attribute: Attribute[Any], rules: Any) -> None:
    each(float)(_owner, attribute, rules)
    for pattern, value in rules.items():
        name = f"{attribute.name}.{quoted_key(pattern)}"
        if is_a(float, value) and value < 0:
            raise InvalidValue(name, f"must be at least 0, not {quoted(float(max(value, -HUGE)))}")
        check_number(name, value, 0)


BACKENDS = ("sqlite", "memory")


def _backend(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
    if not isinstance(value, str) or value not in BACKENDS:
        raise InvalidValue(
            attribute.name, f"must be sqlite or memory, not {quoted(value, BACKENDS)}"
        )


_flag = required(bool)


@frozen(kw_only=True)
class Timeouts:
    """Maximum seconds for a call and its steps, at most 1,000,000 each; None has no limit.

    Attributes:
        connect: Maximum seconds to connect (default: 10), as in httpx.
        read: Maximum seconds to wait for a part of the response (default: 60).
        write: Maximum seconds to wait until a part of the request is sent (default: 60).
        pool: Maximum seconds to wait for a connection of the pool (default: 60).
        total: Maximum seconds for the whole call (default: 60): sign-in, all requests and attempts,
            the waits between them, and the bodies. A call of a sender is one request; an iterator
            over a list has it for each page.
    """

    connect: float | None = field(default=10.0, validator=seconds)
    read: float | None = field(default=60.0, validator=seconds)
    write: float | None = field(default=60.0, validator=seconds)
    pool: float | None = field(default=60.0, validator=seconds)
    total: float | None = field(default=60.0, validator=seconds)


@frozen(kw_only=True)
class RetryConfig:
    """When a request is sent again, and how long to wait before. See ``docs/rules.md``.

    Attributes:
        max_attempts: Maximum number of attempts, the first one included (default: 4).
        base_delay: Seconds of the first wait (default: 0.5); each wait doubles.
        max_delay: Maximum seconds of a wait (default: 30).
        jitter: Whether a wait is drawn between zero and its length.
        retry_statuses: HTTP statuses after which a request is sent again (default: 408, 429, 500,
            502, 503 and 504).
        max_elapsed: Maximum seconds for all attempts and waits (default: 120); None has no limit.
        respect_retry_after: Whether Retry-After (RFC 9110) is obeyed; such waits do not count as
            attempts.
        retry_unsafe: Whether a POST or PATCH is sent again although the server may have acted on
            it.
    """

    max_attempts: int = field(default=4, validator=at_least(1, whole=True))
    base_delay: float = field(default=0.5, validator=at_least(0, maximum=MAX_SECONDS))
    max_delay: float = field(default=30.0, validator=at_least(0, maximum=MAX_SECONDS))
    jitter: bool = field(default=True, validator=_flag)
    retry_statuses: frozenset[int] = field(
        default=frozenset({408, 429, 500, 502, 503, 504}),
        converter=_set_of,
        validator=_statuses,
    )
    max_elapsed: float | None = field(default=120.0, validator=seconds)
    respect_retry_after: bool = field(default=True, validator=_flag)
    retry_unsafe: bool = field(default=False, validator=_flag)


@frozen(kw_only=True)
class CacheConfig:
    """What is cached when the server does not say.

    Attributes:
        enabled: Whether the cache is used.
        default_ttl: Seconds for the catalogue (default: 60): organizations, regions, server classes
            and prices.
        ttl: Seconds by pattern of the URL path (as in `fnmatch`), for any read; 0 turns one off
            (default: none).
        max_entries: Maximum number of responses in memory (default: 10,000).
        backend: ``"sqlite"`` (default) shares responses between processes; ``"memory"`` does not.
        stale_if_error: Seconds for which an expired response may replace a server error (default:
            0), see RFC 5861.
    """

    enabled: bool = field(default=True, validator=_flag)
    default_ttl: float = field(default=60.0, validator=at_least(0))
    ttl: Mapping[str, float] = field(
        factory=dict[str, float], converter=_copy_of, validator=_seconds, hash=False
    )
    max_entries: int = field(default=10_000, validator=at_least(1, whole=True))
    backend: Literal["sqlite", "memory"] = field(default="sqlite", validator=_backend)
    stale_if_error: float = field(default=0.0, validator=at_least(0))


for _kind in (RetryConfig, CacheConfig):
    explain_class(_kind)
