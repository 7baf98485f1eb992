"""Whether a sentence is said by all the house or by a series of it: a column, the weather.

The pages of a series have more in common than one sentence: words of their titles, their
section, or other lines that stand apart from this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import comb

from scraper.cleaning.html.document import Element
from scraper.cleaning.layout.sample import Sheet

_RECALL, _PRECISION = 0.7, 0.6
_WHOLE = 0.8
_LONGEST = 60
# Of hundreds of words and lines one is always on some pages by accident.
_CHANCE = 0.01


class Series:
    """What sets of the site's pages have in common."""

    def __init__(self, sheets: Sequence[Sheet], roots: Mapping[int, Element]) -> None:
        self._pages: dict[str, set[int]] = defaultdict(set)
        for number, root in roots.items():
            inside = set(root.iter())
            for word in sheets[number].words:
                self._pages[f"word {word}"].add(number)
            for mark in sheets[number].marks:
                if len(mark.key) <= _LONGEST and mark.block.holder not in inside:
                    self._pages[f"line {mark.key}"].add(number)
        self._count = len(roots)
        most = _WHOLE * self._count
        self._marks = [pages for pages in self._pages.values() if 2 < len(pages) < most]

    def is_one(self, pages: set[int]) -> bool:
        """Whether `pages` are about all that has some mark, and most of them have it."""
        for marked in self._marks:
            both = len(marked & pages)
            if both < _RECALL * len(pages) or both < _PRECISION * len(marked):
                continue
            if self._by_chance(len(pages), len(marked), both) * len(self._marks) < _CHANCE:
                return True
        return False

    def _by_chance(self, first: int, second: int, both: int) -> float:
        """How likely two sets of so many pages have so many in common without any reason."""
        ways = comb(first, both) * comb(self._count - first, second - both)
        return ways / comb(self._count, second)
