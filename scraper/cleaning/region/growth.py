"""Finds the region of the article: the element with most text, and what beside it is text, too.

An article may stand in several elements: sections of a page builder with advertisements between
them, the lead in an element of its own. Three links of more than 80 characters in all end it,
unless an element with the tag and class of its parts follows.
"""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple

from scraper.cleaning.boilerplate.by_name import opens
from scraper.cleaning.html.document import HEADINGS, Element
from scraper.cleaning.region.weights import PARAGRAPH, PROSE, Weights

_NEAR = 0.2
_WHOLE = 0.97
_LINKS, _LINKED = 3, 80
_LISTS = frozenset(("ul", "ol", "dl", "table"))
_CONTROLS = ("form", "input", "button", "select", "textarea", "label", "svg")
_TELLING = (*HEADINGS, "blockquote", "ul", "ol", "table", "pre")


class Region(NamedTuple):
    """`element` is the smallest element around the text, `beside` what in it is not text.

    `first` is the first element of the text. `lead` is the same one if it has a single block and no
    other part has its tag and class, else None. `doubtful`: less than half of what looks like text
    on the page is in the region.
    """

    element: Element
    beside: frozenset[Element]
    first: Element
    lead: Element | None
    doubtful: bool


class Growth:
    """An element of text to which its neighbours are added, from one ancestor to the next."""

    def __init__(self, text: Weights, seed: Element) -> None:
        self.text = text
        self.element = seed
        self.names: set[tuple[str, str]] = set()
        self.taken: dict[Element, set[Element]] = {}
        self.path = [seed]
        self.holders: set[Element] = set()
        self.headline: Element | None = None

    def region(self, root: Element, headline: Element | None) -> Region:
        """The region within `root`; it does not reach the element that also holds the headline."""
        text, seed = self.text, self.element
        self.headline = headline
        self.holders = {root} if headline is None else {root, *headline.iterancestors()}
        self.taken[seed] = self._inside(seed)
        whole = text.kept[root]
        for above in seed.iterancestors():
            below = self.path[-1]
            if below in self.holders or text.kept[self.element] >= _WHOLE * whole:
                break
            self.taken[above] = {below} | self._beside(above, below, False)
            self.path.append(above)
            if len(self.taken[above]) > 1:
                self.element = above
        parts = self._parts()
        held = sum(text.kept[e] for e in parts)
        first = min(parts, key=lambda part: text.page.position[part])
        return Region(
            self.element, self._left_out(), first, self._lead(first, parts), held * 2 < whole
        )

    def _lead(self, first: Element, parts: list[Element]) -> Element | None:
        own = first not in self.taken[self.path[0]] and self.text.count[first] == 1
        names = [_name(part) for part in (*parts, *self.path)]
        return first if own and names.count(_name(first)) == 1 else None

    def _inside(self, box: Element) -> set[Element]:
        """The children of a box that are text: the one with most text, and those on both sides that
        go on with it."""
        text = self.text
        children = list(box)
        if text.bare[box] or not children:
            taken = {
                child for child in children if self._is_quiet(child) or self._is_text(child, True)
            }
        else:
            fullest = max(children, key=lambda child: text.kept[child])
            taken = {fullest} | self._beside(box, fullest, True)
        for child in taken:
            if child.tag not in PROSE and not self._is_pure(child):
                self.taken[child] = self._inside(child)
        return taken

    def _beside(self, above: Element, middle: Element, own: bool) -> set[Element]:
        """The children of `above` that go on with the text of `middle`, one of them. `own`: `above`
        is itself a box of the text."""
        children = list(above)
        at = children.index(middle)
        self.names.add(_name(middle))
        before = children[:at][::-1]
        if not own or above in self.holders:
            # Between headline and text stands the meta line (date, author), which is no paragraph.
            below = takewhile(lambda e: e not in self.holders and e is not self.headline, before)
            before = [e for e in below if self.text.paragraphs[e] or (own and e.tag not in _LISTS)]
        return self._along(children[at + 1 :], own) | self._along(before, own)

    def _along(self, children: list[Element], own: bool) -> set[Element]:
        """Those of the children that are text, up to the links that end it."""
        text, taken, between = self.text, set[Element](), list[Element]()
        links = linked = 0
        for child in children:
            prose = own and child.tag in PROSE
            apart = links >= _LINKS and linked > _LINKED and not prose
            if apart and not own and not self._is_alike(child):
                break
            if not self._is_text(child, own) or (apart and not self._is_alike(child)):
                links += text.links[child]
                linked += text.linked[child]
                between.append(child)
            elif text.own[child]:
                # Links to other posts go in a later step, those to files are the text's.
                few = links < _LINKS or linked <= _LINKED
                taken.update(e for e in between if self._is_quiet(e) or (few and e.tag in PROSE))
                taken.add(child)
                links, linked, between = 0, 0, []
                self.names.add(_name(child))
                if not own and not self._is_pure(child):
                    self.taken[child] = self._inside(child)
        return taken

    def _is_text(self, child: Element, own: bool) -> bool:
        text = self.text
        kept, linked, all_own = text.kept[child], text.linked[child], text.own[child]
        if next(child.iter("textarea"), None) is not None:
            return False
        if child.tag in PROSE:
            # A short line outside the box of the text may be a date, a source, a name.
            return bool(kept if own else text.paragraphs[child]) or (own and linked <= all_own)
        if self._is_alike(child):
            return linked < all_own or kept >= PARAGRAPH
        if own and next(child.iter(*HEADINGS), None) is not None and self._is_quiet(child):
            return True
        if kept < PARAGRAPH or kept * 2 < all_own or linked >= all_own:
            return False
        return own or kept >= _NEAR * text.kept[self.path[0]]

    def _is_alike(self, child: Element) -> bool:
        """Whether a box has the tag and the class of one that is text."""
        return bool(child.get("class") or not len(child)) and _name(child) in self.names

    def _is_pure(self, child: Element) -> bool:
        if child in self.holders:
            return False
        text = self.text
        linked = text.links[child] >= _LINKS and text.linked[child] * 4 > text.own[child]
        return not linked and next(child.iter("textarea"), None) is None

    def _is_quiet(self, child: Element) -> bool:
        """Whether something between two parts of the text belongs to it: a subhead, a picture."""
        text = self.text
        if text.linked[child] > text.own[child]:
            return False
        if child.tag in PROSE or not len(child):
            return True
        if any(not opens(control) for control in child.iter(*_CONTROLS)):
            return False
        # Counters and notices of plugins are boxes of short lines.
        telling = text.told[child] > 0 or next(child.iter(*_TELLING), None) is not None
        return telling or text.count[child] < 2

    def _parts(self) -> list[Element]:
        """The outermost elements that hold text of the article and nothing else."""
        levels = self.path[: self.path.index(self.element) + 1]
        return [e for level in levels for e in self.taken[level] if e not in levels] or levels[-1:]

    def _left_out(self) -> frozenset[Element]:
        levels = self.path[: self.path.index(self.element) + 1]
        boxes = [*levels, *(box for box in self.taken if box not in self.path)]
        return frozenset(e for box in boxes for e in box if e not in self.taken[box])


def _name(element: Element) -> tuple[str, str]:
    return element.tag, element.get("class", "")
