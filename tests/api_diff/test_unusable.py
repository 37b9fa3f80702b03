"""Whatever is no usable document ends with one line and status 2, in bounded time."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from rsspot.api_diff import document, problem, source
from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

FRAME = '{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, %s}'
PATHS = '"paths": {"/a": {"get": {"responses": {}}}}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FRAME % f'{PATHS}, "x-n": {"9" * 5000}', "Exceeds the limit"),
        (FRAME % f'{PATHS}, "x-n": {"9" * 400}', "an integer of more than 300 digits"),
        (f"openapi: 3.1.0\npaths: {{}}\nx-n: {'9' * 5000}\n", "not YAML|more than 300 digits"),
        (FRAME % f'{PATHS}, "x-n": NaN', "NaN is not a number in JSON"),
        (FRAME % f'{PATHS}, "x-n": 1e999', "a number that is infinite or not a number"),
        ("openapi: 3.1.0\npaths: {}\nx-n: .inf\n", "a number that is infinite or not a number"),
        (FRAME % f'{PATHS}, "x-n": "\\ud800"', "half a surrogate pair"),
        (FRAME % f'{PATHS}, "servers": [{{"url": "http://["}}]', "which is not valid"),
        (FRAME % f'{PATHS}, "servers": [{{"url": "http://a:99999"}}]', "which is not valid"),
        (FRAME % f'{PATHS}, "servers": [{{"url": "ftp://a"}}]', "is not http or https"),
        (FRAME % f'{PATHS}, "servers": [{{"url": "https://{{a}}"}}]', "without a default"),
        (FRAME % f'{PATHS}, "servers": [{{"url": "https://a\\\\b"}}]', "has a backslash"),
        (FRAME % '"paths": {"/a": {"GET": {"responses": {}}}}', "has the key `GET`.*write `get`"),
        (FRAME % '"paths": {"/a": {"query": {"responses": {}}}}', "has the key `query`"),
        (FRAME % '"paths": {"/a": {"get": {"requestbody": {}}}}', "write `requestBody`"),
        (FRAME % '"paths": {"a": {}}', "has the path `a`; begin it with `/`"),
        (FRAME % '"paths": {"/{{a}}": {"get": {}}}', "braces do not match"),
        (FRAME % '"paths": {"/{a": {"get": {}}}', "braces do not match"),
        (FRAME % '"paths": {"/{a}": {"get": {}}}', "has no path parameter `a`"),
        (
            FRAME % f'{PATHS}, "components": {{"schemas": {{"A": {{"type": []}}}}}}',
            "an empty list as its type",
        ),
        (
            FRAME % f'{PATHS}, "components": {{"schemas": {{"A": {{"type": "text"}}}}}}',
            "the type `text`, which JSON Schema does not know",
        ),
    ],
)
def test_it_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "document"
    path.write_text(text)
    with pytest.raises(Problem, match=said) as caught:
        document.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_an_extension_below_paths_is_no_path(tmp_path: Path) -> None:
    path = tmp_path / "document"
    path.write_text(FRAME % '"paths": {"x-internal": {"get": {}}, "/a": {"get": {}}}')
    assert [each.title for each in document.load(path).operations()] == ["GET /a"]


@contextmanager
def dripping(first: bytes) -> Generator[str]:
    """A server that sends `first`, and then nothing more until it is closed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def serve() -> None:
            connection, _ = server.accept()
            connection.sendall(first)
            held.append(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/document"
        thread.join()
        for connection in held:
            connection.close()


@pytest.mark.parametrize("first", [b"H", b"HTTP/1.1 200 OK\r\nx: ", b"HTTP/1.1 200 OK\r\n\r\n{"])
def test_a_server_that_drips_is_left_at_the_deadline(
    first: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "SECONDS", 0.2)
    with dripping(first) as url, pytest.raises(Problem, match="not complete after") as caught:
        document.load(url.replace("//", "//user:hush@"))
    assert "hush" not in str(caught.value)


def test_the_deadline_is_less_than_a_minute() -> None:
    assert source.SECONDS < 60


def test_work_that_does_not_end_is_left_alone() -> None:
    with pytest.raises(Problem, match="document: not complete after 0 s"):
        source.within(lambda: time.sleep(1), "document", 0.01)


def test_any_failure_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def script() -> int:
        raise KeyError("x\ny\x1b[31m")

    assert problem.run(script) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.isascii()
    assert "KeyError" in said


def test_a_reader_that_goes_away_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "document.json"
    path.write_text(FRAME % PATHS)
    code = (
        "import sys; from rsspot.api_diff import problem, report; from pathlib import Path\n"
        "sys.exit(problem.run(lambda: report.report(report.ours(), sys.argv[1], accepted=None)))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait() == 1


def test_odd_characters_are_shown_as_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert problem.one_line("a\u202eb\u200b\ud800\x1b") == "a\\u202eb\\u200b\\ud800\\x1b"
    problem.show(json.dumps({"a": "ä"}))
    assert capsys.readouterr().out == '{"a": "\\u00e4"}\n'
