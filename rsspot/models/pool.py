"""Pools: what groups of servers have in common, in a cloudspace or a VM cloudspace."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

from rsspot.models.resource import Resource

__all__ = ["Pool", "says_speed_bump"]

RawT_co = TypeVar("RawT_co", covariant=True)


class Pool(Resource[RawT_co], ABC, Generic[RawT_co]):
    """Servers of one kind that belong to one owner: a cloudspace or a VM cloudspace."""

    owner_label: ClassVar[str]
    """The label that says to which owner a pool belongs, where its creator has set it."""

    def belongs_to(self, owner: str) -> bool:
        """Whether `owner` is in its spec or its label; not every client sets both."""
        return owner in {self.owner, self.labels.get(self.owner_label)}

    @property
    @abstractmethod
    def owner(self) -> str:
        """The name of the cloudspace or VM cloudspace that it belongs to."""

    @property
    @abstractmethod
    def nodes_wanted(self) -> int:
        """The least number of servers that it has when it is ready."""

    @property
    def is_ready(self) -> bool:
        """Whether it has got all that it wants."""
        return self.deleted_at is None and self._got >= self.nodes_wanted

    @property
    def is_speed_bumped(self) -> bool:
        """Whether a new account's limit holds it back (docs/api-facts.md#account-limits)."""
        return False

    @property
    @abstractmethod
    def _got(self) -> int: ...


def says_speed_bump(bid_status: str) -> bool:
    """Whether the status of a bid is ``SpeedBump Hit``."""
    return bid_status.casefold() == "speedbump hit"
