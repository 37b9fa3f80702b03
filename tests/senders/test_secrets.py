"""What an error reporter shows of a failed sign-in: every local of every frame.

Rules: docs/rules.md#secrets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import errors
from rsspot.redaction.secret import Secret
from rsspot.senders import AuthenticatingSender, RefreshToken
from tests.senders.auth.test_tokens import Issuer, source

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRETS = ("r-secret", "r-rotated")


def locals_of(error: BaseException | None, seen: set[int] | None = None) -> Iterator[str]:
    """What stands in the frames of an error, and of those that it came from."""
    seen = set() if seen is None else seen
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    traceback = error.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        if "/tests/" not in frame.f_code.co_filename:
            for name, value in frame.f_locals.items():
                yield f"{frame.f_code.co_qualname}: {name} = {value!r}"
        traceback = traceback.tb_next
    yield from locals_of(error.__cause__, seen)
    yield from locals_of(error.__context__, seen)


def leaks(error: BaseException) -> list[str]:
    return [line for line in locals_of(error) if any(secret in line for secret in SECRETS)]


@pytest.mark.parametrize(
    "trouble",
    [httpx.ConnectError("refused"), httpx.WriteError("half"), httpx.ReadTimeout("slow"), 401, 503,
     httpx.Response(200, text="<html>r-secret</html>"), httpx.Response(302)],
)  # fmt: skip
@pytest.mark.parametrize("given", ["text", "function"])
def test_no_frame_of_a_failed_sign_in_holds_the_refresh_token(
    wire: Any, clock: Any, trouble: Any, given: str
) -> None:
    wire.answers = [trouble]
    tokens = RefreshToken(
        "r-secret" if given == "text" else lambda: "r-secret",
        url="https://login.example/oauth/token", client_id="c", clock=clock,
    )  # fmt: skip
    with pytest.raises(errors.RSSpotError) as caught:
        wire.get(AuthenticatingSender(tokens, wire.end, clock=clock))
    assert leaks(caught.value) == []
    assert "r-secret" not in str(caught.value) + repr(caught.value)


def test_no_frame_holds_a_refresh_token_that_the_login_rotated(wire: Any, clock: Any) -> None:
    wire.answers = [Issuer(refresh_token="r-rotated")]
    sender = AuthenticatingSender(source(clock), wire.end, clock=clock)
    wire.get(sender)
    clock.time += 86400
    for trouble in (httpx.WriteError("half"), 401):
        wire.answers = [trouble]
        with pytest.raises(errors.RSSpotError) as caught:
            wire.get(sender)
        assert leaks(caught.value) == []


@pytest.mark.parametrize("access_token", ["a b", ""])
def test_no_frame_holds_the_refresh_token_beside_a_bad_access_token(access_token: str) -> None:
    with pytest.raises(errors.ConfigError) as caught:
        RefreshToken("r-secret", url="https://l.example", client_id="c", access_token=access_token)
    assert leaks(caught.value) == []


def test_a_bad_refresh_token_is_not_in_the_frames_of_its_own_error(wire: Any) -> None:
    tokens = RefreshToken("r-secret\r\nX: y", url="https://l.example/", client_id="c")
    with pytest.raises(errors.ConfigError) as caught:
        wire.get(AuthenticatingSender(tokens, wire.end))
    assert leaks(caught.value) == []


def test_no_frame_of_a_failed_kubeconfig_holds_the_refresh_token(
    sandbox: Any, connect: Any
) -> None:
    client = connect(**sandbox.client_options())
    client.cloudspaces.create("demo", region="us-central-dfw-2", wait=True)
    sandbox.faults.add("status", path="generate-kubeconfig", status=403)
    with pytest.raises(errors.RSSpotError) as caught:
        client.cloudspaces.kubeconfig("demo")
    token = sandbox.refresh_token
    held = [line for line in locals_of(caught.value) if token in line]
    assert held == []


def test_a_secret_shows_itself_only_when_it_is_asked_to() -> None:
    secret = Secret("r-secret")
    assert "r-secret" not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == "r-secret"
    assert secret == Secret("r-secret")
    assert secret != Secret("r-rotated")
    assert secret != "r-secret"
    assert len({secret, Secret("r-secret")}) == 1
