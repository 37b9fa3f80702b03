"""The document as its vendor publishes it, where that is at hand beside the checkout."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from regeneration import compare, overlay, regenerate
from regeneration.project import OURS

from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from pathlib import Path

UPSTREAM = OURS.root.parent / "shared" / "upstream" / "published-spot-openapi.json"

pytestmark = pytest.mark.skipif(not UPSTREAM.exists(), reason="the published document is not here")


def test_it_becomes_a_package_that_does_what_it_says(tmp_path: Path) -> None:
    out = tmp_path / "published_api"
    done = regenerate.regenerate(UPSTREAM, out, corrections=OURS.overlay)
    assert done.operations == 28
    assert not done.notes
    assert {"models/cloud_space.py", "models/object_meta.py"} <= done.lock.files.keys()
    assert {loss.kind for loss in done.accepted} == {"media type", "optional"}


def test_without_corrections_its_losses_are_named(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        regenerate.regenerate(UPSTREAM, tmp_path / "api")
    assert "body application/json-patch+json (sent as" in str(caught.value)
    assert not (tmp_path / "api").exists()


def test_every_correction_names_its_reason() -> None:
    reasons = [action.reason for action in overlay.load(OURS.overlay).actions]
    assert all(reason.endswith(".") for reason in reasons)


def test_beyond_what_is_accepted_nothing_differs_but_what_only_ours_has(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert compare.main([str(UPSTREAM), "--json", "--strict"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {key for key, count in said["summary"].items() if count} <= {"extension"}
    assert all(each["reason"].endswith(".") for each in said["accepted"])


def test_what_is_accepted_of_it_is_breaking_or_new(capsys: pytest.CaptureFixture[str]) -> None:
    nothing = OURS.root / "tests" / "fixtures" / "accepted-nothing.yaml"
    assert compare.main([str(UPSTREAM), "--json", "--accepted", str(nothing)]) == 1
    found = json.loads(capsys.readouterr().out)["differences"]
    lost = {each["where"] for each in found if each["upstream"] == "absent"}
    breaking = {each["where"] for each in found if each["level"] == "breaking"}
    headers = {where for where in lost & breaking if where.endswith("header etag")}
    assert lost & breaking == headers, "what only ours has says where it comes from"
