"""Regions: where servers stand (openapi/spot.yaml, Region)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.models import fields as field
from rsspot.models.resource import Resource

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

__all__ = ["Region"]


class Region(Resource["models.Region"], model="Region"):
    """A place with servers; `generation` is "v1" or "v2" so far."""

    shown = ("name", "description")

    description = field.text("spec", "description")
    country = field.text("spec", "country")
    generation_name = field.text("spec", "generation")
    provider_type = field.text("spec", "provider", "providerType")
    provider_region = field.text("spec", "provider", "providerRegionName")
