"""Finds an article's text on its page by its content, which a listing gave: the smallest element
that holds nearly all of the content's words on the page, whatever class it has.

    body            100 %
      main          100 %     this one: no child holds 95 %
        div          55 %     the theme's box, which a stray </div> closes too early

Words are compared four in a row, so that common ones do not count.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from itertools import accumulate

from lxml import etree

from scraper.cleaning.content.witness import words_of
from scraper.cleaning.html.document import Document, Element

_ROW = 4
_FEWEST = 8
_NEARLY_ALL = 0.95
_MOSTLY = 0.5


class Guide:
    """What to look for on a page: the paragraphs of a post's content, each a list of words."""

    def __init__(self, paragraphs: Sequence[Sequence[str]]) -> None:
        self._rows = {row for words in paragraphs for row in _rows_of(words)}

    def tells(self, text: str) -> bool:
        """Whether at least half of a text is the content's."""
        rows = [*_rows_of(words_of(text))]
        return sum(row in self._rows for row in rows) >= _MOSTLY * len(rows)

    def find(self, page: Document) -> Guided | None:
        """Where the content stands on `page`; None if fewer than eight rows of words are there."""
        bodies = page.tags["body"]
        text = _Words(bodies[0] if bodies else page.root)
        places = [place for place, row in enumerate(_rows_of(text.words)) if row in self._rows]
        rows = [tuple(text.words[place : place + _ROW]) for place in places]
        if len(set(rows)) < _FEWEST:
            return None
        return Guided(text, places, rows)


class Guided:
    """The content found on a page: `region` is the smallest element that holds it."""

    def __init__(self, text: _Words, places: list[int], rows: list[tuple[str, ...]]) -> None:
        self._text, self._places, self._rows = text, places, rows
        told = [False] * (len(text.words) + 1)
        for place in places:
            told[place : place + _ROW] = [True] * _ROW
        self._told = [0, *accumulate(told)]
        self.region = self._region()

    def passed(self, passed: Set[Element]) -> set[Element]:
        """The elements to pass over: `passed`, which the rules take for boilerplate, but for those
        that hold the content; and what in the region stands before or behind the content."""
        kept = {element for element in passed if not self._is_told(element)}
        return kept | set(self._around())

    def _region(self) -> Element:
        least = _NEARLY_ALL * len(set(self._rows))
        region: Element | None = self._text.root
        while region is not None:
            found = region
            region = next((child for child in region if self._held(child) >= least), None)
        return found

    def _held(self, element: Element) -> int:
        start, end = self._text.spans.get(element, (0, 0))
        places = self._places
        return len(set(self._rows[bisect_left(places, start) : bisect_right(places, end - _ROW)]))

    def _is_told(self, element: Element) -> bool:
        """Whether at least half of an element's words are the content's."""
        start, end = self._text.spans.get(element, (0, 0))
        told = self._told[end] - self._told[start]
        return told >= _ROW and told >= _MOSTLY * (end - start)

    def _around(self) -> Iterator[Element]:
        """The elements of the region that stand before the content's words, and behind them."""
        first, last = self._range()
        for element in self.region.iterdescendants(etree.Element):
            begin, stop = self._text.spans.get(element, (0, 0))
            if begin < stop and (stop <= first or begin >= last) and not self._is_told(element):
                yield element

    def _range(self) -> tuple[int, int]:
        """The numbers of the content's first word in the region, and of the one behind its last. A
        teaser that repeats the lead is not counted."""
        start, end = self._text.spans[self.region]
        held = [
            pair for pair in zip(self._places, self._rows, strict=True) if start <= pair[0] < end
        ]
        count = Counter(row for _, row in held)
        single = [place for place, row in held if count[row] == 1]
        places = single if len(single) >= _MOSTLY * len(count) else [place for place, _ in held]
        return places[0], places[-1] + _ROW


class _Words:
    """The words below `root` in page order. `spans` has for each element the numbers of its first
    word and of the one behind its last."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.words: list[str] = []
        self.spans: dict[Element, tuple[int, int]] = {}
        begun: dict[Element, int] = {}
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                begun[element] = len(self.words)
                self._add(element.text)
            else:
                self.spans[element] = begun.pop(element), len(self.words)
                if element is not root:
                    self._add(element.tail)

    def _add(self, text: str | None) -> None:
        if text and not text.isspace():
            self.words += words_of(text)


def _rows_of(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[n:] for n in range(_ROW)), strict=False)
