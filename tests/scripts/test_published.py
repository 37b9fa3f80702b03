"""The document as its vendor publishes it, where that is at hand beside the checkout."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import compare
import overlay
import pytest
import regenerate
import verify
from project import OURS

if TYPE_CHECKING:
    from pathlib import Path

UPSTREAM = OURS.root.parent / "shared" / "upstream" / "published-spot-openapi.json"

pytestmark = pytest.mark.skipif(not UPSTREAM.exists(), reason="the published document is not here")


def test_it_becomes_a_package_in_which_every_operation_can_be_called(tmp_path: Path) -> None:
    out = tmp_path / "published_api"
    done = regenerate.regenerate(UPSTREAM, out, corrections=OURS.overlay)
    assert done.operations == 28
    assert verify.verify(out, done.document) == 28
    assert not done.dropped
    assert {"models/cloud_space.py", "models/object_meta.py"} <= done.files.keys()


def test_every_correction_names_its_reason() -> None:
    reasons = [action.reason for action in overlay.load(OURS.overlay).actions]
    assert all(reason.endswith(".") for reason in reasons)


def test_it_has_nothing_that_ours_lacks_but_other_media_types(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert compare.main([str(UPSTREAM), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["differences"]
    kinds = {each["kind"] for each in found if each["ours"] == "absent"}
    assert kinds == {"media type", "parameter"}
    lost = [each["where"] for each in found if each["upstream"] == "absent"]
    breaking = {each["where"] for each in found if each["level"] == "breaking"}
    assert not breaking.intersection(lost), "what only ours has says where it comes from"
