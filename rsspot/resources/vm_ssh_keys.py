"""SSH keys for virtual machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rsspot.errors import InvalidInput
from rsspot.models.names import check_label
from rsspot.models.vms import VMSSHKey
from rsspot.resources.changes import omit_unset
from rsspot.resources.objects import Namespaced, Verbs
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
        """Return all keys."""
        return (yield from self._list({}))

    @stream
    def each(self, *, page_size: int | None = None) -> Stream[VMSSHKey]:
        """Yield keys one by one, reading page by page."""
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
        """Store a public key in the one-line form of OpenSSH.

        Raises `InvalidInput` (also for a private key, which is not sent), and `ConflictError` if
        the name is taken (with `if_exists="return"`, only if it is another key).
        """
        check_label("name", name)
        if "PRIVATE KEY" in public_key:
            raise InvalidInput(
                "public_key contains a private key",
                argument="public_key",
                hint="Give the contents of the .pub file",
            )
        spec = omit_unset({"publicKey": public_key.strip(), "description": description})
        return (yield from self._create(name, spec, if_exists=if_exists))

    def _is_same(self, argument: str, there: Any, asked: Any) -> bool:
        if argument == "public_key":  # whatever its comment
            return str(there).split()[:2] == str(asked).split()[:2]
        return super()._is_same(argument, there, asked)

    @operation
    def delete(self, name: str, *, missing_ok: bool = False) -> Flow[None]:
        """Delete a key. Raises `NotFoundError` unless `missing_ok`."""
        yield from self._delete(name, missing_ok=missing_ok)
