"""A typed client for Rackspace Spot, generated from its OpenAPI document. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .client import AuthenticatedClient as AuthenticatedClient
    from .client import Client as Client

__all__ = [
    "AuthenticatedClient",
    "Client",
    "DOCUMENT_SHA256",
    "GENERATION_SHA256",
    "GENERATOR_VERSION",
    "__version__",
]

__version__ = "2026.11.1"
"""`info.version` of the document."""
DOCUMENT_SHA256 = "a9670fce226ab25e039bde21017bb2e088f1267d094d8db4ccf8715b6cd2e23b"
"""The hash of the document as it was read."""
GENERATOR_VERSION = "0.29.1"
"""The version of openapi-python-client."""

if TYPE_CHECKING:
    GENERATION_SHA256: str
    """One hash over document, overlay, configuration, tools and this package."""

_MODULES = {"AuthenticatedClient": ".client", "Client": ".client"}


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "GENERATION_SHA256":
            import json
            from pathlib import Path

            lock = json.loads(
                Path(__file__).with_name("generated.lock").read_text("utf-8")
            )
            globals()[name] = lock["sha256"]
            return lock["sha256"]
        if module := _MODULES.get(name):
            from importlib import import_module

            value = getattr(import_module(module, __name__), name)
            globals()[name] = value
            return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
