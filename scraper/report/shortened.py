"""A long list of which a page shows a part, and says how much more there is.

>>> Shortened.latest("abcde", 2)
Shortened(items=('e', 'd'), more=3)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Shortened(Generic[Item]):
    """The `items` that are shown, and how many `more` there are."""

    items: tuple[Item, ...]
    more: int

    @property
    def count(self) -> int:
        """How many there are in all."""
        return len(self.items) + self.more

    @classmethod
    def first(cls, found: Iterable[Item], most: int) -> Shortened[Item]:
        """At most `most` from the beginning."""
        rest = iter(found)
        items = tuple(islice(rest, most))
        return cls(items, sum(1 for _ in rest))

    @classmethod
    def latest(cls, found: Iterable[Item], most: int) -> Shortened[Item]:
        """At most `most` from the end, the last one first. No more of them are held meanwhile."""
        kept: deque[Item] = deque(maxlen=most)
        count = 0
        for item in found:
            kept.append(item)
            count += 1
        return cls(tuple(reversed(kept)), count - len(kept))
