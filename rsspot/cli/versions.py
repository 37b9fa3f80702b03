"""What `rsspot --version` shows; importing it costs nothing."""

from __future__ import annotations

__all__ = ["versions"]


def versions() -> str:
    """The version of rsspot, and the version and hash of the generated package that it runs on."""
    import rsspot_api

    from rsspot import __version__

    api = f"API {rsspot_api.__version__}, sha256 {rsspot_api.GENERATION_SHA256}"
    return f"rsspot {__version__} ({api})"
