"""The host check: no web page of another site can use a sandbox."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot.sandbox import SpotSandbox
from rsspot.sandbox.app import MAX_CONTENT, Hosts
from rsspot.sandbox.faults import middleware

if TYPE_CHECKING:
    from collections.abc import Iterator

STATUS, ADVANCE = "/_sandbox/status", "/_sandbox/advance"


@pytest.fixture(scope="module")
def named() -> Iterator[SpotSandbox]:
    with SpotSandbox(allow_hosts=["Spot", "fd00::5", "spot_1.internal"]) as running:
        yield running
    assert running.app.crashes == []


def _ask(sandbox: SpotSandbox, *lines: str, path: str = STATUS, method: str = "GET") -> str:
    """What comes back for a request with just these header lines."""
    text = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "Connection: close", "", ""])
    with socket.create_connection((sandbox.host, sandbox.port), timeout=10) as connection:
        connection.sendall(text.encode("latin-1"))
        parts: list[bytes] = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts).decode()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.0.0.1:1", "127.8.8.8", "localhost", "LocalHost:8711", "[::1]",
        "[::1]:8711", "[0:0:0:0:0:0:0:1]", "spot", "SPOT:80", "[fd00::5]:8711", "[FD00:0::5]",
        "spot_1.internal",
    ],
)  # fmt: skip
def test_names_of_loopback_and_allowed_names_are_served(named: SpotSandbox, host: str) -> None:
    assert " 200 " in _ask(named, f"Host: {host}").partition("\r\n")[0]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:8711", "localhost.evil.example", "localhost.evil",
        "127.0.0.1.evil.example", "127.0.0.1.nip.io", "evil.example#localhost",
        "localhost@evil.example", "user@localhost", "evil.spot", "spot.evil", "spots", "*",
        "0.0.0.0", "[::]", "10.0.0.1", "[fd00::6]", "2130706433", "0x7f.1", "localhost:",  # noqa: S104 - refused
        "localhost:x",
        "localhost:8711:1", "::1", "[localhost]", "[127.0.0.1", "localhost,evil.example",
        "localhost evil.example",
    ],
)  # fmt: skip
def test_every_other_name_is_refused_and_learns_nothing(named: SpotSandbox, host: str) -> None:
    before = len(named.requests)
    for path in (STATUS, "/percentiles.json", "/apis/ngpc.rxt.io/v1/regions"):
        text = _ask(named, f"Host: {host}", path=path)
        assert text.partition("\r\n")[0].split()[1] in {"400", "421"}
        assert named.refresh_token not in text
    assert len(named.requests) == before


def test_a_rejection_explains_how_to_allow_a_name(named: SpotSandbox) -> None:
    text = _ask(named, "Host: devbox:8711")
    assert " 421 " in text
    assert "does not serve the host 'devbox:8711'" in text
    assert "--allow-host" in text


@pytest.mark.parametrize("lines", [(), ("Host: localhost", "Host: evil.example"), ("Host:",)])
def test_a_request_names_one_host(named: SpotSandbox, lines: tuple[str, ...]) -> None:
    text = _ask(named, *lines)
    assert text.partition("\r\n")[0].split()[1] in {"400", "421"}
    assert named.refresh_token not in text


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example", "null", "http://localhost.evil.example", "http://localhost:3000",
        "http://localhost", "http://localhost:8711.evil.example", "localhost:8711", "file://",
        "chrome-extension://abc", "",
    ],
)  # fmt: skip
def test_no_page_of_another_site_moves_anything(named: SpotSandbox, origin: str) -> None:
    now = named.clock.now()
    for method in ("GET", "POST", "OPTIONS", "DELETE"):
        text = _ask(
            named,
            "Host: localhost:8711",
            f"Origin: {origin}",
            "Content-Type: application/json",
            "Access-Control-Request-Method: POST",
            path=ADVANCE if method != "DELETE" else "/_sandbox/faults",
            method=method,
        )
        assert " 403 " in text.partition("\r\n")[0]
        assert "access-control-allow" not in text.lower()
    assert named.clock.now() == now


def test_a_page_of_its_own_is_served(named: SpotSandbox) -> None:
    for host in ("localhost:8711", "LOCALHOST:8711", "spot", "[::1]:8711"):
        text = _ask(named, f"Host: {host}", f"Origin: http://{host.lower()}")
        assert " 200 " in text.partition("\r\n")[0]


@pytest.mark.parametrize(
    "media",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
     "text/plain; application/json", ""],
)  # fmt: skip
def test_a_control_request_is_json_by_its_type(sandbox: SpotSandbox, media: str) -> None:
    now = sandbox.clock.now()
    headers = {"Content-Type": media} if media else {}
    for path in ("advance", "faults", "snapshot"):
        refused = httpx.post(
            f"{sandbox.url}/_sandbox/{path}", content=b'{"minutes": 5}', headers=headers
        )
        assert (refused.status_code, "application/json" in refused.text) == (415, True)
    assert sandbox.clock.now() == now
    taken = httpx.post(
        f"{sandbox.url}{ADVANCE}",
        content=b'{"minutes": 5}',
        headers={"Content-Type": "Application/JSON; charset=utf-8"},
    )
    assert taken.json()["now"] == now + 300


@pytest.mark.parametrize(
    ("content", "status", "text"),
    [
        (b"null", 400, "must be a JSON object"),
        (b"[" * 100_000, 400, "nested too deeply"),
        (b'{"minutes": 1' + b"0" * 400 + b"}", 400, "too large"),
        (b" " * (MAX_CONTENT + 1), 413, "The body is larger than"),
    ],
    ids=["null", "nested", "large number", "large body"],
)
def test_a_control_request_that_makes_no_sense_is_refused(
    sandbox: SpotSandbox, content: bytes, status: int, text: str
) -> None:
    refused = httpx.post(
        f"{sandbox.url}{ADVANCE}", content=content, headers={"Content-Type": "application/json"}
    )
    assert refused.status_code == status
    assert text in refused.text


@pytest.mark.parametrize(
    "name",
    ["*", "*.example", "spot:8711", "http://spot", "", "a b", "0.0.0.0", "::", "spöt", ".", 5],  # noqa: S104 - refused
)  # fmt: skip
def test_what_is_allowed_is_the_name_of_one_host(name: Any) -> None:
    with pytest.raises(ValueError, match="is not the name of one host"):
        SpotSandbox(allow_hosts=[name])
    with pytest.raises(ValueError, match="must be a list of names, not the string 'spot'"):
        Hosts("spot")


def test_where_it_listens_is_a_name_of_its_own(named: SpotSandbox) -> None:
    assert SpotSandbox(host="192.0.2.7", port=1).app.hosts.names == {"192.0.2.7"}
    everywhere = SpotSandbox(host="0.0.0.0", port=8711)  # noqa: S104 - it is what is asked about
    assert everywhere.app.hosts.names == set()
    assert everywhere.url == "http://127.0.0.1:8711"
    assert SpotSandbox(host="::", port=8711).url == "http://[::1]:8711"


def test_a_body_without_an_end_is_neither_kept_nor_carried_out(
    sandbox: SpotSandbox, http: Any
) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 2**16

    response = http("POST", "cloudspaces", content=endless())
    assert (response.status_code, response.json()["reason"]) == (413, "RequestEntityTooLarge")
    last = sandbox.requests[-1]
    assert (last.status, len(last.body)) == (413, middleware.MAX_BODY)
    assert http.get("cloudspaces")["items"] == []


def test_recorded_requests_have_a_maximum_size(
    sandbox: SpotSandbox, http: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "MAX_BYTES", 100_000)
    for number in range(40):
        http("POST", "cloudspaces", content=b"x" * 20_000, headers={"X-Number": str(number)})
        assert sum(item.size for item in sandbox.requests) <= 100_000
    assert sandbox.requests[-1].headers["x-number"] == "39"
    sandbox.requests.clear()
    for _ in range(4):
        http("POST", "cloudspaces", content=b"x" * 20_000)
    assert len(sandbox.requests) == 4
