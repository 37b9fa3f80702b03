"""The files of the generated package that the generator does not write as they are needed."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["init", "models_init"]

GETATTR = """

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if module := _MODULES.get(name):
            from importlib import import_module

            value = getattr(import_module(module, __name__), name)
            globals()[name] = value
            return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
"""


LOCK = """
    def __getattr__(name: str) -> object:
        if name == "GENERATION_SHA256":
            import json
            from pathlib import Path

            lock = json.loads(Path(__file__).with_name("generated.lock").read_text("utf-8"))
            globals()[name] = lock["sha256"]
            return lock["sha256"]
"""


def init(*, title: str, version: str, sha256: str, generator: str) -> str:
    """The source of the package's `__init__.py`, which imports the clients on first use."""
    modules = {"AuthenticatedClient": ".client", "Client": ".client"}
    facts = {"DOCUMENT_SHA256": sha256, "GENERATOR_VERSION": generator, "__version__": version}
    text = f"A typed client for {title}, generated from its OpenAPI document. Do not edit."
    return "".join(
        [
            f'"""{_literal(text)}"""\n\nfrom __future__ import annotations\n\n',
            "from typing import TYPE_CHECKING\n\n",
            _imports(modules),
            f"__all__ = {json.dumps(sorted(['GENERATION_SHA256', *facts, *modules]))}\n\n",
            f"__version__ = {json.dumps(version)}\n",
            '"""`info.version` of the document."""\n',
            f"DOCUMENT_SHA256 = {json.dumps(sha256)}\n",
            '"""The hash of the document as it was read."""\n',
            f"GENERATOR_VERSION = {json.dumps(generator)}\n",
            '"""The version of openapi-python-client."""\n\n',
            "if TYPE_CHECKING:\n    GENERATION_SHA256: str\n",
            '    """One hash over document, overlay, configuration, tools and this package."""\n\n',
            f"_MODULES = {json.dumps(modules)}\n",
            GETATTR.replace("\n    def __getattr__(name: str) -> object:\n", LOCK),
        ]
    )


def models_init(package: Path) -> str:
    """The source of `models/__init__.py`: the generator's imports, each made when it is used."""
    path = package / "models" / "__init__.py"
    modules: dict[str, str] = {}
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            modules |= {alias.name: f".{node.module}" for alias in node.names}
    modules = dict(sorted(modules.items()))
    return "".join(
        [
            '"""All models, imported one by one as they are used."""\n\n',
            "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\n",
            _imports(modules),
            f"__all__ = {json.dumps(list(modules))}\n\n",
            f"_MODULES = {json.dumps(modules)}\n",
            GETATTR,
        ]
    )


def _literal(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)[1:-1]


def _imports(modules: dict[str, str]) -> str:
    lines = [f"    from {module} import {name} as {name}" for name, module in modules.items()]
    return "\n".join(["if TYPE_CHECKING:", *(lines or ["    pass"]), "\n"])
