from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from regeneration import lockfile, regenerate, tree
from regeneration.project import OURS

from rsspot.api_diff import problem
from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from regeneration.making import Made
    from regeneration.project import Project

    from tests.conftest import Serve

SCRIPT = OURS.root / "scripts" / "regenerate.py"


def document(**parts: Any) -> bytes:
    answer = {"200": {"description": "d"}}
    paths = {"/a": {"get": {"operationId": "a", "responses": answer}}}
    info = {"title": "T", "version": "1"}
    return json.dumps({"openapi": "3.1.0", "info": info, "paths": paths, **parts}).encode()


def body(*media_types: str) -> dict[str, Any]:
    """Paths with one operation that takes any of several bodies."""
    schema = {"Body": {"type": "object", "properties": {"n": {"type": "string"}}}}
    reference = {"$ref": "#/components/schemas/Body"}
    content = {media_type: {"schema": reference} for media_type in media_types}
    request = {"required": True, "content": content}
    responses = {"200": {"description": "d"}}
    patch = {"operationId": "a", "requestBody": request, "responses": responses}
    return {"paths": {"/a": {"patch": patch}}, "components": {"schemas": schema}}


@pytest.fixture
def existing(tmp_path: Path) -> Path:
    """A package that was generated before."""
    out = tmp_path / "out" / "api"
    out.mkdir(parents=True)
    (out / "operations.py").write_text("OPERATIONS = {}\n")
    lockfile.write(out / lockfile.NAME, lockfile.make("1", {}, {}, tree.hashes(out)))
    return out


def test_a_document_with_the_defects_of_the_published_one_gives_a_working_package(
    garden: tuple[Path, Made],
) -> None:
    out, done = garden
    assert done.operations == 8
    assert lockfile.faults(done.lock, out) == []
    wanted = {"py.typed", "__init__.py", "__main__.py", "operations.py", "openapi.json"}
    assert wanted <= done.lock.files.keys()
    assert [path.name for path in out.parent.iterdir()] == [out.name], "nothing else is left"


def test_the_same_document_gives_the_same_bytes_in_another_environment(
    garden: tuple[Path, Made], published_like: Path, corrections: Path, tmp_path: Path
) -> None:
    ruff = tmp_path / "bin" / "ruff"
    ruff.parent.mkdir()
    ruff.write_text("#!/bin/sh\nexit 1\n")
    ruff.chmod(0o755)
    (tmp_path / "ruff.toml").write_text("line-length = 40\n")
    arguments = [
        "--spec",
        str(published_like),
        "--overlay",
        str(corrections),
        "--out",
        "deep/again",
    ]
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        env=os.environ
        | {"PYTHONHASHSEED": "17", "LC_ALL": "C", "TZ": "Asia/Tokyo", "PATH": str(ruff.parent)},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    lock = garden[1].lock
    assert (done.returncode, done.stderr) == (0, "")
    assert tree.hashes(tmp_path / "deep" / "again") == tree.hashes(garden[0])
    assert f"{len(lock.files)} files, 8 operations, sha256 {lock.sha256}" in done.stdout


def test_a_document_is_taken_from_a_url(serve: Serve, tmp_path: Path) -> None:
    with serve(200, document()) as url:
        done = regenerate.regenerate(url, tmp_path / "api")
    assert done.operations == 1


def test_our_own_document_is_the_default_and_is_locked(
    checkout: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    before = checkout.lock.read_bytes()
    checkout.lock.unlink()
    (checkout.package / "operations.py").write_text("stale\n")
    (checkout.package / "py.typed").unlink()
    assert regenerate.main([], checkout) == 0
    assert checkout.lock.read_bytes() == before
    assert tree.hashes(checkout.package) == tree.hashes(OURS.package)
    assert capsys.readouterr().out.startswith("generated/rsspot_api: ")


def test_a_stale_correction_is_told_and_left_out_when_asked(
    checkout: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "document.json"
    spec.write_bytes(document())
    text = checkout.overlay.read_text().replace("$.info[?", "$.info[?@ == 'T' || ")
    checkout.overlay.write_text(text)
    arguments = ["--spec", str(spec), "--out", str(tmp_path / "api")]
    with pytest.raises(Problem, match=r"overlay\.yaml: action 1, .* matches nothing"):
        regenerate.main(arguments, checkout)
    assert not (tmp_path / "api").exists()
    before = checkout.lock.read_bytes()
    assert regenerate.main([*arguments, "--drop-stale"], checkout) == 0
    assert "left out: action 1, " in capsys.readouterr().err
    assert checkout.lock.read_bytes() == before, "the lock speaks of our own package only"


def test_another_document_needs_a_folder_of_its_own() -> None:
    with pytest.raises(Problem, match=r"other\.json: where to\? Give the folder .* \(OUT=…\)"):
        regenerate.main(["--spec", "other.json"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>", "is HTML or XML"),
        (b"openapi: 3.1.0\n\tpaths: {}", "not YAML at line"),
        (b'{"swagger": "2.0"}', r"is Swagger 2\.0"),
        (document(x={"$ref": "#/nowhere"}), "which does not exist"),
        (document(paths={}), "has no operations"),
        (document(**body("application/xml")), "Unsupported content type application/xml"),
        (
            document(**body("application/json-patch+json", "application/merge-patch+json")),
            r"PATCH /a: body application/json-patch\+json \(sent as application/merge-patch\+json",
        ),
        (
            document(paths={"/{n}": {"get": {"operationId": "a", "responses": {}}}}),
            "GET /{n} has no path parameter `n`; add it",
        ),
        (
            document(
                paths={
                    f"/{tag}": {"get": {"operationId": "same", "tags": [tag], "responses": {}}}
                    for tag in "ab"
                }
            ),
            "GET /a and GET /b are both called same",
        ),
    ],
)
def test_a_document_that_cannot_be_used_leaves_the_old_package(
    existing: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    spec = tmp_path / "document"
    spec.write_bytes(content)
    before = tree.hashes(existing.parent)
    with pytest.raises(Problem, match=said) as caught:
        regenerate.regenerate(spec, existing)
    assert str(caught.value).startswith(str(spec))
    assert tree.hashes(existing.parent) == before


def test_a_problem_is_one_line_and_exit_status_2(existing: Path, serve: Serve) -> None:
    with serve(500) as url:
        done = subprocess.run(
            [sys.executable, str(SCRIPT), "--spec", url, "--out", str(existing)],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"{url}: the server returned 500; "
        "check the address, or save the document and give the file\n"
    )
    assert {path.name for path in existing.iterdir()} == {"operations.py", lockfile.NAME}


def test_a_folder_that_was_not_generated_is_never_replaced(tmp_path: Path) -> None:
    out = tmp_path / "precious"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    spec = tmp_path / "document.json"
    spec.write_bytes(document())
    with pytest.raises(
        Problem, match=r"precious: has no generated\.lock, so it is not a generated package"
    ):
        regenerate.regenerate(spec, out)
    assert (out / "thesis.txt").read_text() == "years of work"


def test_a_generator_that_is_not_the_pinned_one_writes_nothing(checkout: Project) -> None:
    pins = checkout.pyproject.read_text().replace("client==0.29.1", "client==0.29.0")
    checkout.pyproject.write_text(pins)
    before = tree.hashes(checkout.root)
    with pytest.raises(Problem, match=r"pins openapi-python-client 0\.29\.0, but 0\.29\.1"):
        regenerate.main([], checkout)
    assert tree.hashes(checkout.root) == before


def test_the_old_package_comes_back_when_the_new_one_cannot_take_its_place(
    existing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def broken(self: Path, target: Path) -> Path:
        if self.name == existing.name and target == existing and self.parent.name != "old":
            raise OSError(16, "Device or resource busy")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", broken)
    with (
        pytest.raises(Problem, match=r"cannot be replaced \(Device or resource busy\)"),
        tree.replacement(existing, nothing) as folder,
    ):
        folder.mkdir()
    assert [path.name for path in existing.parent.iterdir()] == [existing.name]
    assert (existing / "operations.py").exists()


def test_a_full_disk_is_said_and_leaves_the_old_package(existing: Path) -> None:
    def fill() -> None:
        with tree.replacement(existing, nothing) as folder:
            folder.mkdir()
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Problem, match=r"api: cannot be written \(No space left on device\); make"):
        fill()
    assert [path.name for path in existing.parent.iterdir()] == [existing.name]
    assert (existing / "operations.py").exists()


@pytest.mark.parametrize(
    ("stderr", "said"),
    [
        (
            "Traceback (most recent call last):\n  File \"x.py\", line 1\nKeyError: 'n'\n",
            "document.json: the generator broke down: KeyError: 'n'; correct what it names",
        ),
        (
            "Traceback (most recent call last):\nOSError: [Errno 28] No space left on device\n",
            "api: cannot be written (No space left on device); make room",
        ),
    ],
)
def test_a_generator_that_breaks_down_is_said_in_one_line(
    existing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stderr: str, said: str
) -> None:
    spec = tmp_path / "document.json"
    spec.write_bytes(document())

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", stderr)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(Problem, match=re.escape(said)) as caught:
        regenerate.regenerate(spec, existing)
    assert "Traceback" not in str(caught.value)


def test_a_file_that_cannot_be_written_is_one_line_and_exit_status_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def script() -> int:
        raise OSError(errno.EACCES, "Permission denied", "openapi/generated.lock")

    assert problem.run(script) == 2
    assert capsys.readouterr().err == (
        "openapi/generated.lock: Permission denied; free disk space, or correct its permissions\n"
    )


def test_a_killed_run_changes_nothing_and_the_next_one_sweeps_up(
    existing: Path, tmp_path: Path
) -> None:
    spec = tmp_path / "document.json"
    spec.write_bytes(document())
    before = tree.hashes(existing)
    command = [sys.executable, str(SCRIPT), "--spec", str(spec), "--out", str(existing)]
    with subprocess.Popen([*command, "--drop-stale"], start_new_session=True) as run:
        while not (left := list(existing.parent.glob(".api-*"))):
            assert run.poll() is None
        os.killpg(run.pid, signal.SIGKILL)
    assert tree.hashes(existing) == before

    yesterday = time.time() - 86_400
    os.utime(left[0], (yesterday, yesterday))
    assert regenerate.regenerate(spec, existing).operations == 1
    assert [path.name for path in existing.parent.iterdir()] == [existing.name]


def nothing(folder: Path) -> str:
    """All in the folder was generated."""
    return ""


def test_a_package_that_a_killed_run_had_moved_aside_comes_back(existing: Path) -> None:
    left = existing.parent / ".api-killed"
    left.mkdir()
    existing.rename(left / "old")
    os.utime(left, (0, 0))
    with (
        pytest.raises(ZeroDivisionError),
        tree.replacement(existing, nothing),
    ):
        raise ZeroDivisionError
    assert (existing / "operations.py").exists()
