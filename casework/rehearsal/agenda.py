"""What people are going to do, and when: the part of the future that no timer knows."""

import heapq
from collections.abc import Callable
from datetime import datetime

Act = Callable[[], object]


class Agenda:
    """Acts by instant; those of one instant in the order they were put down."""

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, int, Act]] = []
        self._count = 0

    def at(self, instant: datetime, act: Act) -> None:
        """Put an act down for an aware instant."""
        self._count += 1
        heapq.heappush(self._entries, (instant, self._count, act))

    def next(self) -> datetime | None:
        """When the next act is to happen, or None."""
        return self._entries[0][0] if self._entries else None

    def take(self, until: datetime) -> Act | None:
        """The next act due by ``until``, taken off the agenda, or None."""
        return heapq.heappop(self._entries)[2] if self._entries and self._entries[0][0] <= until else None
