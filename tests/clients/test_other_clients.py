"""Other people's clients, installed from their registries, run their own flows on the sandbox."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rsspot.sandbox import SpotSandbox
from rsspot.sandbox.world import CLIENT_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.prove

PROGRAMS = Path(__file__).parent / "programs"
REGION, CLASS = "us-central-dfw-2", "gp.vs2.medium-dfw2"
SPOT = "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a11"
ON_DEMAND = "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a12"

COMMUNITY_SDK = ("rsspot==0.3.0", "click==8.3.0")  # it imports click without asking for it
KUBERNETES = ("kubernetes", "requests-oauthlib")
NODE = ("@kubernetes/client-node@1.4.0", "openid-client@6.9.0", "jose@6")


def run(*command: str, **environment: str) -> str:
    """What a program printed; it must have succeeded."""
    done = subprocess.run(
        command,
        env={"PATH": os.environ["PATH"], "HOME": str(Path(command[0]).parent), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    print(f"$ {' '.join(map(os.path.basename, command))}\n{done.stdout}{done.stderr}")
    assert done.returncode == 0, done.stderr
    return done.stdout


def python_with(folder: Path, *packages: str) -> Path:
    """A new environment with these packages; the test is skipped where no registry answers."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = (folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install")
    done = subprocess.run([*pip, "--quiet", *packages], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"the package registry gives no {packages[0]}: {done.stderr[-200:]}")
    return folder / "bin"


@pytest.fixture
def world() -> Iterator[SpotSandbox]:
    """A sandbox in which a minute passes in half a second: these clients wait in real time."""
    with SpotSandbox(seed=1, speed=120) as sandbox:
        yield sandbox
        assert sandbox.app.crashes == []


def test_the_community_sdk_does_all_that_its_command_line_can(tmp_path: Path) -> None:
    program = python_with(tmp_path / "env", *COMMUNITY_SDK) / "rsspot"
    with SpotSandbox(seed=1) as sandbox:

        def rsspot(*arguments: str) -> str:
            return run(
                str(program),
                *arguments,
                RSSPOT_BASE_URL=sandbox.url,
                RSSPOT_OAUTH_URL=sandbox.url,
                RSSPOT_REFRESH_TOKEN=sandbox.refresh_token,
                RSSPOT_ORG=sandbox.organization,
            )

        pool = ("--cloudspace", "demo", "--server-class", CLASS)
        assert sandbox.namespace in rsspot("organizations", "get", "acme")
        assert "uk-lon-1" in rsspot("regions", "list")
        assert CLASS in rsspot("server-classes", "list", "--region", REGION)
        assert "$" in rsspot("pricing", "get", CLASS)
        assert '"status": "ok"' in rsspot("pricing", "build", "--nodes", "3", "--regions", REGION)
        rsspot("cloudspaces", "create", "--name", "demo", "--region", REGION)
        spot = ("nodepools", "spot")
        rsspot(*spot, "create", "--name", SPOT, *pool, "--bid-price", "0.5", "--desired", "2")
        on_demand = ("nodepools", "ondemand")
        rsspot(*on_demand, "create", "--name", ON_DEMAND, *pool)
        sandbox.advance(minutes=30)
        assert '"phase": "Ready"' in rsspot("cloudspaces", "get", "demo")
        assert '"wonCount": 2' in rsspot(*spot, "get", SPOT)
        assert SPOT in rsspot(*spot, "list", "--cloudspace", "demo")
        rsspot(*spot, "update", "--name", SPOT, *pool, "--bid-price", "0.6", "--desired", "3")
        assert "ngpc-user" in rsspot("cloudspaces", "get-config", "demo")
        assert '"kind": "VMCloudSpaceList"' in rsspot("inventory", "vmcloudspaces")
        assert '"kind": "VMPoolList"' in rsspot("inventory", "vmpools", "--vmcloudspace", "x")
        assert "demo" in rsspot("inventory", "events")
        rsspot(*spot, "delete", SPOT)
        rsspot(*on_demand, "delete", ON_DEMAND)
        rsspot("cloudspaces", "delete", "demo")
        sandbox.advance(minutes=30)
        assert '"items": []' in rsspot("cloudspaces", "list")
        assert [item for item in sandbox.requests if item.status >= 400] == []
        assert sandbox.app.crashes == []


def test_kubernetes_and_oauth_clients_of_python_take_it_for_what_it_is(
    tmp_path: Path, world: SpotSandbox
) -> None:
    python = python_with(tmp_path / "env", *KUBERNETES) / "python"
    said = run(
        str(python),
        str(PROGRAMS / "kubernetes_objects.py"),
        world.url,
        world.refresh_token,
        CLIENT_ID,
        OAUTHLIB_INSECURE_TRANSPORT="1",
    )
    assert said.splitlines() == [
        "signed in: Bearer True",
        "regions: 8",
        f"class: {CLASS}",
        "twice: 409 Conflict",
        "ready: True",
        "patched: 2 2",
        "selected: True",
        "stale: 409 Conflict",
        "gone: True",
    ]


def test_kubernetes_openid_and_jwt_clients_of_npm_take_it_for_what_it_is(
    tmp_path: Path, world: SpotSandbox
) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("there is no npm here")
    quiet = ("--no-audit", "--no-fund", "--prefix", str(tmp_path))
    done = subprocess.run(
        [npm, "install", *quiet, *NODE], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"the package registry gives no {NODE[0]}: {done.stderr[-200:]}")
    program = shutil.copy(PROGRAMS / "kubernetes_objects.mjs", tmp_path / "program.mjs")
    said = run(node, str(program), world.url, world.refresh_token, CLIENT_ID)
    assert said.splitlines() == [
        "signed in: bearer true",
        "verified: RS256 true",
        "classes: true",
        "ready: Ready",
        "patched: 3",
        "replaced: https://hook.example/",
        "refused: 404",
        "gone: true",
    ]
