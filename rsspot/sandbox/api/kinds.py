"""The kinds of objects: what they are called, what may be done with them, and what they must be."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from rsspot.models.shapes import is_object
from rsspot.sandbox.api import specs
from rsspot.sandbox.api.checks import cause, no_downgrade
from rsspot.sandbox.api.status import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox.api.checks import Causes, Spec, World

__all__ = ["KINDS", "Kind", "check_name", "check_spec"]

LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
LONGEST = 63


class Kind(NamedTuple):
    """One kind of object."""

    plural: str
    kind: str
    immutable: tuple[str, ...]
    check: Callable[[Spec, World, bool], Causes]
    defaulted: tuple[str, ...] = ()
    """Fields that the server sets where nobody does."""
    check_change: Callable[[Spec, Spec], Causes] | None = None
    """What is wrong with a new spec in place of an old one."""
    replaceable: bool = True
    patchable: bool = True
    clearable: bool = False
    uuid_named: bool = False

    @property
    def verbs_of_collection(self) -> str:
        """The methods that all objects of the kind together allow."""
        return "GET POST DELETE" if self.clearable else "GET POST"

    def completed(self, spec: Any, old: Spec) -> Any:
        """A spec that replaces an old one: what the server defaults or fixes stays when absent."""
        if not is_object(spec):
            return spec
        staying = [
            field
            for field in (*self.immutable, *self.defaulted)
            if spec.get(field) is None and field in old
        ]
        return {**spec, **{field: old[field] for field in staying}}

    @property
    def verbs_of_object(self) -> str:
        """The methods that one object allows."""
        return "GET DELETE" + " PUT" * self.replaceable + " PATCH" * self.patchable


def check_name(kind: Kind, name: Any) -> None:
    """Refuse a name that this kind may not have."""
    if not isinstance(name, str) or not name:
        raise Refused(
            422,
            f"{kind.kind} is invalid: metadata.name: Required value: name is required",
            causes=[cause("metadata.name", "Required value: name is required")],
        )
    good = len(name) <= LONGEST and LABEL.fullmatch(name) is not None
    wanted = "a lowercase RFC 1123 label"
    if kind.uuid_named:
        wanted = "a lower-case UUID"
        try:
            good = str(uuid.UUID(name)) == name
        except ValueError:
            good = False
    if not good:
        message = f'Invalid value: "{name}": must be {wanted}'
        raise Refused(
            422,
            f'{kind.kind} "{name}" is invalid: metadata.name: {message}',
            causes=[cause("metadata.name", message)],
            name=name,
            kind=kind.kind,
        )


def check_spec(kind: Kind, name: str, spec: Any, world: World, *, old: Spec | None) -> None:
    """Refuse a spec that is wrong, or that changes what cannot be changed."""
    if not is_object(spec):
        raise Refused(422, f"{kind.kind} is invalid: spec: Required value", causes=[
            cause("spec", "Required value")
        ])  # fmt: skip
    causes = kind.check(spec, world, old is None)
    if old is not None:
        causes += [
            cause(f"spec.{field}", "Invalid value: field is immutable")
            for field in kind.immutable
            if spec.get(field) != old.get(field)
        ]
        if kind.check_change is not None:
            causes += kind.check_change(spec, old)
    if causes:
        text = ", ".join(f"{cause['field']}: {cause['message']}" for cause in causes)
        raise Refused(
            422,
            f'{kind.kind} "{name}" is invalid: {text}',
            causes=causes,
            name=name,
            kind=kind.kind,
        )


KINDS = {
    kind.plural: kind
    for kind in (
        Kind(
            "cloudspaces",
            "CloudSpace",
            ("region", "deploymentType", "cni"),
            specs.cloudspace,
            defaulted=("kubernetesVersion", "cloud", "HAControlPlane"),
            check_change=no_downgrade,
            clearable=True,
        ),
        Kind(
            "spotnodepools",
            "SpotNodePool",
            ("cloudSpace", "serverClass"),
            specs.spot_pool,
            clearable=True,
            uuid_named=True,
        ),
        Kind(
            "ondemandnodepools",
            "OnDemandNodePool",
            ("cloudSpace", "serverClass"),
            specs.on_demand_pool,
            clearable=True,
            uuid_named=True,
        ),
        Kind(
            "autopilotnodepools",
            "AutopilotNodePool",
            ("cloudSpace", "region"),
            specs.autopilot_pool,
        ),
        Kind(
            "vmcloudspaces",
            "VMCloudSpace",
            ("region", "vmSshKeyRef"),
            specs.vm_cloudspace,
            replaceable=False,
        ),
        Kind(
            "vmpools",
            "VMPool",
            ("vmCloudSpace", "serverClass", "poolType", "vmImage", "vmUserData"),
            specs.vm_pool,
            replaceable=False,
        ),
        Kind("vmsshkeys", "VMSSHKey", (), specs.ssh_key, replaceable=False, patchable=False),
    )
}
