"""A client and the command line reach what this machine serves, whatever the proxies are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import errors
from rsspot.sandbox import SpotSandbox
from rsspot.sandbox.notices import send_notice

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAM = Path(sys.executable).with_name("rsspot")
SECRET = "hunter2"
NOWHERE = f"http://user:{SECRET}@127.0.0.1:9"
PROXIES: list[dict[str, str]] = [
    {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE},
    {"all_proxy": NOWHERE},
    {"HTTP_PROXY": f"http://user:{SECRET}@[", "NO_PROXY": "fe80::/10"},
    {"ALL_PROXY": f"socks5://user:{SECRET}@127.0.0.1:9"},
]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if "SPOT" in name or name.startswith(("XDG_", "SSL")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.parametrize("variables", PROXIES)
def test_a_client_reaches_a_local_spot_past_the_proxies_of_the_environment(
    sandbox: SpotSandbox,
    connect: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert len(connect(**sandbox.client_options()).regions.list()) == 8


def test_a_proxy_that_is_asked_for_is_used_for_a_local_spot_too(
    sandbox: SpotSandbox, connect: Callable[..., Any]
) -> None:
    with pytest.raises(errors.ConnectionFailed) as caught:
        connect(**sandbox.client_options(), proxy=NOWHERE).regions.list()
    assert SECRET not in str(caught.value)


def test_notices_reach_this_machine_past_the_proxies_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", NOWHERE)
    with SpotSandbox(seed=1) as other:
        send_notice(f"{other.url}/notices", {"a": "b"})
        assert [item.path for item in other.requests] == ["/notices"]


def listed(sandbox: SpotSandbox, variables: dict[bytes, bytes]) -> subprocess.CompletedProcess[str]:
    reach = {
        "RSSPOT_BASE_URL": sandbox.url,
        "RSSPOT_OAUTH_URL": sandbox.url,
        "RSSPOT_PUBLIC_DATA_URL": sandbox.url,
        "RSSPOT_REFRESH_TOKEN": sandbox.refresh_token,
    }
    known = {name.encode(): value.encode() for name, value in {**os.environ, **reach}.items()}
    return subprocess.run(
        [PROGRAM, "regions"],
        env={**known, **variables},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("variables", PROXIES)
def test_the_command_line_reaches_a_local_spot_past_the_proxies_of_the_environment(
    sandbox: SpotSandbox, variables: dict[str, str]
) -> None:
    done = listed(sandbox, {key.encode(): value.encode() for key, value in variables.items()})
    assert (done.returncode, done.stderr) == (0, "")
    assert "us-central-dfw-1" in done.stdout


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (b"RSSPOT_TIMEOUT", b"nan", "RSSPOT_TIMEOUT must be a finite number"),
        (b"RSSPOT_TIMEOUT", b"-1", "RSSPOT_TIMEOUT must be a finite number"),
        (b"RSSPOT_TIMEOUT", b"1e999", "RSSPOT_TIMEOUT must be a finite number"),
        (b"RSSPOT_TIMEOUT", b"\xff", "RSSPOT_TIMEOUT is"),
        (b"RSSPOT_PROXY", b"http://user:hunter2@[", "proxy is not the URL of a proxy"),
        (b"RSSPOT_PROXY", b"http://user:hunter2@\xff", "RSSPOT_PROXY contains a control character"),
    ],
)
def test_the_command_line_says_which_variable_is_wrong(
    sandbox: SpotSandbox, name: bytes, value: bytes, said: str
) -> None:
    done = listed(sandbox, {name: value})
    assert (done.returncode, done.stdout) == (3, "")
    assert said in done.stderr
    assert "Hint: " in done.stderr or "RSSPOT_TIMEOUT" in done.stderr
    assert SECRET not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SSL_CERT_FILE", "/missing"),
        ("SSL_CERT_DIR", "/missing"),
        ("SSLKEYLOGFILE", "/missing/keys"),
    ],
)
def test_the_command_line_says_which_variable_of_tls_is_wrong_where_it_counts(
    sandbox: SpotSandbox, name: str, value: str
) -> None:
    wrong = {name.encode(): value.encode()}
    secure = sandbox.url.replace("http://", "https://").encode()
    urls = (b"RSSPOT_BASE_URL", b"RSSPOT_OAUTH_URL", b"RSSPOT_PUBLIC_DATA_URL")
    done = listed(sandbox, {**wrong, **dict.fromkeys(urls, secure)})
    assert (done.returncode, done.stdout) == (3, "")
    assert f"{name} does not name" in done.stderr
    assert "Hint: Correct it, or unset it" in done.stderr
    assert "Traceback" not in done.stderr
    assert sandbox.requests == []
    assert listed(sandbox, wrong).returncode == 0, "http needs no certificates"
