"""Kubeconfigs: how kubectl reaches a cloudspace (docs/api-facts.md#kubeconfigs)."""

from __future__ import annotations

import io
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from attrs import frozen

from rsspot.arguments import check_arguments
from rsspot.errors import InvalidInput, StateError, UnexpectedResponseError
from rsspot.files.folders import expand, refuse_token
from rsspot.files.kubectl_lock import KubectlLock
from rsspot.files.ownership import create_text, make_folder, replace_text, target_of
from rsspot.models.kubeconfig_content import check_server, entries, rename
from rsspot.models.kubeconfig_merging import merged, read_config
from rsspot.shapes import as_list, as_object

if TYPE_CHECKING:
    import os
    from pathlib import Path
    from typing import Self

__all__ = ["Kubeconfig"]

LOCK_TIMEOUT = 30.0
"""Seconds to wait for another program that changes the same file."""

MAX_TRIES = 5
"""Maximum number of attempts while others change the same file without a lock."""

MAX_BYTES = 16 * 1024 * 1024
"""A larger file is not a kubeconfig."""


@check_arguments()
@frozen(repr=False, str=False)
class Kubeconfig:
    """A kubeconfig. It holds an access token, so neither repr nor errors show its text.

    Its context, cluster and user are named ``<organization id>/<cloudspace>``, so that kubeconfigs
    of several organizations can be used side by side; other contexts and users that the API may add
    have their own name after that, with another slash.
    """

    text: str
    """The YAML. Keep it secret."""

    @classmethod
    def from_response(cls, data: dict[str, Any], *, organization: str, cloudspace: str) -> Self:
        """Read a kubeconfig from a response, check its settings and rename its entries.

        Args:
            data: Decoded body of the response.
            organization: Id of the organization, for the names.
            cloudspace: Name of the cloudspace.

        Returns:
            The kubeconfig.

        Raises:
            UnexpectedResponseError: If there is no kubeconfig in it, or one that would read files,
                go through a proxy, or run anything but ``kubectl oidc-login get-token``.
        """
        text = as_object(data.get("data")).get("kubeconfig")
        if not isinstance(text, str) or not text.strip():
            raise UnexpectedResponseError("The response holds no kubeconfig", status=200)
        return cls(_dump(rename(entries(text), organization=organization, cloudspace=cloudspace)))

    @classmethod
    def build(cls, *, endpoint: str, token: str, organization: str, cloudspace: str) -> Self:
        """Make a kubeconfig from the endpoint of a cloudspace and an access token.

        The certificate of the endpoint is not signed by a public authority, so it is not checked,
        as in what the vendor's own tools write.

        Args:
            endpoint: URL of the Kubernetes API, https:// only.
            token: Access token.
            organization: Id of the organization, for the names.
            cloudspace: Name of the cloudspace.

        Returns:
            The kubeconfig.

        Raises:
            UnexpectedResponseError: If the endpoint is not such a URL.
        """
        cluster = {"server": check_server(endpoint), "insecure-skip-tls-verify": True}
        found: dict[str, dict[str, dict[str, Any]]] = {
            "clusters": {"it": cluster},
            "users": {"it": {"token": token}},
            "contexts": {"it": {"cluster": "it", "user": "it"}},
        }
        return cls(_dump(rename(found, organization=organization, cloudspace=cloudspace)))

    def __repr__(self) -> str:
        return f"<Kubeconfig of {len(self.text)} characters>"

    __str__ = __repr__

    @property
    def contexts(self) -> tuple[str, ...]:
        """The names of its contexts."""
        return tuple(str(item["name"]) for item in as_list(self.to_dict().get("contexts")))

    def to_dict(self) -> dict[str, Any]:
        """Return the parsed YAML.

        Raises:
            InvalidInput: If the text is not a kubeconfig.
        """
        return read_config(self.text, "the kubeconfig")

    def save(self, path: str | os.PathLike[str], *, allow_foreign_owner: bool = False) -> Path:
        """Write it to a file atomically, which only its owner can read.

        Args:
            path: Path of the file, which is replaced; ``~`` is the home folder. Links are followed.
                It must be a regular file.
            allow_foreign_owner: Whether that file may belong to another user; it then stays theirs.

        Returns:
            The path of the file.

        Raises:
            InvalidInput: If this cannot be a path.
            OSError: If the file cannot be written; its `strerror` says what to do.
        """
        refuse_token(path, InvalidInput)
        target = expand(path, InvalidInput)
        replace_text(target, self.text, allow_foreign_owner=allow_foreign_owner)
        return target

    def merge(
        self,
        path: str | os.PathLike[str],
        *,
        use: bool = True,
        timeout: float = LOCK_TIMEOUT,
        allow_foreign_owner: bool = False,
    ) -> Path:
        """Merge it into a kubeconfig file.

        Entries that rsspot wrote before for the same organization and cloudspace are replaced. All
        others are kept, with their comments, even if kubectl or rsspot changes the file at the same
        time: this waits for kubectl's lock, ``<path>.lock``, and holds it. After an error the file
        is as it was.

        Args:
            path: Path of the kubeconfig, which is created if it is missing; ``~`` is the home
                folder.
            use: Whether its context becomes the current one.
            timeout: Maximum seconds to wait for the lock (default: 30).
            allow_foreign_owner: Whether the file may belong to another user; it then stays theirs.

        Returns:
            The path of the file.

        Raises:
            InvalidInput: If the file is empty, is no complete kubeconfig, cannot be edited without
                another change, or has an entry of the same name that rsspot did not write.
            OSError: If it is not a regular file, or cannot be written.
            StateError: If the lock is held for too long.
        """
        ours = self.to_dict()
        refuse_token(path, InvalidInput)
        target = expand(path, InvalidInput)
        real, _ = target_of(target, allow_foreign_owner=allow_foreign_owner)
        make_folder(real.parent)
        with ExitStack() as locks:
            # kubectl locks the path it is called with, which may be a link or its target.
            for place in sorted({target.absolute().parent.resolve() / target.name, real}):
                locks.enter_context(KubectlLock(place, timeout))
            for _ in range(MAX_TRIES):
                if self._merge_into(target, ours, use=use, allow=allow_foreign_owner):
                    return target
        raise StateError(
            f"{target} keeps changing", path=str(target), hint="Stop the program that writes it"
        )

    def _merge_into(self, target: Path, ours: dict[str, Any], *, use: bool, allow: bool) -> bool:
        """Merge, unless the file changes at the same moment."""
        before = _content(target, allow_foreign_owner=allow)
        if before is None:
            try:
                create_text(target, self.text)
            except FileExistsError:
                return False
            return True
        try:
            text = before.decode()
        except UnicodeDecodeError:
            raise InvalidInput(f"{target} is not text in UTF-8", argument="path") from None
        new = merged(text, str(target), ours, use=use)
        if _content(target, allow_foreign_owner=allow) != before:
            return False
        replace_text(target, new, allow_foreign_owner=allow)
        return True


def _content(path: Path, *, allow_foreign_owner: bool) -> bytes | None:
    real, status = target_of(path, allow_foreign_owner=allow_foreign_owner)
    if status is None:
        return None
    if status.st_size > MAX_BYTES:
        raise InvalidInput(f"{path} is too large for a kubeconfig", argument="path")
    return real.read_bytes()


def _always(_data: object) -> bool:
    return True


def _dump(config: dict[str, Any]) -> str:
    from ruamel.yaml import YAML

    yaml: Any = YAML(typ="rt")
    yaml.representer.ignore_aliases = _always
    yaml.width = 1_000_000  # tokens are not folded
    stream = io.StringIO()
    yaml.dump(config, stream)
    return stream.getvalue()
