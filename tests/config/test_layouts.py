"""Layouts: no key of any file is lost without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rsspot import SpotClient
from rsspot.config.files import load
from rsspot.config.writing import add_profile, migrate_legacy, update_profile
from rsspot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "region: us-central-dfw-1\nread_only: true\nrefreshToken: s3cret\n",
            "line 2: read_only: does not belong beside region, which is a key of another layout",
        ),
        ("refreshToken: s3cret\nreadOnly: true\n", "line 2: readOnly: looks like read_only beside"),
        ("refreshToken: s3cret\nREAD-ONLY: true\n", "line 2: READ-ONLY: looks like read_only"),
        ("refreshToken: s3cret\nread_onyl: true\n", "line 2: read_onyl: looks like read_only"),
        ("orgId: org_x\ntimeout: 5\n", "line 2: timeout: does not belong beside orgId"),
        ("refreshToken: s3cret\nprofiles: {}\n", "line 2: profiles: does not belong beside"),
        ("profiles: {}\nrefreshToken: s3cret\n", "line 1: profiles: does not belong beside"),
        (
            "region: x\nread_only: true\n",
            "line 2: read_only: is not a known key. Write it below `profiles:`",
        ),
        ("read_only: true\n", "line 1: read_only: is not a known key. Write it below `profiles:`"),
        ("version: 1\nprofiles: {a: {max_retries: 3}}\n", "max_retries: is not a known key"),
        ("profiles: {a: {max_retries: 3, read_only: true}}\n", "max_retries: is not a known key"),
    ],
)
def test_a_mixed_or_unknown_layout_is_an_error_with_line_and_fix(
    write: Write, text: str, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(text))
    assert message in str(caught.value)
    assert caught.value.hint
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        'version: "2"\nprofiles: {a: {\nread_only: true}}\n',
        'version: "2"\nprofiles: {a: {\nreadOnly: true}}\n',
        'version: "2"\nrefresh_token: s3cret\nread_only: true\n',
        'version: "2"\nprofiles: {}\nread-only: true\n',
        'version: "2"\npreferences: {\nread_only: true}\n',
        "profiles: {a: {refreshToken: s3cret,\nreadOnly: true}}\n",
        "maxRetries: 3\nrefreshToken: s3cret\nread_onyl: true\n",
        "refreshToken: s3cret\nguards: {\nread_only: true}\n",
    ],
)
def test_no_layout_drops_a_guard(write: Write, text: str) -> None:
    path = write(text)
    with pytest.raises(ConfigError, match=r"line [23]: .*would have no effect because") as caught:
        load(path)
    assert "s3cret" not in str(caught.value)
    if "guards" not in text:
        with pytest.raises(ConfigError, match="would have no effect because"):
            migrate_legacy(path)
    assert path.read_text() == text


def test_a_flat_file_of_0_3_0_names_what_it_does_not_use(write: Write) -> None:
    with pytest.warns(RuntimeWarning, match="did not know it: colour"):
        load(write("maxRetries: 3\nrefreshToken: s3cret\ncolour: blue\n"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", "region = 'x'\nread_only = true\nrefreshToken = 'tok'\n"),
        ("a.json", '{"region": "x",\n"read_only": true, "refreshToken": "tok"}'),
    ],
)
def test_the_other_formats_name_the_line_too(write: Write, name: str, text: str) -> None:
    with pytest.raises(ConfigError, match="line 2: read_only: does not belong beside"):
        load(write(text, name))


def test_a_key_of_another_program_is_reported_when_it_is_like_none_of_ours(write: Write) -> None:
    with pytest.warns(RuntimeWarning, match="line 2: colorScheme: is not a known key"):
        config = load(write("refreshToken: s3cret\ncolorScheme: dark\n"))
    assert config.profiles["default"].refresh_token == "s3cret"


def test_a_mapping_in_code_is_read_as_its_file_would_be() -> None:
    with pytest.raises(ConfigError, match="config: read_only: does not belong beside"):
        SpotClient(config={"refreshToken": "tok", "read_only": True}, state=":memory:")
    with pytest.raises(ConfigError, match=r"config: profiles\.a\.regoin: is not a known key"):
        SpotClient(config={"profiles": {"a": {"regoin": "x"}}}, state=":memory:")
    given: dict[str, Any] = {"profiles": {"a": {"refresh_token": "tok", "read_only": True}}}
    with SpotClient(config=given, state=":memory:") as spot:
        assert spot.settings.read_only
    wrong: Any = [1]
    with pytest.raises(ConfigError, match="must be an SDKConfig or a mapping, not a list"):
        SpotClient(config=wrong, state=":memory:")


@pytest.mark.parametrize("change", [add_profile, update_profile])
def test_the_file_of_another_program_is_not_written(write: Write, change: Any) -> None:
    path = write("refreshToken: s3cret\norg: acme\n")
    with pytest.raises(ConfigError, match=r"another program\. Convert it with `rsspot conf"):
        change(path, "stage", {"org": "x"})
    assert path.read_text() == "refreshToken: s3cret\norg: acme\n"


@pytest.mark.parametrize(
    "text",
    [
        "5: x\n6: y\n",
        "5: x\nab: y\n",
        "~: x\n",
        "? [a]\n: x\n",
        "profiles: {~: {}}\n",
        "profiles: {a: {5: x, y: z}}\n",
        "profiles: {2020-01-01: {}}\n",
        "profiles: !!set {a, b}\n",
        "profiles: {a: !!set {b}}\n",
        "profiles: {a: {org: 2020-01-01}}\n",
        "profiles: {a: {org: !!binary aGk=}}\n",
        "profiles: {a: {timeout: 1" + "0" * 400 + "}}\n",
        "profiles: {a: {timeout: [1]}}\n",
        "profiles: {a: {refresh_token_command: []}}\n",
        "profiles: {a: {refresh_token_command: {a: b}}}\n",
        "profiles: {a: {cache: {backend: [sqlite]}}}\n",
        "profiles: {a: {cache: {ttl: {5: 5}}}}\n",
        "profiles: {a: {cache: {ttl: [5]}}}\n",
        "profiles: {a: {retry: {retry_statuses: {500: 1}}}}\n",
        "profiles: {a: {retry: {retry_statuses: [5.5]}}}\n",
        "version: true\n",
        "version: 1.0\n",
        "preferences: [a]\n",
        "state_path: [a]\n",
        "a: &a [*a]\n",
    ],
)
def test_whatever_a_file_holds_its_error_is_ours(write: Write, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(text))
    assert str(caught.value).startswith(str(caught.value.path))
