"""Finds the boxes that the theme and its plugins put into the text, by their classes and IDs.

A class is the theme's if on all pages, with few exceptions, its elements hold nothing of the
article: nothing that the post's content has or, if that is unknown, only links and what the site
repeats.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean

from scraper.cleaning.html.document import HEADINGS, Element
from scraper.cleaning.layout.box import Box, PageBoxes, is_sentence
from scraper.cleaning.layout.place import tokens_of
from scraper.cleaning.layout.sample import Sheet

_LEAST = 4
_TOLD, _UNTOLD, _AMID, _ALWAYS = 0.05, 0.3, 0.5, 0.8
_SENTENCE, _PARAGRAPH = 60, 150
_FEW_TEXTS = 0.3
_EXCEPT = 0.02
_AGAIN = 0.5


class Added:
    """The boxes in the place of the text (`roots`, by page) and which of them are the theme's."""

    def __init__(
        self, sheets: Sequence[Sheet], roots: Mapping[int, Element], repeated: Counter[str]
    ) -> None:
        self.pages = {n: PageBoxes(n, sheets[n], root, repeated) for n, root in roots.items()}
        self.boxes: dict[str, list[Box]] = defaultdict(list)
        for page in self.pages.values():
            for box in page.boxes:
                for token in tokens_of(box.element):
                    self.boxes[token].append(box)
        told = sum(sheets[n].content is not None for n in roots)
        self.is_added = self._is_untold if told <= 0.5 * len(roots) else self._is_beside
        # By page, the numbers of its marks that are known to be readers' comments.
        self.foreign: dict[int, set[int]] = defaultdict(set)

    def names(self) -> list[tuple[str, ...]]:
        """The theme's boxes: for each kind the classes and IDs that all of its boxes have. A box
        with several names is listed once."""
        found = {token for token, held in self.boxes.items() if self.is_added(held)}
        if behind := self._behind(found):
            for token in behind:
                for box in self.boxes[token]:
                    self.foreign[box.page].update(range(box.first, box.last + 1))
            found |= {token for token, held in self.boxes.items() if self.is_added(held)} | behind
        return self._named(self._outermost(found))

    def _is_beside(self, held: list[Box]) -> bool:
        """Whether boxes of one class or ID are not in the posts' content."""
        pages = len({box.page for box in held})
        if pages < max(_LEAST, _TOLD * len(self.pages)) or any(box.credits for box in held):
            return False
        if sum(box.within > 0.1 for box in held) > _EXCEPT * len(held):
            return False
        # Custom fields of a post, such as a lead, are its text, too, though no content holds them.
        if sum(box.prose >= _SENTENCE for box in held) <= 0.1 * len(held):
            return True
        long = sum(box.prose >= _PARAGRAPH for box in held)
        return long <= 0.3 * len(held) and self._are_at_edges(held)

    def _is_untold(self, held: list[Box]) -> bool:
        """The same if the content is unknown: lists of links, and boxes with a few texts in all."""
        pages = len({box.page for box in held})
        if pages < max(_LEAST, _UNTOLD * len(self.pages)):
            return False
        if any(box.element.tag in HEADINGS or box.credits for box in held):
            return False
        if sum(self._is_own(box) for box in held) > _EXCEPT * len(held):
            return False
        if all(box.linked for box in held):
            return pages >= _AMID * len(self.pages)
        if not self._are_at_edges(held):
            return pages >= _AMID * len(self.pages) and self._is_advert(held)
        if all(box.brief for box in held) and pages >= _ALWAYS * len(self.pages):
            return True
        return len({box.said for box in held}) <= max(1, _FEW_TEXTS * len(held))

    def _is_advert(self, held: list[Box]) -> bool:
        """Whether boxes amid the text have a few texts in all, each with a whole sentence. A
        subhead is no sentence, and prices differ from page to page."""
        texts = {tuple(mark.folded for mark in box.marks) for box in held}
        if len(texts) > max(1, _FEW_TEXTS * len(held)):
            return False
        return all(any(map(is_sentence, box.marks)) for box in held)

    def _is_own(self, box: Box) -> bool:
        numbers = range(box.first, box.last + 1)
        return box.prose >= _SENTENCE and not self.foreign[box.page].issuperset(
            self.pages[box.page].prose.intersection(numbers)
        )

    def _are_at_edges(self, held: list[Box]) -> bool:
        amid = (b for b in held if not self.pages[b.page].is_at_edge(b, self.foreign[b.page]))
        return sum(1 for _ in amid) <= _EXCEPT * len(held)

    def _behind(self, found: set[str]) -> set[str]:
        """The classes and IDs of what stands behind a box that ends the text: readers' comments.

        A box ends the text if it is on nearly all pages, and nearly all prose behind it stands in
        boxes that no page has before it. If readers only repeat what others have said, there is no
        such prose: then it is the box with the most of such boxes behind it.
        """
        most: set[str] = set()
        size = 0
        for token in sorted(found):
            ends = {box.page: box.last for box in self.boxes[token]}
            if len(ends) < _ALWAYS * len(self.pages):
                continue
            behind = {other for other in self.boxes if self._is_behind(other, ends)}
            covered = {(b.page, n) for t in behind for b in self.boxes[t] for n in _numbers(b)}
            prose = {
                (n, one) for n, end in ends.items() for one in self.pages[n].prose if one > end
            }
            if prose and len(prose & covered) >= (1 - _EXCEPT) * len(prose):
                return behind
            if not prose:
                behind = set(filter(self._says_again, behind))
                covered = {(b.page, n) for t in behind for b in self.boxes[t] for n in _numbers(b)}
                most, size = (behind, len(covered)) if len(covered) > size else (most, size)
        return most

    def _says_again(self, token: str) -> bool:
        """Whether boxes say what other pages say, too: no table of a post does."""
        held = self.boxes[token]
        return fmean(box.again for box in held) >= _AGAIN and not any(b.credits for b in held)

    def _is_behind(self, token: str, ends: Mapping[int, int]) -> bool:
        held = self.boxes[token]
        if len({box.page for box in held}) < _LEAST or any(box.within > 0.1 for box in held):
            return False
        return all(box.first > ends.get(box.page, -1) for box in held)

    def _named(self, found: set[str]) -> list[tuple[str, ...]]:
        names: list[tuple[str, ...]] = []
        covered: set[Element] = set()
        for token in sorted(found, key=lambda token: (-len(self.boxes[token]), token)):
            elements = {box.element for box in self.boxes[token]}
            if len(elements - covered) > _EXCEPT * len(elements):
                names.append(tuple(sorted(frozenset.intersection(*map(tokens_of, elements)))))
                covered |= elements
        return sorted(names)

    def _outermost(self, found: set[str]) -> set[str]:
        """The classes and IDs of boxes that stand in no other box of the theme's; the others are
        not needed."""
        elements = {box.element for token in found for box in self.boxes[token]}

        def is_needed(token: str) -> bool:
            held = self.boxes[token]
            outer = [b for b in held if elements.isdisjoint(b.element.iterancestors())]
            return len(outer) > _EXCEPT * len(held)

        return set(filter(is_needed, found))


def _numbers(box: Box) -> range:
    return range(box.first, box.last + 1)
