"""Whether a sentence is said by all the house or by a series of it: a column, the weather.

The pages of a series have more in common than one sentence: words of their titles, their
section, or other lines that stand apart from this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from scraper.cleaning.html.document import Element
from scraper.cleaning.layout.sample import Sheet

_RECALL, _PRECISION = 0.7, 0.6
_WHOLE = 0.8
_LONGEST = 60


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
        most = _WHOLE * len(roots)
        self._marks = [pages for pages in self._pages.values() if 2 < len(pages) < most]

    def is_one(self, pages: set[int]) -> bool:
        """Whether `pages` are about all that has some mark, and most of them have it."""
        for marked in self._marks:
            both = len(marked & pages)
            if both >= _RECALL * len(pages) and both >= _PRECISION * len(marked):
                return True
        return False
