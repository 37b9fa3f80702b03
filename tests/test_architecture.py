"""What the pages and the packages say about the structure of the code."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = sorted(path.parent.name for path in ROOT.glob("rsspot/*/__init__.py"))


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{each.name}" for each in node.names]
    return []


def _imported(package: str) -> set[str]:
    names = {
        name
        for path in (ROOT / "rsspot" / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _modules(node)
        if name.startswith("rsspot.")
    }
    return {name.split(".")[1] for name in names} & set(PACKAGES) - {package}


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_names_the_packages_that_it_imports(package: str) -> None:
    tree = ast.parse((ROOT / "rsspot" / package / "__init__.py").read_text("utf-8"))
    said = (ast.get_docstring(tree) or "").rpartition("\n\n")[2].replace("\n", " ")
    imported = ", ".join(f"`{name}`" for name in sorted(_imported(package)))
    expected = {
        f"Packages that it imports: {imported}.",
        "It imports no other package of rsspot." if not imported else "",
        "It may import every other package." if package == "cli" else "",
    }
    assert said in expected


def test_the_page_of_the_architecture_has_the_layers_of_the_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = {each["id"]: each for each in settings["tool"]["importlinter"]["contracts"]}
    layers = [set(layer.split(" | ")) for layer in contracts["layers"]["layers"]]
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    block = page.partition("```text\n")[2].partition("```")[0]
    said = [set(re.findall(r"(\w+)(?:/|\.py)", line)) for line in block.splitlines()]
    assert said == layers
