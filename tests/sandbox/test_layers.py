"""The layers of the sandbox: the API imports the world through one face, and not the reverse."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import rsspot.sandbox

ROOT = Path(rsspot.sandbox.__file__).parent
LAYERS = ("world", "api", "faults", "hosts", "control", "app", "server", "__main__")
"""From the bottom up."""


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module is not None
    } | {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_the_layers_below_it(layer: str) -> None:
    allowed = {f"rsspot.sandbox.{name}" for name in LAYERS[: LAYERS.index(layer) + 1]}
    folder = ROOT / layer
    files = list(folder.glob("*.py")) if folder.is_dir() else [ROOT / f"{layer}.py"]
    for path in files:
        for name in _imports(path):
            if name.startswith("rsspot.sandbox."):
                assert ".".join(name.split(".")[:3]) in allowed, (path, name)


def test_the_world_knows_no_http() -> None:
    for path in (ROOT / "world").glob("*.py"):
        packages = {name.partition(".")[0] for name in _imports(path)}
        assert not packages & {"starlette", "httpx", "uvicorn", "http", "urllib"}, path


def test_the_world_does_not_import_its_own_package() -> None:
    for path in (ROOT / "world").glob("*.py"):
        assert "rsspot.sandbox.world" not in _imports(path), path


def test_everything_above_imports_the_world_from_its_package() -> None:
    for path in ROOT.rglob("*.py"):
        if path.parent.name != "world":
            inner = {name for name in _imports(path) if name.startswith("rsspot.sandbox.world.")}
            assert inner == set(), path
