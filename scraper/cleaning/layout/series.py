"""Tells whether some pages are a series, such as a column or the daily weather.

A sentence that only a series repeats is a part of its articles. The pages of a series have more in
common than that sentence: words of the title, the section and the tags, or other lines of the page.
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
# Of hundreds of words and lines one is always on the same pages by chance.
_CHANCE = 0.01


class Series:
    """Which words and which short lines outside the text stand on which pages of the site."""

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
        """Whether `pages` are a series: most of them have some word or line, and most pages that
        have it are among them, by more than chance."""
        for marked in self._marks:
            both = len(marked & pages)
            if both < _RECALL * len(pages) or both < _PRECISION * len(marked):
                continue
            if self._by_chance(len(pages), len(marked), both) * len(self._marks) < _CHANCE:
                return True
        return False

    def _by_chance(self, first: int, second: int, both: int) -> float:
        """The probability that two random sets of so many pages have exactly `both` in common (the
        hypergeometric distribution)."""
        ways = comb(first, both) * comb(self._count - first, second - both)
        return ways / comb(self._count, second)
