from __future__ import annotations

import hashlib
import socket
from typing import TYPE_CHECKING

import pytest

from rsspot.api_diff import source
from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Serve


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "document.json"
    path.write_bytes(b"{}\r\n")
    read = source.read(path)
    assert read == (str(path), b"{}\r\n")
    assert read.sha256 == hashlib.sha256(b"{}\r\n").hexdigest()


def test_a_url_is_read_as_it_is(serve: Serve) -> None:
    with serve(200, b'{"openapi": "3.1.0"}') as url:
        assert source.read(url) == (url, b'{"openapi": "3.1.0"}')


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "absent.json"
    with pytest.raises(Problem, match=r"absent\.json: no such file; check the path"):
        source.read(path)


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="is a directory; give the OpenAPI document inside it"):
        source.read(tmp_path)


def test_nothing_given_is_refused() -> None:
    with pytest.raises(Problem, match="no document: give a file or a URL"):
        source.read("")


@pytest.mark.parametrize("status", [404, 500, 304])
def test_a_status_without_success_is_named(serve: Serve, status: int) -> None:
    with (
        serve(status) as url,
        pytest.raises(Problem, match=rf"returned {status}; check the address"),
    ):
        source.read(url)


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/document.json"
        with pytest.raises(Problem, match=r"cannot be fetched .*; check the network") as caught:
            source.read(url)
    assert url in str(caught.value)


def test_secrets_of_an_address_are_not_repeated(serve: Serve) -> None:
    with serve(500) as url, pytest.raises(Problem) as caught:
        source.read(url.replace("//", "//user:hush@") + "?token=hush")
    assert "hush" not in str(caught.value)


def test_another_scheme_is_refused() -> None:
    with pytest.raises(Problem, match="only http:// and https:// can be fetched"):
        source.read("ftp://localhost/document.json")


@pytest.mark.parametrize("remote", [False, True])
def test_what_is_far_too_large_is_refused(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, remote: bool
) -> None:
    monkeypatch.setattr(source, "LIMIT", 10)
    path = tmp_path / "large.json"
    path.write_bytes(b"x" * 11)
    with serve(200, b"x" * 11) as url, pytest.raises(Problem, match="larger than"):
        source.read(url if remote else path)
