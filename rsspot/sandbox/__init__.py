"""A local Rackspace Spot: the whole API over HTTP, with a clock that you turn."""

from __future__ import annotations

from rsspot.sandbox.server import SpotSandbox

__all__ = ["SpotSandbox"]
