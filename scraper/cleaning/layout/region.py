"""Finds the places of the text: those that hold it on many pages of the site.

If the post's content is known, the text is in the innermost element that holds the content.
Otherwise it is in the innermost one that holds what no other page has; long paragraphs count more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from scraper.cleaning.boilerplate.by_name import Boilerplate
from scraper.cleaning.html.document import Element
from scraper.cleaning.layout.place import Place, common, tokens_of
from scraper.cleaning.layout.sample import Mark, Sheet

_MOST = 4
_TELLING, _ENOUGH = 150, 12
_FIRST, _FURTHER = 0.3, 0.05
_AGREE = 0.9
_HELD = 0.95
_OWN_HELD = 0.8
_BRIEF = 20
_PARAGRAPH = 40
_LONG = 200
# What holds other boxes; the text of a post stands in one of these.
_BOXES = frozenset(("div", "section", "article", "main", "center", "form", "aside", "span"))
_BOXES |= {"table", "tbody", "tr", "td", "figure", "details", "fieldset"}


class Weighed:
    """How much of the article's text every element of a page holds: `held`, in characters. The text
    is what the post's content has, or if that is unknown what no other page has."""

    def __init__(self, sheet: Sheet, repeated: Counter[str]) -> None:
        self.sheet = sheet
        self.told = sheet.content is not None
        self.held: dict[Element, float] = defaultdict(float)
        weigh = self._told() if self.told else self._own(repeated)
        # A text that stands on the page twice counts once for an element that holds both.
        places: dict[str, set[Element]] = defaultdict(set)
        weights: dict[str, float] = {}
        for mark, weight in weigh:
            weights[mark.folded] = weight
            places[mark.folded].update((mark.block.holder, *mark.block.holder.iterancestors()))
        for said, elements in places.items():
            for element in elements:
                self.held[element] += weights[said]
        self.whole = self.held[sheet.body]
        self.least = _HELD if self.told else _OWN_HELD

    def _told(self) -> list[tuple[Mark, float]]:
        least = _BRIEF if _size(self.sheet) > 5 * _BRIEF else 1
        skipped = self.sheet.headline
        marks = [m for n, m in enumerate(self.sheet.marks) if m.within and n != skipped]
        marks = [m for m in marks if len(m.said) >= least]
        return [(mark, float(len(mark.said))) for mark in marks]

    def _own(self, repeated: Counter[str]) -> list[tuple[Mark, float]]:
        around = Boilerplate(self.sheet.page)
        found = []
        for number, mark in enumerate(self.sheet.marks):
            size = len(mark.said)
            if (
                number == self.sheet.headline
                or size < _PARAGRAPH
                or repeated[mark.folded] > 1
                or mark.block.share > 0.3
            ):
                continue
            if not around.is_foreign(mark.block.holder):
                found.append((mark, size * min(1.0, size / _LONG)))
        return found

    @property
    def speaks(self) -> bool:
        """Whether enough of the article stands on the page to learn from it."""
        if not self.told:
            return self.whole > 0
        return self.whole >= 0.6 * _size(self.sheet)

    def root(self) -> Element:
        """The innermost box with nearly all of the text, from the body downwards."""
        element = self.sheet.body
        while True:
            inner = max(element, key=lambda child: self.held.get(child, 0.0), default=None)
            if inner is None or inner.tag not in _BOXES:
                return element
            if self.held.get(inner, 0.0) < self.least * self.whole:
                return element
            element = inner

    def holds(self, element: Element | None) -> bool:
        """Whether an element holds the article."""
        if element is None:
            return False
        return self.held.get(element, 0.0) >= (self.least if self.told else 0.3) * self.whole


def places(sheets: Sequence[Sheet], repeated: Counter[str]) -> list[Place]:
    """The places of the text, the commonest first; none if they are not on 60 % of the pages.

    `repeated` counts on how many pages each folded line stands.
    """
    weighed = [page for sheet in sheets if (page := Weighed(sheet, repeated)).speaks]
    # A post of one line is little evidence, and the line may stand elsewhere, too.
    long = [page for page in weighed if not page.told or _size(page.sheet) >= _TELLING]
    weighed = long if len(long) >= _ENOUGH else weighed
    waiting = {number: page.root() for number, page in enumerate(weighed)}
    found: list[Place] = []
    while waiting and len(found) < _MOST:
        group = largest(waiting)
        if len(group) < (_FURTHER if found else _FIRST) * len(weighed) or len(group) < 3:
            break
        place = common([waiting[number] for number in group])
        covered = _covered(place, waiting, weighed)
        if len(covered.intersection(group)) < _AGREE * len(group):
            place = replace(place, heaviest=True)
            covered = _covered(place, waiting, weighed)
        if len(covered.intersection(group)) < _AGREE * len(group):
            break
        outer = [other for other in found if _is_around(place, other, [weighed[n] for n in group])]
        if outer and weighed[group[0]].told:
            found = [other for other in found if other not in outer]
        if not outer or weighed[group[0]].told:
            found.append(place)
        waiting = {n: root for n, root in waiting.items() if n not in covered}
    return found if len(waiting) <= 0.4 * len(weighed) else []


def _size(sheet: Sheet) -> int:
    return len(sheet.content.text) if sheet.content else 0


def _covered(place: Place, waiting: Iterable[int], weighed: Sequence[Weighed]) -> set[int]:
    """The pages whose text stands in `place`."""
    return {n for n in waiting if weighed[n].holds(place.find(weighed[n].sheet.page))}


def largest(roots: Mapping[int, Element]) -> list[int]:
    """The numbers of the pages in the largest group whose roots share a class or an ID; roots
    without one are grouped by the tags around them."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, root in roots.items():
        tokens = tokens_of(root)
        for token in tokens:
            groups[token].append(number)
        if not tokens:
            groups["/".join(e.tag for e in (root, *root.iterancestors()))].append(number)
    return max(sorted(groups.items()), key=lambda group: len(group[1]))[1]


def _is_around(place: Place, other: Place, pages: Sequence[Weighed]) -> bool:
    """Whether what stands in `place` is, on most of the pages, around what stands in `other`."""
    count = 0
    for page in pages:
        outer, inner = place.find(page.sheet.page), other.find(page.sheet.page)
        if outer is not None and inner is not None:
            count += any(above is outer for above in inner.iterancestors())
    return count > 0.5 * len(pages)
