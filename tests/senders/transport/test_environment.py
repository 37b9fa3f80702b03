"""Whatever the environment says of proxies and certificates, calls work or say what fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rsspot import errors
from rsspot.senders import Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    Serving = Callable[[Callable[[bytes], bytes]], AbstractContextManager[str]]

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"
NOWHERE = "http://127.0.0.1:9"
VARIABLES = (
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "SSLKEYLOGFILE", "REQUEST_METHOD",
)  # fmt: skip


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def own(engine: Any) -> Any:
    if engine.is_own_client:
        pytest.skip("a client of the caller's own reads the environment by itself")
    return engine


@pytest.mark.parametrize(
    ("variables", "direct"),
    [
        ({"HTTP_PROXY": NOWHERE, "NO_PROXY": "fe80::/10,127.0.0.0/8"}, True),
        ({"http_proxy": NOWHERE, "no_proxy": " , 127.0.0.1"}, True),
        ({"ALL_PROXY": NOWHERE, "NO_PROXY": "*"}, True),
        ({"ALL_PROXY": NOWHERE, "NO_PROXY": "127.*"}, True),
        ({"HTTPS_PROXY": NOWHERE}, True),
        ({"HTTPS_PROXY": "http://user:hunter2@["}, True),
        ({"HTTP_PROXY": "", "ALL_PROXY": "  "}, True),
        ({"HTTP_PROXY": NOWHERE, "NO_PROXY": "fe80::/10"}, False),
        ({"HTTP_PROXY": NOWHERE, "NO_PROXY": "]:[,fe80::/999,%,\udcff"}, False),
        ({"all_proxy": NOWHERE.removeprefix("http://")}, False),
    ],
)
def test_a_proxy_is_used_where_no_proxy_does_not_name_the_host(
    own: Any,
    serving: Serving,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    *,
    direct: bool,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with serving(lambda _: OK) as url:
        request = Request("GET", url)
        if direct:
            assert own.send(own.sender(), request).ok
            return
        with pytest.raises(errors.ConnectionFailed) as caught:
            own.send(own.sender(), request)
        assert not caught.value.sent
        assert own.send(own.sender(trust_env=False), request).ok


def test_requests_go_through_the_proxy_with_its_user(
    own: Any, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    received: list[bytes] = []

    def respond(data: bytes) -> bytes:
        received.append(data)
        return OK

    with serving(respond) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.replace("://", "://user:pa%40ss@"))
        assert own.send(own.sender(), Request("GET", "http://api.invalid/a?b=c")).ok
    assert received[0].startswith(b"GET http://api.invalid/a?b=c HTTP/1.1\r\n")
    assert b"proxy-authorization: basic dxnlcjpwyubzcw==\r\n" in received[0].lower()


@pytest.mark.parametrize(
    "value",
    [
        "http://user:hunter2@",
        "http://user:hunter2#@proxy:1",
        "http://user:hunter2@proxy:port",
        "socks4://user:hunter2@proxy",
        "http://user:hunter2\udcff@proxy",
        "hunter2 hunter2",
    ],
)
def test_a_variable_that_names_no_proxy_is_a_config_error(
    own: Any, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", value)
    sender = own.sender()
    for _ in range(2):
        with pytest.raises(errors.ConfigError, match=r"^HTTP_PROXY is not the URL") as caught:
            own.send(sender, Request("GET", "http://api.invalid/"))
        assert "hunter2" not in f"{caught.value}{vars(caught.value)}{caught.value.__cause__}"


def test_a_proxy_of_the_caller_goes_before_those_of_the_environment(
    own: Any, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", NOWHERE)
    monkeypatch.setenv("NO_PROXY", "api.invalid")
    with serving(lambda _: OK) as proxy:
        request = Request("GET", "http://api.invalid/")
        assert own.send(own.sender(proxy=proxy), request).ok
        assert own.send(own.sender(proxies={"http": proxy}), request).ok
        assert own.send(own.sender(mounts={"http://127.0.0.1": None}), Request("GET", proxy)).ok


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SSL_CERT_FILE", "missing"),
        ("SSL_CERT_FILE", "garbage"),
        ("SSL_CERT_FILE", "folder"),
        ("SSL_CERT_FILE", "\udcff"),
        ("SSL_CERT_DIR", "missing"),
        ("SSL_CERT_DIR", "garbage"),
        ("SSLKEYLOGFILE", "missing/keys"),
    ],
)
def test_certificates_that_cannot_be_read_are_a_config_error(
    own: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str
) -> None:
    (tmp_path / "garbage").write_text("hunter2")
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv(variable, str(tmp_path / value))
    with pytest.raises(errors.ConfigError, match=f"{variable} does not name") as caught:
        own.send(own.sender(), Request("GET", "https://127.0.0.1:9/"))
    assert caught.value.key == variable
    assert "Correct it, or unset it" in str(caught.value)
    assert str(caught.value).isascii()


def test_an_environment_that_is_not_trusted_is_not_read(
    own: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/missing")
    monkeypatch.setenv("ALL_PROXY", "[")
    with pytest.raises(errors.ConnectionFailed):
        own.send(own.sender(trust_env=False), Request("GET", "https://127.0.0.1:9/"))
