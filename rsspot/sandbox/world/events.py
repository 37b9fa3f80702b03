"""What happened, for the feed of each organization."""

from __future__ import annotations

from collections import defaultdict, deque

__all__ = ["Events"]

KEPT = 1000
"""Most events that an organization's feed remembers."""


class Events:
    """The events of each namespace: a time and a text."""

    def __init__(self) -> None:
        self.kept: defaultdict[str, deque[tuple[str, str]]] = defaultdict(
            lambda: deque(maxlen=KEPT)
        )

    def add(self, namespace: str, when: str, what: str) -> None:
        """Note what happened in a namespace."""
        self.kept[namespace].append((when, what))

    def newest(self, namespace: str, limit: int) -> list[list[str]]:
        """The last `limit` events, the newest first."""
        return [list(event) for event in reversed(self.kept[namespace])][:limit]

    def to_dict(self) -> dict[str, list[list[str]]]:
        """All of them as JSON."""
        return {
            namespace: [list(event) for event in events] for namespace, events in self.kept.items()
        }

    def restore(self, content: dict[str, list[list[str]]]) -> None:
        """Take over what `to_dict` gave."""
        self.kept.clear()
        for namespace, events in content.items():
            self.kept[namespace].extend((when, what) for when, what in events)
