"""The sandbox answers what the document says, whatever it is asked (schemathesis, all checks)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from ruamel.yaml import YAML

from rsspot import SpotClient
from rsspot.sandbox import SpotSandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
CLASS = "gp.vs2.medium-dfw2"
POOL = "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a11"
CONFIG = """
[parameters]
namespace = "{namespace}"

# What is right by its schema may still be refused with 400 or 422: selectors and continue tokens
# have a grammar that no schema tells, bids have a floor, pools a cloudspace, names a pattern.
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "401", "403", "404", "409", "410", "422"]

# The service is known to answer 500 to a resourceVersion that is no number. That the sandbox has no
# other reason for one is asserted below.
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "500"]
"""


@pytest.fixture
def world() -> Iterator[SpotSandbox]:
    """One object of each kind, and time that passes only where something is deleted."""
    with (
        SpotSandbox(seed=1, token_lifetime=10**9) as sandbox,
        SpotClient(**sandbox.client_options()) as client,
    ):
        client.cloudspaces.create("known", region="us-central-dfw-2")
        options: dict[str, Any] = {"server_class": CLASS, "name": POOL}
        client.spot_nodepools.create("known", bid_price="0.1", **options)
        client.ondemand_nodepools.create("known", **options)
        client.autopilot_nodepools.create(
            "known", region="us-central-dfw-2", vcpu_total=4, budget_per_hour="1", name="known"
        )
        client.vm_ssh_keys.create("known", public_key="ssh-ed25519 AAAA")
        client.vm_cloudspaces.create("known", region="us-central-dfw-2", ssh_key="known")
        client.vm_pools.create("known", bid_price="0.1", server_class=CLASS, name="known")
        sandbox.advance(minutes=10)
        yield sandbox
    assert sandbox.app.crashes == []


def _run(world: SpotSandbox, folder: Path, *options: str) -> None:
    config = folder / "schemathesis.toml"
    config.write_text(CONFIG.format(namespace=world.namespace), "utf-8")
    bearer = world.state.oauth.issue(world.organization_id)
    done = subprocess.run(
        [
            Path(sys.executable).with_name("st"),
            *("--config-file", config, "run", ROOT / "openapi" / "spot.yaml"),
            *("--url", world.url, "--header", f"Authorization: Bearer {bearer}"),
            *("--checks", "all", "--no-color", "--generation-database", "none", *options),
        ],
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "sandbox_hooks",
            "PYTHONPATH": str(Path(__file__).parent),
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    sys.stdout.write(done.stdout[done.stdout.find("= SUMMARY") :])  # `pytest -rP` shows it
    assert done.returncode == 0, done.stdout + done.stderr
    selected = re.search(r"Selected: (\d+)/(\d+)\s+Tested: (\d+)", done.stdout)
    assert selected is not None
    assert len(set(selected.groups())) == 1, "an operation of the document was left out"


def test_every_answer_is_documented(world: SpotSandbox, tmp_path: Path) -> None:
    phases = "examples,fuzzing,stateful"
    _run(world, tmp_path, "--max-examples", "2", "--phases", phases, "--seed", "1")


@pytest.mark.prove
def test_every_answer_is_documented_at_length(world: SpotSandbox, tmp_path: Path) -> None:
    _run(world, tmp_path, "--max-examples", "100")


def test_every_operation_is_served(world: SpotSandbox) -> None:
    yaml: Any = YAML(typ="safe")
    document: dict[str, Any] = yaml.load(ROOT / "openapi" / "spot.yaml")
    bearer = world.state.oauth.issue(world.organization_id)
    headers = {"Authorization": f"Bearer {bearer}"}
    for path, item in document["paths"].items():
        known = re.sub(r"{(name|server_class)}", "nothing", path)
        url = world.url + known.replace("{namespace}", world.namespace)
        for method in {"get", "put", "post", "patch", "delete"} & set(item):
            answer = httpx.request(method.upper(), url, headers=headers, json={})
            assert answer.status_code != 405, (method, path)
            assert "could not find the requested resource" not in answer.text, (method, path)
