"""Documents of other APIs, in the manners in which they are written elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from regeneration import drift, regenerate
from regeneration.project import OURS

from rsspot.api_diff import report

if TYPE_CHECKING:
    from pathlib import Path

APIS = OURS.root / "tests" / "fixtures" / "apis"
OPERATIONS = {"library.yaml": 4, "machines.json": 2, "payments.yaml": 3}


@pytest.mark.parametrize("name", OPERATIONS)
def test_any_document_becomes_a_package_with_our_overlay_left_aside(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "api"
    assert regenerate.main(["--spec", str(APIS / name), "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert f"{OPERATIONS[name]} operations" in said.out
    assert said.err == ""
    assert drift.findings(out=out) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_document_does_not_differ_from_itself(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = APIS / name
    assert report.report(path, str(path)) == 0
    assert capsys.readouterr().out == "no differences\n"
