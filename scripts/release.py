"""Check that a release is complete, and build its two files twice, with identical bytes.

`python scripts/release.py` writes the source distribution, the wheel and their hashes to `dist/`.
It publishes nothing. Exit status 1 where something is missing, with a line for each.
"""

from __future__ import annotations

import argparse
import datetime as dt
import email
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from regeneration.project import OURS

from rsspot.api_diff.problem import Problem, one_line, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from regeneration.project import Project

__all__ = ["artefacts", "build", "main", "missing"]

CHANGELOG = "CHANGELOG.md"
VERSION = "rsspot/_version.py"
FINAL = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}")
SURROUNDINGS: tuple[Mapping[str, str], ...] = (
    {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "2"},
)
"""Environments that must not change the result; each is used for one build."""
UMASKS = (0o022, 0o077)


def missing(project: Project) -> Iterator[str]:
    """Return a line for each thing that is missing: version, changelog, tag or a clean tree."""
    version = _version(project)
    if not FINAL.fullmatch(version):
        yield f"{VERSION}: {version!r} is no version to release; write one such as '1.2.3'"
    yield from _changelog(project, version)
    tag, head = f"v{version}", _git(project, "rev-parse", "HEAD")
    try:
        tagged = _git(project, "rev-parse", "--verify", "--quiet", f"refs/tags/{tag}^{{commit}}")
    except Problem:
        yield f"git: there is no tag {tag}; make it with `git tag -a {tag}`"
    else:
        if tagged != head:
            yield f"git: the tag {tag} is not the commit that is checked out; check out {tag}"
    if changed := _git(project, "status", "--porcelain").splitlines():
        yield f"git: {len(changed)} files differ from the commit ({changed[0]}); commit or stash"


def _version(project: Project) -> str:
    text = (project.root / VERSION).read_text("utf-8")
    found = re.search(r'^__version__ = "(.*)"$', text, re.MULTILINE)
    if not found:
        raise Problem(f'{VERSION}: has no line `__version__ = "…"`; write it')
    return found[1]


def _changelog(project: Project, version: str) -> Iterator[str]:
    text = (project.root / CHANGELOG).read_text("utf-8")
    entries = re.findall(r"^## \[(.*?)\](.*)\n((?:(?!## ).*\n?)*)", text, re.MULTILINE)
    released = [entry for entry in entries if entry[0] != "Unreleased"]
    if any(name == "Unreleased" and "- " in body for name, _, body in entries):
        yield f"{CHANGELOG}: changes are left under [Unreleased]; move them under [{version}]"
    if not released or released[0][0] != version:
        yield f"{CHANGELOG}: the newest entry is not [{version}]; add it, or change {VERSION}"
        return
    _, date, body = released[0]
    if not _is_date(date.removeprefix(" - ")):
        yield f"{CHANGELOG}: [{version}] has no date; write `## [{version}] - YYYY-MM-DD`"
    if "- " not in body:
        yield f"{CHANGELOG}: [{version}] is empty; list what changed"


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def build(project: Project, out: Path) -> dict[str, str]:
    """Build the commit that is checked out into `out`, twice.

    Returns the SHA-256 of each file by its name. Raises `Problem` where the builds differ.
    """
    builds: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for number, surroundings in enumerate(SURROUNDINGS):
            folder = Path(scratch) / str(number)
            _build(project, folder, surroundings, UMASKS[number])
            builds.append(
                {each.name: _sha256(each) for each in sorted((folder / "dist").iterdir())}
            )
        first, second = builds
        for name in sorted(first.keys() | second.keys()):
            if first.get(name) != second.get(name):
                raise Problem(
                    f"{name}: two builds of one commit differ; look for times, paths, random "
                    "values or the order of sets in what is built"
                )
        out.mkdir(exist_ok=True)
        for name in first:
            shutil.copyfile(Path(scratch) / "0" / "dist" / name, out / name)
    return first


def _build(project: Project, folder: Path, surroundings: Mapping[str, str], umask: int) -> None:
    tree, packed = folder / "tree", folder / "tree.tar"
    folder.mkdir()
    _git(project, "archive", "--output", str(packed), "HEAD")
    with tarfile.open(packed) as archive:
        archive.extractall(tree, filter="data")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"), "."],
        cwd=tree,
        env={
            **os.environ,
            **surroundings,
            "SOURCE_DATE_EPOCH": _git(project, "log", "-1", "--format=%ct"),
        },
        umask=umask,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise Problem(
            f"pyproject.toml: cannot be built: {one_line(done.stdout + done.stderr, 600)}"
        )


def artefacts(project: Project, out: Path, hashes: Mapping[str, str]) -> Iterator[str]:
    """Return what is wrong with the built files: their names, their version, their contents."""
    version = _version(project)
    sdist, wheel = f"rsspot-{version}.tar.gz", f"rsspot-{version}-py3-none-any.whl"
    if set(hashes) != {sdist, wheel}:
        yield f"dist: {', '.join(sorted(hashes))} were built, and not {sdist} and {wheel}"
        return
    with zipfile.ZipFile(out / wheel) as archive:
        inside = set(archive.namelist())
        about = archive.read(f"rsspot-{version}.dist-info/METADATA").decode()
    if email.message_from_string(about)["Version"] != version:
        yield f"{wheel}: its metadata has another version than {version}"
    for name in sorted({"rsspot/py.typed", "rsspot_api/py.typed"} - inside):
        yield f"{wheel}: lacks {name}"
    with tarfile.open(out / sdist) as packed:
        inside = {name.partition("/")[2] for name in packed.getnames()}
    for name in sorted({"PKG-INFO", "LICENSE", CHANGELOG, "openapi/spot.yaml"} - inside):
        yield f"{sdist}: lacks {name}"


def main(arguments: Sequence[str] | None = None, project: Project = OURS) -> int:
    """Check, build and compare, and print the hashes of the files to upload."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args(arguments)
    found, hashes, out = list(missing(project)), dict[str, str](), project.root / "dist"
    if not found:
        shutil.rmtree(out, ignore_errors=True)
        hashes = build(project, out)
        found = list(artefacts(project, out, hashes))
        if found:
            shutil.rmtree(out)
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1
    lines = [f"{digest}  {name}" for name, digest in hashes.items()]
    (out / "SHA256SUMS").write_text("\n".join([*lines, ""]), "utf-8", newline="\n")
    print("\n".join([*lines, "dist/: built twice, with the same bytes; nothing was published"]))
    return 0


def _git(project: Project, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(project.root), *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise Problem(f"git {arguments[0]}: {one_line(done.stderr)}; release from a git checkout")
    return done.stdout.strip()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(run(main))
