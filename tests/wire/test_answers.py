"""Whatever a server answers ends in its JSON or in one error of the tree."""

from __future__ import annotations

import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot import errors
from rsspot.models.shapes import is_object
from rsspot.senders.messages import Request, Response
from rsspot.wire.answers import error_of, json_object

URL = "https://spot.example/apis/ngpc.rxt.io/v1/namespaces/org-a/spotnodepools/x?token=secret"
REQUEST = Request("GET", URL)


def status(code: int, reason: str, message: str, **details: Any) -> Response:
    body = {"kind": "Status", "code": code, "reason": reason, "message": message}
    return Response(URL, {}, code, {**body, "details": details})


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, errors.BadRequestError),
        (401, errors.AuthError),
        (403, errors.ForbiddenError),
        (404, errors.NotFoundError),
        (409, errors.ConflictError),
        (410, errors.GoneError),
        (418, errors.APIError),
        (422, errors.UnprocessableError),
        (429, errors.RateLimitedError),
        (500, errors.ServerError),
        (503, errors.ServerError),
        (302, errors.APIError),
    ],
)
def test_each_status_has_its_error_which_pickles_and_holds_no_query(
    code: int, kind: type[errors.RSSpotError]
) -> None:
    error = error_of(REQUEST, status(code, "Because", "it is so"))
    assert type(error) is kind
    assert "GET https://spot.example/apis" in str(error)
    assert "it is so" in str(error)
    assert "secret" not in str(error)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made a line above
    assert (type(copy), str(copy)) == (kind, str(error))
    assert vars(copy) == vars(error)


def test_a_kubernetes_status_gives_reason_causes_by_field_and_the_wait() -> None:
    causes = [{"field": "spec.desired", "message": "must be positive", "reason": "Invalid"}]
    error = error_of(REQUEST, status(422, "Invalid", "no", causes=causes, retryAfterSeconds=7))
    assert isinstance(error, errors.UnprocessableError)
    assert error.reason == "Invalid"
    assert error.causes == {"spec.desired": "must be positive"}
    assert error.retry_after == 7


@pytest.mark.parametrize(
    "message",
    [
        "bidPrice 0.001000 is below the minimum bid price of 0.040000",
        "bid price must be at least 0.04, got 0.001",
        "spec.bidPrice: Invalid value: bid is under the floor (0.040000)",
    ],
)
def test_a_bid_under_the_floor_tells_the_floor(message: str) -> None:
    error = error_of(REQUEST, status(422, "Invalid", message))
    assert isinstance(error, errors.BidTooLowError)
    assert error.minimum == Decimal("0.04")
    assert error.hint == "Bid at least 0.04 USD an hour"


def test_a_422_about_something_else_is_not_about_the_bid() -> None:
    error = error_of(REQUEST, status(422, "Invalid", "minNodes must be at least 1"))
    assert type(error) is errors.UnprocessableError


def test_a_401_of_plain_text_is_an_auth_error_that_repeats_it_without_the_token() -> None:
    token = b"eyJhbGciOiJS.eyJzdWIiOiIx.c2lnbmF0dXJl"
    body = b"Jwt is not in the form of Header.Payload.Signature: " + token
    error = error_of(REQUEST, Response(URL, {}, 401, body=body))
    assert isinstance(error, errors.AuthError)
    assert "Jwt is not in the form" in str(error)
    assert "eyJhbGci" not in str(error)


def test_an_oauth_error_gives_its_description() -> None:
    body = {"error": "access_denied", "error_description": "Unknown or invalid refresh token."}
    error = error_of(Request("POST", URL), Response(URL, {}, 403, body))
    assert "Unknown or invalid refresh token." in str(error)


def test_a_page_of_html_is_shown_as_its_text() -> None:
    body = b"<html><style>p {}</style><body><h1>Bad</h1> gateway</body></html>"
    error = error_of(REQUEST, Response(URL, {"content-type": "text/html"}, 502, body=body))
    assert str(error).endswith("answered 502: Bad gateway")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "nothing"),
        (b"[]", "list"),
        (b'{"items": [', "text/html"),
        (b"<html>proxy</html>", "text/html: proxy"),
        (b"17", "int"),
    ],
)
def test_a_success_that_is_no_json_object_says_what_it_is(body: bytes, what: str) -> None:
    response = Response(URL, {"content-type": "text/html; charset=utf-8"}, 200, body=body)
    with pytest.raises(errors.UnexpectedAnswerError, match=f"with {what}") as caught:
        json_object(REQUEST, response)
    assert "Spot API" in str(caught.value)


@given(
    code=st.integers(100, 599),
    body=st.binary(max_size=300),
    headers=st.dictionaries(st.sampled_from(["retry-after", "content-type"]), st.text(max_size=30)),
)
def test_no_answer_whatever_escapes_the_tree(
    code: int, body: bytes, headers: dict[str, str]
) -> None:
    response = Response(URL, headers, code, body=body)
    if response.ok and is_object(response.content):
        assert json_object(REQUEST, response) == response.content
    else:
        with pytest.raises(errors.RSSpotError, match="answered"):
            json_object(REQUEST, response)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["message", "reason", "details", "causes", "field", "error", "retryAfterSeconds"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(body=json_values)
def test_an_error_of_any_json_is_read(body: Any) -> None:
    assert str(error_of(REQUEST, Response(URL, {}, 422, body)))
