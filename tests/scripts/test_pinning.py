"""One hash for a generated package, the command that checks it, and folders that are replaced."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rsspot_api
from regeneration import drift, lockfile, regenerate, tree
from regeneration.project import OURS

from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from regeneration.making import Made
    from regeneration.project import Project


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command of the package in `folder`, without anything that is not Python's own."""
    return subprocess.run(
        [sys.executable, "-B", "-S", "-m", folder.name, "check", *arguments],
        cwd=folder.parent,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def garden_copy(garden: tuple[Path, Made], tmp_path: Path) -> Path:
    return Path(shutil.copytree(garden[0], tmp_path / "garden_api"))


def test_the_hash_is_that_of_the_lock_and_is_shown_by_the_package() -> None:
    lock = lockfile.read(OURS.lock, "lock")
    assert lock.sha256 == rsspot_api.GENERATION_SHA256
    assert lock.inputs["document"] == rsspot_api.DOCUMENT_SHA256
    assert (OURS.package / lockfile.NAME).read_bytes() == OURS.lock.read_bytes()


@pytest.mark.parametrize("part", ["document", "overlay", "generator", "tools", "files", "version"])
def test_the_hash_counts_every_part(part: str) -> None:
    inputs = {"document": "1", "overlay": "2", "generator": "3"}
    before = lockfile.make("1", inputs, {"tool": "1"}, {"a.py": "1"})
    changed = lockfile.make(
        "2" if part == "version" else "1",
        inputs | ({part: "x"} if part in inputs else {}),
        {"tool": "2" if part == "tools" else "1"},
        {"a.py": "2" if part == "files" else "1"},
    )
    assert before.sha256 != changed.sha256


def test_two_overlays_give_two_hashes(tmp_path: Path, published_like: Path) -> None:
    overlay = OURS.root / "tests" / "fixtures" / "overlay.yaml"
    other = tmp_path / "overlay.yaml"
    other.write_text(overlay.read_text().replace("It has no id.", "There is no id."))
    one, two = (
        regenerate.regenerate(published_like, tmp_path / name, corrections=corrections).lock
        for name, corrections in (("one", overlay), ("two", other))
    )
    assert one.files == two.files
    assert one.sha256 != two.sha256


def test_the_expected_package_passes_the_check(garden: tuple[Path, Made]) -> None:
    folder, done = garden
    done_check = check(folder, "--version", done.lock.version, "--sha256", done.lock.sha256)
    assert (done_check.returncode, done_check.stderr) == (0, "")
    assert done_check.stdout == (
        f"{folder.name} {done.lock.version}, sha256 {done.lock.sha256}: as expected\n"
    )


def test_another_package_than_the_expected_one_is_named(garden: tuple[Path, Made]) -> None:
    folder, done = garden
    failed = check(folder, "--version", "1999.1", "--sha256", "0" * 64)
    assert (failed.returncode, failed.stdout) == (1, "")
    lines = failed.stderr.splitlines()
    assert lines[0].endswith(f"version {done.lock.version} is installed, 1999.1 is expected")
    assert lines[1].endswith(f"sha256 {done.lock.sha256} is installed, {'0' * 64} is expected")
    assert any(f"made of document {done.lock.inputs['document']}" in line for line in lines)
    assert any("made with ruff" in line for line in lines)


def test_a_hash_that_is_none_is_a_wrong_command(garden: tuple[Path, Made]) -> None:
    failed = check(garden[0], "--sha256", "12ab")
    assert failed.returncode == 2
    assert "give all 64 digits" in failed.stderr


def _append(folder: Path) -> None:
    with (folder / "types.py").open("a") as file:
        file.write("\n")


def _link(folder: Path) -> None:
    target = folder.with_name("aside.txt")
    (folder / "types.py").rename(target)
    (folder / "types.py").symlink_to(target)


def _hide(folder: Path) -> None:
    (folder / "__pycache__").mkdir(exist_ok=True)
    (folder / "__pycache__" / "extra.py").touch()


def _rewrite(folder: Path) -> None:
    path = folder / lockfile.NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | {"sha256": "0" * 64}))


CHANGES: dict[str, Callable[[Path], object]] = {
    "types.py": _append,
    "py.typed": lambda folder: (folder / "py.typed").unlink(),
    "mine.py": lambda folder: (folder / "mine.py").touch(),
    "types.py ": _link,
    "__pycache__/extra.py": _hide,
    lockfile.NAME: _rewrite,
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_named_by_the_check_and_by_drift_and_is_never_overwritten(
    garden_copy: Path, published_like: Path, corrections: Path, name: str
) -> None:
    CHANGES[name](garden_copy)
    failed = check(garden_copy)
    assert failed.returncode == 1
    assert f"{garden_copy.name}: {name.strip()} " in failed.stderr
    found = drift.findings(out=garden_copy, corrections=corrections)
    assert any(f"{garden_copy}/{name.strip()}: " in line for line in found)
    before = tree.hashes(garden_copy)
    with pytest.raises(Problem, match="so it is not replaced; give a new or an empty folder"):
        regenerate.regenerate(published_like, garden_copy, corrections=corrections)
    assert tree.hashes(garden_copy) == before


def test_a_package_as_it_was_generated_has_not_drifted_and_is_replaced(
    garden_copy: Path, published_like: Path, corrections: Path
) -> None:
    assert drift.findings(out=garden_copy, corrections=corrections) == []
    done = regenerate.regenerate(published_like, garden_copy, corrections=corrections)
    assert done.operations == 8


@pytest.mark.parametrize("where", [".", "link", "file", "folder", "above"])
def test_a_folder_that_is_not_ours_to_replace_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, published_like: Path, where: str
) -> None:
    work = tmp_path / "above" / "work"
    work.mkdir(parents=True)
    (work / "operations.py").write_text("mine = True\n")
    (tmp_path / "link").symlink_to(work)
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes.txt").touch()
    monkeypatch.chdir(work)
    out = Path(where) if where == "." else tmp_path / where
    before = tree.hashes(tmp_path)
    with pytest.raises(Problem, match="give"):
        regenerate.main(["--spec", str(published_like), "--out", str(out)])
    assert tree.hashes(tmp_path) == before


def test_our_own_package_is_not_replaced_by_that_of_another_document(
    checkout: Project, published_like: Path
) -> None:
    before = tree.hashes(checkout.root)
    with pytest.raises(Problem, match=r"rsspot_api: is the package of our own description"):
        regenerate.main(["--spec", str(published_like), "--out", str(checkout.package)], checkout)
    (checkout.root / "alias").symlink_to(checkout.package)
    with pytest.raises(Problem, match=r"alias: is the package of our own description|rsspot_api"):
        regenerate.main(
            ["--spec", str(published_like), "--out", str(checkout.root / "alias")], checkout
        )
    (checkout.root / "alias").unlink()
    assert tree.hashes(checkout.root) == before


def test_notes_in_our_own_package_are_kept(checkout: Project) -> None:
    (checkout.package / "notes.md").write_text("mine")
    with pytest.raises(Problem, match=r"notes\.md in it is not as it was generated"):
        regenerate.main([], checkout)
    assert (checkout.package / "notes.md").read_text() == "mine"


@pytest.mark.parametrize("field", ["sha256", "version"])
def test_a_lock_that_was_edited_has_drifted(checkout: Project, field: str) -> None:
    lock = json.loads(checkout.lock.read_text()) | {field: "0" * 64}
    for path in (checkout.lock, checkout.package / lockfile.NAME):
        path.write_text(json.dumps(lock, indent=2) + "\n")
    (found,) = drift.findings(checkout)
    assert found.startswith("openapi/generated.lock: its sha256 is not that of its content")
