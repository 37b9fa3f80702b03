"""What importing rsspot costs and gives."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest
import rsspot_api

import rsspot

if TYPE_CHECKING:
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox


def test_every_public_name_can_be_had() -> None:
    for name in rsspot.__all__:
        assert getattr(rsspot, name) is not None
    assert set(rsspot.__all__) <= set(dir(rsspot))
    assert importlib.metadata.version("rsspot") == rsspot.__version__


def _loaded_after(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint(*sys.modules)"
    with tempfile.TemporaryDirectory() as home:  # without the state file of whoever tests
        done = subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "HOME": home, "XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home},
        )
    return set(done.stdout.split())


def test_importing_rsspot_imports_next_to_nothing() -> None:
    loaded = _loaded_after("import rsspot")
    assert not loaded & {"httpx", "attrs", "attr", "asyncio", "json", "logging", "rsspot_api"}


def test_a_client_needs_no_http_no_yaml_and_no_generated_model_before_its_first_call() -> None:
    loaded = _loaded_after("from rsspot import SpotClient; SpotClient(refresh_token='x').regions")
    assert not loaded & {
        "httpx", "asyncio", "ruamel", "tomlkit", "attrs", "sqlite3", "backoff", "dateutil",
        "rsspot_api.models", "rsspot_api.client",
    }  # fmt: skip


WITHOUT_EXTRA = "sys.modules.update(aiohttp=None, msgspec=None); "


@pytest.mark.parametrize("has_extra", [False, True])
@pytest.mark.parametrize("has_profile", [False, True])
def test_a_first_result_needs_no_attrs_and_no_httpx_with_the_extra(
    sandbox: SpotSandbox, tmp_path: Path, *, has_extra: bool, has_profile: bool
) -> None:
    options = {name: value for name, value in sandbox.client_options().items() if name != "clock"}
    if has_profile:
        profile = {"cache": {"enabled": False}, **options}
        state = profile.pop("state")
        file = tmp_path / "config.yml"
        file.touch(0o600)
        file.write_text(json.dumps({"state_path": state, "profiles": {"a": profile}}))
        made = f"SpotClient(config_path={str(file)!r})"
    else:
        made = f"SpotClient(**{options!r}, cache=CacheConfig(enabled=False))"
    loaded = _loaded_after(
        f"{'' if has_extra else WITHOUT_EXTRA}from rsspot import CacheConfig, SpotClient; "
        f"{made}.regions.get('uk-lon-1').name"
    )
    assert not loaded & {"attr", "attrs", "difflib"}
    assert ("httpx" in loaded) is not has_extra
    assert ("ruamel.yaml" in loaded) is has_profile
    if has_extra:
        assert not loaded & {"anyio", "asyncio", "dataclasses", "inspect"}


def test_the_document_that_runs_is_known_at_run_time() -> None:
    assert rsspot_api.__version__
    assert len(rsspot_api.DOCUMENT_SHA256) == 64
