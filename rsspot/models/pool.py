"""What all pools have in common, in a cloudspace or a VM cloudspace."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from rsspot.models.resource import Resource

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["Pool", "is_speed_bump"]

RawT_co = TypeVar("RawT_co", covariant=True)


class Pool(Resource[RawT_co], ABC, Generic[RawT_co]):
    """Servers of one kind that belong to one owner: a cloudspace or a VM cloudspace."""

    owner_label: ClassVar[str]
    """The label that names the owner of a pool, where its creator has set it."""

    def belongs_to(self, owner: str) -> bool:
        """Return whether `owner` is in the spec or the label; not every client sets both."""
        return owner in {self.owner, self.labels.get(self.owner_label)}

    @property
    @abstractmethod
    def owner(self) -> str:
        """The name of the cloudspace or VM cloudspace that it belongs to."""

    @property
    @abstractmethod
    def kind(self) -> str:
        """How its servers are bought: ``spot``, ``ondemand`` or ``autopilot``."""

    @property
    @abstractmethod
    def price(self) -> Decimal | None:
        """Its bid for each server, or its budget (autopilot), in US dollars an hour.

        None for a fixed price.
        """

    @property
    @abstractmethod
    def status(self) -> str:
        """The status of its bid or reservation; empty before the first auction."""

    @property
    @abstractmethod
    def progress(self) -> str:
        """The servers that it has and wants, such as ``2/3``; autopilot pools count vCPUs."""

    @property
    @abstractmethod
    def nodes_wanted(self) -> int:
        """The number of servers that it needs to be ready."""

    @property
    def is_ready(self) -> bool:
        """Whether it has everything that it wants."""
        return self.deleted_at is None and self._obtained >= self.nodes_wanted

    @property
    def is_speed_bumped(self) -> bool:
        """Whether the limit of a new account holds it back (docs/api-facts.md#account-limits)."""
        return False

    @property
    @abstractmethod
    def _obtained(self) -> int: ...


def is_speed_bump(bid_status: str) -> bool:
    """Return whether the status of a bid is ``SpeedBump Hit``."""
    return bid_status.casefold() == "speedbump hit"
