"""Regions: the locations of servers."""

from __future__ import annotations

from rsspot.models.catalog import Region
from rsspot.resources.cluster_scoped import ClusterScoped
from rsspot.resources.verbs import Verbs
from rsspot.wire.bind import M_co
from rsspot.wire.endpoint import api

__all__ = ["Regions"]


class Regions(ClusterScoped[M_co, Region]):
    """The regions of Rackspace Spot."""

    _kind = Region
    _verbs = Verbs(list=api.LIST_REGIONS, get=api.GET_REGION)
