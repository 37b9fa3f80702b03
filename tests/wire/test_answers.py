"""Whatever a server answers ends in its JSON or in one error of the tree.

Rules: docs/rules.md#bad-input, docs/rules.md#named-conditions.
"""

from __future__ import annotations

import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot import errors
from rsspot.models import Region
from rsspot.senders.messages import Request, Response
from rsspot.shapes import is_object
from rsspot.wire.responses import error_of, json_object, views_of

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


@pytest.mark.parametrize(
    ("text", "whole"),
    [("No", "No. Do it"), ("No.", "No. Do it"), ("Is it running?", "Is it running? Do it")],
)
def test_a_hint_is_a_sentence_after_the_message(text: str, whole: str) -> None:
    assert str(errors.RSSpotError(text, hint="Do it")) == whole


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


@pytest.mark.parametrize(
    ("message", "claims", "condition", "hint"),
    [
        ("billing is not enabled", None, "billing", "Set up billing"),
        ("SpeedBump Hit", None, "speed bump", "New accounts"),
        ("User cannot list", {"org_id": "org_A"}, "role", "for org-a, but its role"),
        ("User cannot list", {"org_id": "org_B"}, "namespace", "org-a is another organization"),
        ("User cannot list", {"org_id": 7}, "role", "check `org` too"),
        ("", None, "role", "needs a role in org-a"),
    ],
)
def test_a_403_says_which_condition_it_is(
    message: str, claims: dict[str, Any] | None, condition: str, hint: str
) -> None:
    response = status(403, "Forbidden", message)
    response.claims = claims
    error = error_of(REQUEST, response)
    assert isinstance(error, errors.ForbiddenError)
    assert error.condition == condition
    assert hint in str(error)
    catalogue = Request("GET", "https://spot.example/apis/ngpc.rxt.io/v1/regions")
    assert isinstance(error_of(catalogue, response), errors.ForbiddenError)


def test_a_wait_that_is_asked_for_is_told() -> None:
    for code in (429, 503):
        error = error_of(REQUEST, Response(URL, {"Retry-After": "3600"}, code))
        assert isinstance(error, errors.APIError)
        assert error.retry_after == 3600
        assert "requests a pause of 3600 s" in str(error)


def test_a_redirect_tells_the_host_and_not_the_rest() -> None:
    for to, told in (
        ("https://u:p@login.example/x?code=secret", "login.example"),
        ("http://[", ""),
    ):
        error = error_of(REQUEST, Response(URL, {"Location": to}, 302))
        assert told in str(error)
        assert "secret" not in str(error)


def test_a_failure_that_comes_with_status_200_is_one() -> None:
    body = {"kind": "Status", "status": "Failure", "code": 404, "reason": "NotFound"}
    with pytest.raises(errors.NotFoundError):
        json_object(REQUEST, Response(URL, {}, 200, body))
    with pytest.raises(errors.APIError):
        json_object(REQUEST, Response(URL, {}, 200, {**body, "code": "?"}))


def test_a_write_whose_outcome_is_unknown_says_how_to_find_out() -> None:
    error = error_of(Request("POST", URL), Response(URL, {}, 502, body=b"<h1>Bad gateway</h1>"))
    assert isinstance(error, errors.OutcomeUnknown)
    assert isinstance(error.__cause__, errors.ServerError)
    assert "Check whether the change was made before you repeat it" in str(error)


@pytest.mark.parametrize(
    ("data", "count"),
    [
        ({"kind": "RegionList"}, 0),
        ({"items": None}, 0),
        ({"items": []}, 0),
        ({"items": [{"kind": "Region"}] * 2}, 2),
    ],
)
def test_a_page_is_its_objects(data: dict[str, Any], count: int) -> None:
    assert len(views_of(Region, REQUEST, data)) == count


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "Status", "status": "Success", "metadata": {}},
        {"kind": "Region", "metadata": {"name": "x"}},
        {"items": {}},
        {"items": "none"},
        {"items": [None]},
    ],
)
def test_what_is_no_list_is_not_an_empty_one(data: dict[str, Any]) -> None:
    with pytest.raises(errors.UnexpectedResponseError, match="no list of objects"):
        views_of(Region, REQUEST, data)


def test_one_bad_item_does_not_lose_the_others_and_is_reported() -> None:
    with pytest.warns(RuntimeWarning, match="1 of 3 items that are not objects"):
        assert len(views_of(Region, REQUEST, {"items": [{}, None, {}]})) == 2


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
    assert str(error).endswith("returned 502: Bad gateway")


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
    with pytest.raises(errors.UnexpectedResponseError, match=f"with {what}") as caught:
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
        with pytest.raises(errors.RSSpotError, match="returned"):
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


@pytest.mark.parametrize("part", ["x", "x.", "<", "<script", "<script>", "-"])
def test_no_text_of_a_server_is_long_or_moves_a_terminal_or_takes_minutes(part: str) -> None:
    odd = "\ud800 \x1b[2J\u202e z" + part * 100_000
    body = {"kind": "Status", "message": odd, "reason": odd}
    causes = {"details": {"causes": [{"field": odd, "message": odd}]}}
    headers = {"x-request-id": odd, "content-type": odd}
    failed = error_of(REQUEST, Response(URL, headers, 422, {**body, **causes}))
    assert isinstance(failed, errors.APIError)
    with pytest.raises(errors.UnexpectedResponseError) as caught:
        json_object(REQUEST, Response(URL, headers, 200, body=b"<"))
    (cause,) = failed.causes.items()
    for text in (str(failed), str(caught.value), failed.reason, failed.request_id, *cause):
        assert text is not None
        assert len(text) < 1000
        assert text.isprintable()


@given(body=json_values)
def test_an_error_of_any_json_is_read(body: Any) -> None:
    assert str(error_of(REQUEST, Response(URL, {}, 422, body)))
