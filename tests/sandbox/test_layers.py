"""The world of the sandbox: it knows no HTTP, and is imported from its package only.

`make lint` checks the layers (pyproject.toml).
"""

from __future__ import annotations

import ast
from pathlib import Path

import rsspot.sandbox

ROOT = Path(rsspot.sandbox.__file__).parent


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module is not None
    } | {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }


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
