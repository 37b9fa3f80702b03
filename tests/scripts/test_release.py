from __future__ import annotations

import hashlib
import os
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pytest
import release
from regeneration.project import Project

from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from pathlib import Path

PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "rsspot"
requires-python = ">=3.11"
dynamic = ["version"]

[tool.hatch.version]
path = "rsspot/_version.py"

[tool.hatch.build.targets.wheel]
packages = ["rsspot", "rsspot_api"]
"""
HOOK = """
import pathlib, uuid
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

class Hook(BuildHookInterface):
    def initialize(self, version, build_data):
        pathlib.Path(self.root, "rsspot", "made.py").write_text(f"ID = {uuid.uuid4().hex!r}")
"""
CHANGES = "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-11-24\n\n### Added\n\n- A thing.\n"
FILES = {
    "pyproject.toml": PYPROJECT,
    "CHANGELOG.md": CHANGES,
    "LICENSE": "MIT\n",
    ".gitignore": "dist/\n",
    "openapi/spot.yaml": "openapi: 3.1.1\n",
    "rsspot/_version.py": '__version__ = "1.2.0"\n',
    "rsspot/__init__.py": "",
    "rsspot/py.typed": "",
    "rsspot_api/__init__.py": "",
    "rsspot_api/py.typed": "",
}


class Checkout(Project):
    """A small project under git."""

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.invalid")
        command = ["git", "-C", str(self.root), *who, *arguments]
        subprocess.run(command, check=True, capture_output=True)

    def commit(self) -> None:
        """Commit all files, and move the tag there."""
        self.git("add", "-A")
        self.git("commit", "-qm", "Change it", "--allow-empty")
        self.git("tag", "--force", "-a", "v1.2.0", "-m", "1.2.0")

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, "utf-8")


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A checkout that lacks nothing."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    checkout = Checkout(tmp_path / "checkout")
    for path, text in FILES.items():
        checkout.write(path, text)
    checkout.git("init", "-q")
    checkout.commit()
    return checkout


def test_a_release_that_lacks_nothing_is_built_and_its_hashes_are_printed(
    ready: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    assert release.main([], ready) == 0
    dist = ready.root / "dist"
    names = ["rsspot-1.2.0-py3-none-any.whl", "rsspot-1.2.0.tar.gz"]
    lines = [f"{hashlib.sha256((dist / name).read_bytes()).hexdigest()}  {name}" for name in names]
    assert (dist / "SHA256SUMS").read_text().splitlines() == lines
    printed = capsys.readouterr().out.splitlines()
    assert printed == [*lines, "dist/: built twice, with the same bytes; nothing was published"]


def test_times_in_what_is_built_are_that_of_the_commit(ready: Checkout) -> None:
    assert release.main([], ready) == 0
    command = ["git", "-C", str(ready.root), "log", "-1", "--format=%ct"]
    committed = int(subprocess.check_output(command))
    with tarfile.open(ready.root / "dist" / "rsspot-1.2.0.tar.gz") as archive:
        assert {member.mtime for member in archive.getmembers()} == {committed}


def test_what_is_not_committed_is_not_built(ready: Checkout) -> None:
    ready.write(".gitignore", "dist/\nignored.py\n")
    ready.commit()
    ready.write("rsspot/ignored.py", "SECRET = 1\n")
    assert release.main([], ready) == 0
    with tarfile.open(ready.root / "dist" / "rsspot-1.2.0.tar.gz") as archive:
        assert not any("ignored" in name for name in archive.getnames())


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("CHANGELOG.md", CHANGES.replace("1.2.0", "1.1.0"), "the newest entry is not [1.2.0]"),
        ("CHANGELOG.md", "# Changelog\n", "the newest entry is not [1.2.0]"),
        ("CHANGELOG.md", CHANGES.replace(" - 2026-11-24", ""), "[1.2.0] has no date"),
        ("CHANGELOG.md", CHANGES.replace("2026-11-24", "2026-11-31"), "[1.2.0] has no date"),
        ("CHANGELOG.md", CHANGES.replace("2026-11-24", "20261124"), "[1.2.0] has no date"),
        ("CHANGELOG.md", CHANGES.replace("- A thing.\n", ""), "[1.2.0] is empty"),
        (
            "CHANGELOG.md",
            CHANGES.replace("[Unreleased]\n", "[Unreleased]\n\n### Fixed\n\n- A bug.\n"),
            "changes are left under [Unreleased]; move them under [1.2.0]",
        ),
    ],
)
def test_a_changelog_that_is_not_ready_is_named_and_nothing_is_built(
    ready: Checkout, capsys: pytest.CaptureFixture[str], path: str, text: str, said: str
) -> None:
    ready.write(path, text)
    ready.commit()
    assert release.main([], ready) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"CHANGELOG.md: {said}")
    assert not (ready.root / "dist").exists()


@pytest.mark.parametrize("version", ["1.3.0.dev1", "1.3", "1.3.0rc1", "01.3.0", "", "v1.3.0"])
def test_only_a_final_version_is_released(ready: Checkout, version: str) -> None:
    ready.write("rsspot/_version.py", f'__version__ = "{version}"\n')
    ready.commit()
    assert f"rsspot/_version.py: {version!r} is no version to release" in "\n".join(
        release.missing(ready)
    )


def test_a_version_without_its_tag_is_named(ready: Checkout) -> None:
    ready.git("tag", "--delete", "v1.2.0")
    assert list(release.missing(ready)) == [
        "git: there is no tag v1.2.0; make it with `git tag -a v1.2.0`"
    ]


def test_a_tag_on_another_commit_is_named(ready: Checkout) -> None:
    ready.git("commit", "-qm", "One more", "--allow-empty")
    assert list(release.missing(ready)) == [
        "git: the tag v1.2.0 is not the commit that is checked out; check out v1.2.0"
    ]


@pytest.mark.parametrize("path", ["rsspot/__init__.py", "rsspot/new.py"])
def test_a_tree_that_differs_from_the_commit_is_named(ready: Checkout, path: str) -> None:
    ready.write(path, "X = 1\n")
    (line,) = release.missing(ready)
    assert line.startswith("git: 1 files differ from the commit")
    assert path in line


def test_all_that_is_missing_is_said_at_once(ready: Checkout) -> None:
    ready.git("tag", "--delete", "v1.2.0")
    ready.write("CHANGELOG.md", "# Changelog\n")
    assert len(list(release.missing(ready))) == 3


def test_builds_that_differ_are_named_and_left_out(ready: Checkout) -> None:
    ready.write("pyproject.toml", PYPROJECT + "\n[tool.hatch.build.hooks.custom]\n")
    ready.write("hatch_build.py", HOOK)
    ready.commit()
    with pytest.raises(Problem, match=r"rsspot-1\.2\.0.*: two builds of one commit differ"):
        release.main([], ready)
    assert not (ready.root / "dist").exists()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("rsspot_api/py.typed", "rsspot-1.2.0-py3-none-any.whl: lacks rsspot_api/py.typed"),
        ("openapi/spot.yaml", "rsspot-1.2.0.tar.gz: lacks openapi/spot.yaml"),
    ],
)
def test_a_file_that_a_release_has_to_have_is_named(
    ready: Checkout, capsys: pytest.CaptureFixture[str], path: str, said: str
) -> None:
    (ready.root / path).unlink()
    ready.commit()
    assert release.main([], ready) == 1
    assert capsys.readouterr().err.splitlines() == [said]
    assert not (ready.root / "dist").exists()


def test_a_folder_without_git_says_what_to_do(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    for path, text in FILES.items():
        checkout.write(path, text)
    with pytest.raises(Problem, match="release from a git checkout"):
        list(release.missing(checkout))
