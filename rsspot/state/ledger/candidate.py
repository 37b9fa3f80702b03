"""A VM that may be registered, and its key."""

from __future__ import annotations

from hashlib import sha256
from json.encoder import encode_basestring_ascii as quoted
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from rsspot.errors import RegistrationError
from rsspot.renamed import explain_class
from rsspot.shapes import is_object, type_name
from rsspot.state.text import storable

if TYPE_CHECKING:
    from rsspot.state.database import Row

__all__ = ["RegistrationCandidate", "_payload", "identity"]


def identity(namespace: str, cloudspace: str, uid: str, server: str, target: str) -> str:
    """Return the key of a VM for one target.

    A VM cloudspace that was created again has another uid, so its machines are new ones. Its name
    is used if there is no uid. Pool and address can change, so the key does not depend on them.
    """
    # JSON is unambiguous where a separator would not be, and ASCII whatever is in the names.
    where = f'"uid", {quoted(uid)}' if uid else f'"name", {quoted(cloudspace)}'
    names = f"{quoted(namespace)}, {where}, {quoted(server)}, {quoted(target)}"
    return sha256(f'["registration", {names}]'.encode()).hexdigest()[:40]


def _candidate_text(value: Any) -> str:
    if not isinstance(value, str):
        raise RegistrationError(f"The description of a VM must be text, not {type_name(value)}")
    return storable(value)


def _payload(_candidate: object, _attribute: object, value: Any) -> None:
    if not is_object(value):
        raise RegistrationError(f"A payload must be a dict, not {type_name(value)}")


@frozen(kw_only=True)
class RegistrationCandidate:
    """A VM that may be registered, as a list of VM cloudspaces shows it.

    The server and the uid are as in `openapi/spot.yaml`, VMAssignedServer and ObjectMeta.

    Attributes:
        namespace: Namespace of the organization.
        vm_cloudspace: Name of the VM cloudspace.
        server: Key of the server in `assignedServers`, which cannot change.
        target: Name of the orchestrator.
        vm_cloudspace_uid: Uid of the VM cloudspace (default: not known).
        pool: Name of the pool (default: not known).
        address: IP address of the server (default: not known).
        server_name: Name of the server in the list, if it is not `server` (default: not
            known). It may appear later, or change.
        payload: Further data about the VM, by name (default: nothing).

    Raises:
        RegistrationError: If a text is not a string, or the payload is not a dict.
    """

    namespace: str = field(converter=_candidate_text)
    vm_cloudspace: str = field(converter=_candidate_text)
    server: str = field(converter=_candidate_text)
    target: str = field(converter=_candidate_text)
    vm_cloudspace_uid: str = field(default="", converter=_candidate_text)
    pool: str = field(default="", converter=_candidate_text)
    address: str = field(default="", converter=_candidate_text)
    server_name: str = field(default="", converter=_candidate_text)
    """Its name in the list, if it is not `server`. It may appear later, or change."""
    payload: dict[str, Any] = field(factory=dict[str, Any], validator=_payload)
    """Further data: display name, server class, type, state, region."""

    @property
    def key(self) -> str:
        """The key of its record in the ledger."""
        return identity(
            self.namespace,
            self.vm_cloudspace,
            self.vm_cloudspace_uid,
            self.server,
            self.target,
        )

    @property
    def earlier_keys(self) -> tuple[str, ...]:
        """Keys that its record may have: from a list without the uid, or by the server's name."""
        servers = [*filter(None, (self.server, self.server_name))]
        uids = (self.vm_cloudspace_uid, "")
        places = [(self.namespace, uid, server) for server in servers for uid in uids]
        # Records that were imported from rsspot 0.3.0 may not know their namespace.
        places += [("", "", server) for server in servers]
        own = self.namespace, self.vm_cloudspace_uid, self.server
        return tuple(
            identity(namespace, self.vm_cloudspace, uid, server, self.target)
            for namespace, uid, server in dict.fromkeys(places)
            if (namespace, uid, server) != own
        )

    def is_of(self, row: Row) -> bool:
        """Return whether a row of the ledger can be the record of this VM.

        A VM cloudspace that was created again has the same name, but other machines.

        Args:
            row: Row that was found by one of the keys.
        """
        return (
            row["vm_cloudspace_uid"] in {self.vm_cloudspace_uid, ""} or not self.vm_cloudspace_uid
        )


explain_class(RegistrationCandidate)
