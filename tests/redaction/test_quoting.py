"""Messages quote a value of unknown nature only if it cannot be a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rsspot import SpotClient
from rsspot.errors import ConfigError, InvalidInput, NotFoundError, StateError
from rsspot.models.kubeconfig import Kubeconfig
from rsspot.redaction.quoting import quoted
from rsspot.state import StateStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsspot.errors import RSSpotError

SECRETS = [
    "hunter2",
    "sekret",
    "correcthorse",
    "rt-s3cr3t9",
    "v1.MjQyNjI-Ab9cdeFghIJkl_mnopqrstuv-xyz012345678",
]
TOKENS = SECRETS[-2:]


@pytest.mark.parametrize("text", ["60x", "1o", "60s", "12,5", "30 seconds", "truee", "sqlitte", ""])
def test_numbers_and_misspelt_words_are_shown(text: str) -> None:
    assert quoted(text, ["sqlite", "memory"]) == repr(text)


@pytest.mark.parametrize("text", [*SECRETS, "\x1b[2J", "a\nb"])
def test_anything_else_is_only_described(text: str) -> None:
    assert quoted(text, ["sqlite", "memory"]) == (
        f"{len(text)} characters, not shown because they may be a secret"
    )


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "variable", ["TIMEOUT", "READ_ONLY", "BASE_URL", "OAUTH_URL", "VERIFY_SSL", "ALLOW_HTTP"]
)
def test_a_secret_in_the_wrong_variable_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, variable: str, secret: str
) -> None:
    monkeypatch.setenv(f"RSSPOT_{variable}", secret)
    with pytest.raises(ConfigError) as refused:
        SpotClient(access_token="t", state=":memory:")
    assert secret not in str(refused.value)
    assert variable.lower() in str(refused.value).lower()


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_as_the_name_of_an_organization_is_not_shown(spot: Any, token: str) -> None:
    with pytest.raises(NotFoundError) as refused:
        spot.organizations.get(token)
    assert token not in str(refused.value)


USES: dict[str, tuple[type[RSSpotError], Callable[[str], object]]] = {
    "state": (StateError, StateStore),
    "kubeconfig": (
        InvalidInput,
        Kubeconfig.build(
            endpoint="https://k.example", token="t", organization="o", cloudspace="c"
        ).save,
    ),
}


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize(("error", "use"), USES.values(), ids=USES)
def test_no_file_gets_the_name_of_a_token(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: type[RSSpotError],
    use: Callable[[str], object],
    token: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error) as refused:
        use(token)
    assert token not in str(refused.value)
    assert "with its folder" in str(refused.value)
    assert not any(tmp_path.iterdir())
    use(f"./{token}.db")
