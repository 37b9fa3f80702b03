"""Why a sign-in failed: the errors of an exchange, which reveal no token."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from rsspot.errors import AuthError, ConnectionFailed, DeadlineExceeded
from rsspot.shapes import as_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rsspot.errors import RequestError
    from rsspot.redaction.secret import Secret
    from rsspot.senders.messages import Response

__all__ = ["refusal", "unreachable"]

TOO_MANY = 429
_FORMS: tuple[Callable[[str], str], ...] = (str, quote_plus, partial(quote, safe=""))
"""The forms in which a server may repeat what it was sent."""


def unreachable(where: str, error: RequestError) -> RequestError:
    """Return a network error that names sign-in: the request of the caller was not sent.

    where: host of the token endpoint.
    """
    failure = error.again()
    failure.message = f"Sign-in at {where} failed: {error.message}"
    failure.args = (failure.message,)
    if isinstance(failure, ConnectionFailed | DeadlineExceeded):
        failure.sent = False
    return failure


def refusal(
    where: str, response: Response, secrets: Iterable[Secret | None], hint: str
) -> AuthError:
    """Return why there is no token, as the server says; no more of its response is shown.

    where: host of the token endpoint. secrets: what the server may repeat, and is never shown.
    hint: what to do if the refresh token is refused.
    """
    body: dict[str, Any] = as_object(response.content)
    status = response.status_code
    described = body.get("error_description") or body.get("error")
    why = described if isinstance(described, str) else ""
    temporary = status == TOO_MANY or status // 100 == 5  # noqa: PLR2004 - a class of statuses
    if response.ok:
        why, hint = "the response holds no id_token", "Check that oauth_url is the login"
    elif status // 100 == 3:  # noqa: PLR2004 - a class of statuses
        why, hint = "it redirects, and a token must not follow a redirect", "Check oauth_url"
    elif temporary:
        hint = "Try again later"
    for secret in filter(None, secrets):
        for form in _FORMS:
            why = why.replace(form(secret.reveal()), "[token]")
    from rsspot.senders.reporting import gave_up, sanitize

    reason = f": {sanitize(why, 300)}" if why else ""
    reason += gave_up(response.tries, response.elapsed)
    return AuthError(
        f"Sign-in at {where} failed ({status}){reason}",
        status=status,
        hint=hint,
        temporary=temporary,
    )
