"""Server classes: the kinds of servers that pools consist of."""

from __future__ import annotations

from rsspot.models.catalog import ServerClass
from rsspot.resources.cluster_scoped import ClusterScoped
from rsspot.resources.verbs import Verbs
from rsspot.wire.bind import M_co
from rsspot.wire.endpoint import api

__all__ = ["ServerClasses"]


class ServerClasses(ClusterScoped[M_co, ServerClass]):
    """The server classes of all regions, with their prices."""

    _kind = ServerClass
    _verbs = Verbs(list=api.LIST_SERVER_CLASSES, get=api.GET_SERVER_CLASS)
