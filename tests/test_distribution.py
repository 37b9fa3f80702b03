"""What is installed is what was tested: contents, metadata, lowest and newest packages."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from email import message_from_string
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import rsspot

if TYPE_CHECKING:
    from email.message import Message

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SMOKE = ROOT / "tests" / "fixtures" / "smoke.py"
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
NAMED = [*PROJECT["dependencies"], *(each for extra in EXTRAS.values() for each in extra)]
LEAST = re.compile(r"(?P<name>[\w.-]+)(\[[\w,]+\])?>=(?P<version>[\d.]+)(,<[\d.]+)?")
CACHED = {"__pycache__"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    options = ["--sdist", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run([sys.executable, "-m", "build", *options], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    name = f"rsspot-{rsspot.__version__}.dist-info/METADATA"
    return message_from_string(zipfile.ZipFile(wheel).read(name).decode())


def test_the_wheel_has_every_module_of_the_tree_and_nothing_else(names: set[str]) -> None:
    sources = {"rsspot": ROOT / "rsspot", "rsspot_api": ROOT / "generated" / "rsspot_api"}
    wanted = {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in sources.items()
        for path in folder.rglob("*")
        if path.is_file() and not CACHED & set(path.parts)
    }
    found = {name for name in names if ".dist-info/" not in name}
    assert found == wanted
    assert {"rsspot/py.typed", "rsspot_api/py.typed"} <= found


def test_the_wheel_says_what_it_is(metadata: Message, names: set[str]) -> None:
    assert metadata["Name"] == "rsspot"
    assert metadata["Version"] == rsspot.__version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert f"rsspot-{rsspot.__version__}.dist-info/licenses/LICENSE" in names
    assert set(metadata.get_all("Provides-Extra", [])) == set(EXTRAS)


def test_the_description_is_the_readme_without_links_that_break_on_an_index(
    metadata: Message,
) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    linked = re.compile(r"\[([^\]]+)\]\((?!https?:|#)([^)]+)\)")
    assert linked.search(readme), "this test needs a link to a file"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload() == linked.sub(r"\1 (`\2`)", readme)


@pytest.mark.parametrize("requirement", NAMED)
def test_every_dependency_has_a_lowest_version(requirement: str) -> None:
    assert re.fullmatch(LEAST, requirement)


def test_the_source_distribution_can_be_tested_and_generated_from(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    tracked = ["rsspot", "generated", "openapi", "scripts", "tests", "docs"]
    wanted = {
        path.relative_to(ROOT).as_posix()
        for folder in tracked
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not CACHED & set(path.parts) and path.suffix != ".db"
    }
    assert wanted - inside == set()
    files = ["Makefile", "LICENSE", "CHANGELOG.md", ".ci/requirements.txt", "pyproject.toml"]
    assert set(files) <= inside


def test_no_address_of_an_index_is_in_the_pins() -> None:
    pins = (ROOT / ".ci" / "requirements.txt").read_text("utf-8")
    assert "://" not in pins
    assert "--index" not in pins
    pinned = re.findall(r"^[A-Za-z0-9]\S*==\S+", pins, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[A-Za-z0-9]", pins, re.MULTILINE)) > 50


def test_an_environment_of_bounds_keeps_the_extras_of_what_it_installs() -> None:
    # uv would install psycopg without its pool, since each bound replaces what asks for it.
    asked = [
        "make",
        "--dry-run",
        "--always-make",
        f"PYTHON={sys.executable}",
        "RESOLUTION=lowest",
        "test",
    ]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    (compiled,) = re.findall(r"pip compile (?:.*\\\n)*.*", said.stdout)
    assert "--no-strip-extras" in compiled
    assert f".[{','.join(EXTRAS)}]" in said.stdout


def lowest() -> str:
    """The least version that we say suffices of each package that we name."""
    found = [each for requirement in NAMED if (each := LEAST.match(requirement))]
    return "".join(f"{each['name']}=={each['version']}\n" for each in found)


class Installed:
    """A fresh environment with the wheel in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        venv.create(folder / "venv", with_pip=True)
        self.python = next((folder / "venv").glob("[bS]*/python*"))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.python), *arguments],
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def pip(self, *arguments: str) -> str:
        done = self.run("-m", "pip", "--disable-pip-version-check", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.mark.prove
@pytest.mark.parametrize("versions", ["lowest", "newest"])
def test_it_works_with_the_lowest_and_the_newest_packages(
    wheel: Path, tmp_path: Path, versions: str
) -> None:
    here = Installed(tmp_path)
    constraints = tmp_path / "constraints.txt"
    constraints.write_text(lowest() if versions == "lowest" else "", "utf-8")
    here.pip("install", "-q", "-c", str(constraints), f"{wheel}[{','.join(EXTRAS)}]")
    here.pip("check")
    done = here.run(str(SMOKE))
    assert (done.returncode, done.stdout, done.stderr) == (0, "works\n", "")


@pytest.mark.prove
def test_without_extras_all_but_them_imports_and_they_say_what_is_missing(
    wheel: Path, tmp_path: Path
) -> None:
    here = Installed(tmp_path)
    here.pip("install", "-q", str(wheel))
    here.pip("check")
    program = """
import importlib, pkgutil, rsspot, rsspot_api
extras = ("rsspot.sandbox", "rsspot.cli", "rsspot.pytest_plugin")
extras += ("rsspot.senders.transport.aiohttp_", "rsspot.state.postgres")
for package in (rsspot, rsspot_api):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.startswith(extras):
            importlib.import_module(module.name)
for name in rsspot.__all__:
    getattr(rsspot, name)
"""
    done = here.run("-W", "error", "-c", program)
    assert (done.returncode, done.stderr) == (0, "")
    done = here.run("-c", "from rsspot.sandbox import SpotSandbox")
    assert done.stderr.endswith("is not installed. Run: pip install 'rsspot[sandbox]'\n")
