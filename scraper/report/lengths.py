"""How long the texts are, in words."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import NamedTuple

_BOUNDS = (0, 50, 100, 200, 400, 800, 1600)


class LengthGroup(NamedTuple):
    """How many texts have `least` words or more, and at most `most` (None: any number)."""

    least: int
    most: int | None
    articles: int


class TextLengths:
    """Counts texts by their words."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()

    def see(self, text: str) -> None:
        """Count `text`. Words are what blanks part; a half-space does not."""
        self._counts[len(text.split())] += 1

    @property
    def median(self) -> int:
        """Half of the texts have at most so many words; 0 without a text."""
        left = (self._counts.total() + 1) // 2
        for words in sorted(self._counts):
            left -= self._counts[words]
            if left <= 0:
                return words
        return 0

    def groups(self) -> list[LengthGroup]:
        """The texts in groups, the shortest first; none without a text."""
        sums = [0] * len(_BOUNDS)
        for words, count in self._counts.items():
            sums[bisect_right(_BOUNDS, words) - 1] += count
        ends = [*(bound - 1 for bound in _BOUNDS[1:]), None]
        rows = zip(_BOUNDS, ends, sums, strict=True)
        return [LengthGroup(*row) for row in rows] if self._counts else []
