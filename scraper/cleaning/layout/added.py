"""What the theme and its plugins set into the place of the text: boxes, by their classes and IDs.

A class is the theme's when its elements, on all pages, hold nothing of the article: nothing that
the post's content says or, where that is unknown, nothing but links or what the site repeats.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from scraper.cleaning.html.document import Element
from scraper.cleaning.html.text_blocks import HEADINGS
from scraper.cleaning.layout.place import tokens_of
from scraper.cleaning.layout.sample import Mark, Sheet

_LEAST = 4
_SHARE = 0.05
_UNTOLD_SHARE = 0.3
_PROSE = 150
_SENTENCE = 60
_FEW_TEXTS = 0.3
_OFTEN = 0.02


class Box:
    """An element of one page that carries a token: what it holds, and where it stands."""

    __slots__ = ("element", "edge", "linked", "marks", "page", "prose", "within")

    def __init__(self, page: int, element: Element, marks: list[Mark], own: set[str]) -> None:
        self.page = page
        self.element = element
        self.marks = marks
        size = sum(len(mark.said) for mark in marks) or 1
        self.within = sum(len(mark.said) for mark in marks if mark.within) / size
        self.linked = all(mark.block.share >= 0.8 for mark in marks)
        mine = [m for m in marks if m.key in own and m.block.share < 0.3]
        self.prose = max((len(mark.block.text) for mark in mine), default=0)
        self.edge = True


def added(
    sheets: Sequence[Sheet], roots: Mapping[int, Element], repeated: Counter[str]
) -> list[str]:
    """The tokens of the boxes to pass over in the place of the text (`roots`, by page)."""
    boxes: dict[str, list[Box]] = defaultdict(list)
    for number, root in roots.items():
        for box in _boxes(number, sheets[number], root, repeated):
            for token in tokens_of(box.element):
                boxes[token].append(box)
    told = sum(sheets[number].content is not None for number in roots) > 0.5 * len(roots)
    is_added = _is_added if told else _is_furniture
    found = {token for token, held in boxes.items() if is_added(held, len(roots))}
    return sorted(_outermost(found, boxes))


def _boxes(number: int, sheet: Sheet, root: Element, repeated: Counter[str]) -> list[Box]:
    marks = list(sheet.inside(root))
    own = {mark.key for mark in marks if repeated[mark.key] == 1}
    held: dict[Element, list[Mark]] = defaultdict(list)
    prose = [n for n, m in enumerate(marks) if m.key in own and len(m.block.text) >= _SENTENCE]
    prose = [n for n in prose if marks[n].block.share < 0.3]
    first, last = (prose[0], prose[-1]) if prose else (len(marks), -1)
    places = {id(mark): n for n, mark in enumerate(marks)}
    for mark in marks:
        for element in (mark.block.holder, *mark.block.holder.iterancestors()):
            if element is root:
                break
            held[element].append(mark)
    found = []
    for element, inside in held.items():
        box = Box(number, element, inside, own)
        numbers = [places[id(mark)] for mark in inside]
        box.edge = numbers[-1] < first or numbers[0] > last
        found.append(box)
    return found


def _is_added(held: list[Box], pages: int) -> bool:
    """Whether boxes of one token are none of the posts' content."""
    count = len({box.page for box in held})
    if count < max(_LEAST, _SHARE * pages):
        return False
    if sum(box.within > 0.1 for box in held) > _OFTEN * len(held):
        return False
    # Fields of a post that its content does not hold are its text, too, and a lead is one.
    return sum(box.prose >= _SENTENCE for box in held) <= 0.1 * len(held) or (
        sum(box.prose >= _PROSE for box in held) <= 0.3 * len(held) and _are_behind(held)
    )


def _is_furniture(held: list[Box], pages: int) -> bool:
    """The same where the content is unknown: lists of links, and boxes of a few texts."""
    on = Counter(box.page for box in held)
    if len(on) < max(_LEAST, _UNTOLD_SHARE * pages):
        return False
    if any(box.element.tag in HEADINGS for box in held):
        return False
    if sum(box.prose >= _SENTENCE for box in held) > _OFTEN * len(held):
        return False
    if all(box.linked for box in held):
        return len(on) >= 0.5 * pages
    texts = {tuple(mark.key for mark in box.marks if mark.block.share < 0.8) for box in held}
    return len(texts) <= max(1, _FEW_TEXTS * len(held)) and _are_at_edges(held)


def _are_behind(held: list[Box]) -> bool:
    return _are_at_edges(held)


def _are_at_edges(held: list[Box]) -> bool:
    return sum(not box.edge for box in held) <= _OFTEN * len(held)


def _outermost(found: set[str], boxes: Mapping[str, list[Box]]) -> set[str]:
    """The tokens without which an added box would be seen: those inside others are not needed."""
    kept = set()
    elements = {box.element for token in found for box in boxes[token]}
    for token in found:
        outer = [b for b in boxes[token] if elements.isdisjoint(b.element.iterancestors())]
        if len(outer) > _OFTEN * len(boxes[token]):
            kept.add(token)
    return kept
