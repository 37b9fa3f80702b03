"""SSH keys for virtual machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rsspot.errors import InvalidInput
from rsspot.models.names import check_label
from rsspot.models.vms import VMSSHKey
from rsspot.resources.changes import omit_unset
from rsspot.resources.objects import Namespaced
from rsspot.resources.verbs import Verbs
from rsspot.wire.bind import M_co, operation, stream
from rsspot.wire.endpoint import api

if TYPE_CHECKING:
    import builtins

    from rsspot.flow.flow import Flow, Stream
    from rsspot.resources.objects import IfExists

__all__ = ["VMSSHKeys"]


class VMSSHKeys(Namespaced[M_co, VMSSHKey]):
    """The SSH keys of the client's organization; they cannot be changed."""

    _kind = VMSSHKey
    _noun = "SSH key"
    _fixed: ClassVar = {"public_key": ("publicKey",), "description": ("description",)}
    _verbs = Verbs(
        list=api.LIST_VM_SSH_KEYS,
        get=api.GET_VM_SSH_KEY,
        create=api.CREATE_VM_SSH_KEY,
        delete=api.DELETE_VM_SSH_KEY,
    )

    @operation
    def list(self) -> Flow[builtins.list[VMSSHKey]]:
        """Return all SSH keys."""
        return (yield from self._list({}))

    @stream
    def each(self, *, page_size: int | None = None) -> Stream[VMSSHKey]:
        """Yield the SSH keys one by one, read page by page.

        Args:
            page_size: Number of objects to request at once, 1 or more (default: the API decides).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
        """
        yield from self._each({"limit": page_size})

    @operation
    def create(
        self,
        name: str,
        *,
        public_key: str,
        description: str | None = None,
        if_exists: IfExists = "error",
    ) -> Flow[VMSSHKey]:
        """Store a public key.

        Args:
            name: Its name: lowercase letters, digits and hyphens, at most 63 characters (RFC 1123).
            public_key: The public key, in the one-line form of OpenSSH.
            description: What the key is for, in your own words (default: none).
            if_exists: ``"error"`` (default) raises `ConflictError` if the name is taken;
                ``"return"`` returns the existing object if it is what this call would create.

        Returns:
            The key, as it was stored or as it exists.

        Raises:
            InvalidInput: If `name` cannot be a name, or `public_key` looks like a private key.
                Nothing is sent.
            ConflictError: If the name is taken, with ``"return"`` by another key.
            OutcomeUnknown: If the response was lost, so that it may have been created. The error
                has its name.
        """
        check_label("name", name)
        if "PRIVATE KEY" in public_key:
            raise InvalidInput(
                "public_key contains a private key",
                argument="public_key",
                hint="Pass the content of the .pub file",
            )
        spec = omit_unset({"publicKey": public_key.strip(), "description": description})
        return (yield from self._create(name, spec, if_exists=if_exists))

    def _is_same(self, argument: str, there: Any, requested: Any) -> bool:
        if argument == "public_key":  # whatever its comment
            return str(there).split()[:2] == str(requested).split()[:2]
        return super()._is_same(argument, there, requested)

    @operation
    def delete(self, name: str, *, missing_ok: bool = False) -> Flow[None]:
        """Delete a key.

        Args:
            name: Exact name of the object.
            missing_ok: Whether to ignore that there is no such object.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such key, unless `missing_ok`.
        """
        yield from self._delete(name, missing_ok=missing_ok)
