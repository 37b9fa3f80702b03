"""What all pools have in common, in a cloudspace or a VM cloudspace, and taints."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Literal, TypeVar, cast, get_args

from attrs import frozen

from rsspot.errors import InvalidInput
from rsspot.models.resource import Resource

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = [
    "KEY_ANNOTATION",
    "Effect",
    "Pool",
    "Taint",
    "is_speed_bump",
]

Effect = Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]

_TEXT = re.compile(r"([^=:\s]+)(?:=([^:\s]*))?:(NoSchedule|PreferNoSchedule|NoExecute)")


@frozen
class Taint:
    """A taint for the nodes of a pool, set once, shortly after a node has joined.

    Attributes:
        key: Key of the taint, as in Kubernetes.
        effect: What happens to pods that do not tolerate it.
        value: Value of the taint, or None.
    """

    key: str
    effect: Effect
    value: str | None = None

    def __attrs_post_init__(self) -> None:
        if not self.key or self.effect not in get_args(Effect):
            raise InvalidInput(
                f"{self.key}:{self.effect} is not a taint",
                argument="taints",
                hint=f"A taint has a key, and the effect {', '.join(get_args(Effect))}",
            )

    @classmethod
    def parse(cls, text: str) -> Taint:
        """Parse the format of kubectl: ``key=value:NoSchedule`` or ``key:NoSchedule``.

        Args:
            text: Text in that format.

        Returns:
            The taint.

        Raises:
            InvalidInput: If the text is not a taint.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise InvalidInput(
                f"{text!r} is not a taint",
                argument="taints",
                hint="Write key=value:Effect, with NoSchedule, PreferNoSchedule or NoExecute",
            )
        return cls(match[1], cast("Effect", match[3]), match[2])

    def to_dict(self) -> dict[str, Any]:
        """Return the taint as the API takes it."""
        value = {} if self.value is None else {"value": self.value}
        return {"key": self.key, **value, "effect": self.effect}


KEY_ANNOTATION: Final = "rsspot/key"
"""The annotation of the key that a pool was created with: the API names pools by UUIDs."""

RawT_co = TypeVar("RawT_co", covariant=True)


class Pool(Resource[RawT_co], ABC, Generic[RawT_co]):
    """Servers of one kind that belong to one owner: a cloudspace or a VM cloudspace."""

    owner_label: ClassVar[str]
    """The label that names the owner of a pool, where its creator has set it."""

    @property
    def key(self) -> str | None:
        """The key that rsspot created it with, or None."""
        return self.annotations.get(KEY_ANNOTATION)

    def belongs_to(self, owner: str) -> bool:
        """Return whether an owner is in the spec or the label; not every client sets both.

        Args:
            owner: Name of the cloudspace or VM cloudspace.
        """
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

    def explain_loss(self, market_price: Decimal | None) -> str | None:
        """Return why a bid loses servers, or None where it does not.

        Args:
            market_price: Price of the server class now, in USD an hour, or None if unknown.
        """
        bid = self.price
        if self.kind != "spot" or bid is None or market_price is None or market_price <= bid:
            return None
        return f"market {_dollars(market_price)} is above your bid {_dollars(bid)}"

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


def _dollars(amount: Decimal) -> str:
    places = -int(amount.normalize().as_tuple().exponent)
    return f"{amount:.{max(places, 2)}f}"


def is_speed_bump(bid_status: str) -> bool:
    """Return whether the status of a bid is ``SpeedBump Hit``."""
    return bid_status.casefold() == "speedbump hit"
