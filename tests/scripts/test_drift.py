from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from regeneration import drift, lockfile, tree

from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from regeneration.project import Project


@pytest.mark.prove  # `make drift`, without which nothing lands, asks the same of this checkout
def test_a_checkout_that_was_generated_has_not_drifted(
    checkout: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert drift.main([], checkout) == 0
    assert capsys.readouterr().out.endswith(": no drift\n")


@pytest.mark.parametrize(
    ("path", "edit", "said"),
    [
        (
            "generated/rsspot_api/models/region.py",
            ("import", "import "),
            "generated/rsspot_api/models/region.py: differs from the lock; edit openapi/ instead",
        ),
        (
            "openapi/spot.yaml",
            ("openapi: ", "openapi:  "),
            "openapi/spot.yaml: changed since the package was generated; run `make generate`",
        ),
        (
            "openapi/overlay.yaml",
            ("overlay: ", "overlay:  "),
            "openapi/overlay.yaml: changed since",
        ),
        (
            "openapi/generator.yaml",
            ("hooks: ", "hooks:  "),
            "openapi/generator.yaml: changed since",
        ),
        (
            "pyproject.toml",
            ("client==0.29.1", "client==0.28.0"),
            "pyproject.toml: pins openapi-python-client 0.28.0, but 0.29.1 is installed",
        ),
        (
            "pyproject.toml",
            ("openapi-python-client==", "openapi-python-client>="),
            "pyproject.toml: does not pin openapi-python-client; add `openapi-python-client==…`",
        ),
        (
            "openapi/generated.lock",
            ('client": "0.29.1"', 'client": "0.28.0"'),
            "openapi/generated.lock: made with openapi-python-client 0.28.0, but 0.29.1 is pinned",
        ),
    ],
)
def test_a_change_fails_and_the_file_is_named(
    checkout: Project,
    capsys: pytest.CaptureFixture[str],
    path: str,
    edit: tuple[str, str],
    said: str,
) -> None:
    text = (checkout.root / path).read_text()
    (checkout.root / path).write_text(text.replace(*edit, 1))
    assert drift.main([], checkout) == 1
    assert any(line.startswith(said) for line in capsys.readouterr().err.splitlines())


def test_missing_and_extra_files_are_named(
    checkout: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout.package / "py.typed").unlink()
    (checkout.package / "api" / "mine.py").touch()
    assert drift.main([], checkout) == 1
    assert [line.partition(";")[0] for line in capsys.readouterr().err.splitlines()] == [
        "generated/rsspot_api/api/mine.py: extra, the lock does not have it",
        "generated/rsspot_api/py.typed: missing, the lock has it",
    ]


def test_a_second_package_beside_ours_is_named(checkout: Project) -> None:
    (checkout.package.parent / "other_api").mkdir()
    assert drift.findings(checkout) == [
        "generated/other_api: extra, only rsspot_api belongs there; remove it"
    ]


def locked(project: Project, name: str, content: str) -> None:
    """Change a generated file, and the lock with it."""
    (project.package / name).write_text(content)
    old = lockfile.read(project.lock, "lock")
    files = tree.hashes(project.package)
    del files[lockfile.NAME]
    lock = lockfile.make(old.version, old.inputs, old.tools, files)
    for path in (project.lock, project.package / lockfile.NAME):
        lockfile.write(path, lock)


def test_a_module_that_does_not_import_is_found_behind_the_lock(checkout: Project) -> None:
    locked(checkout, "models/region.py", "import nowhere\n")
    (found,) = drift.findings(checkout)
    assert "models/region.py: ModuleNotFoundError: No module named 'nowhere'" in found


def test_an_operation_that_cannot_be_called_is_found_behind_the_lock(checkout: Project) -> None:
    locked(checkout, "api/regions/list_regions.py", "")
    (found,) = drift.findings(checkout)
    assert "has no attribute '_get_kwargs'" in found


def test_output_that_the_scripts_would_not_write_is_found_behind_the_lock(
    checkout: Project,
) -> None:
    locked(checkout, "py.typed", "partial\n")
    (found,) = drift.findings(checkout)
    assert found.startswith("generated/rsspot_api/py.typed: differs from what the scripts")


@pytest.mark.parametrize("content", ["", "not json", "[]", '{"version": "1"}', '{"inputs": 1}'])
def test_a_lock_that_cannot_be_read_is_named(checkout: Project, content: str) -> None:
    checkout.lock.write_text(content)
    with pytest.raises(Problem, match=r"^openapi/generated\.lock: is not what `make generate`"):
        drift.findings(checkout)


def test_a_lock_that_is_not_there_is_named(checkout: Project) -> None:
    checkout.lock.unlink()
    with pytest.raises(Problem, match=r"^openapi/generated\.lock: no such file; run `make gen"):
        drift.findings(checkout)


def test_many_findings_are_counted_not_listed(
    checkout: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in checkout.package.rglob("*.py"):
        path.unlink()
    assert drift.main([], checkout) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == drift.SHOWN + 1
    assert lines[-1].startswith("and ")
