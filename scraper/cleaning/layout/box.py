"""The boxes of a page, which are the elements in its text: what each holds of the article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from archive.text.fold import squash
from scraper.cleaning.content import credit_lines
from scraper.cleaning.date_parser import scan
from scraper.cleaning.html.document import Element, text_of
from scraper.cleaning.html.text_blocks import BLOCK_TAGS
from scraper.cleaning.layout.sample import Mark, Sheet

_SENTENCE = 60
_LABEL, _WORDS = 25, 30
_LINKED, _UNLINKED = 0.8, 0.3
_MOSTLY = 0.7
_BRIEF, _DATED = 100, 160
_CONTAINERS = frozenset(("div", "section", "article", "main", "header", "td", "body"))


class Box:
    """An element in the place of the text on the page with the number `page`.

    `first` and `last` are the numbers of its marks in that place. `within` is the share of it
    (0 to 1) that the post's content holds, `again` the share that other pages say as well, `prose`
    the length in characters of its longest paragraph that no other page has. `brief`: it has at
    most 100 characters. `linked`: it is a list of links. `credits`: it ends a dispatch or names its
    source; those are fields of the article.
    """

    __slots__ = (
        "again",
        "brief",
        "credits",
        "element",
        "first",
        "last",
        "linked",
        "marks",
        "page",
        "prose",
        "within",
    )

    def __init__(
        self,
        page: int,
        element: Element,
        marks: list[tuple[int, Mark]],
        prose: set[int],
        again: set[int],
    ) -> None:
        self.page = page
        self.element = element
        self.marks = [mark for _, mark in marks]
        self.first, self.last = marks[0][0], marks[-1][0]
        size = sum(len(mark.said) for mark in self.marks) or 1
        self.within = sum(len(mark.said) for mark in self.marks if mark.within) / size
        self.again = sum(len(mark.said) for number, mark in marks if number in again) / size
        links = [len(mark.said) for mark in self.marks if _is_link(mark)]
        own = [len(mark.block.text) for number, mark in marks if number in prose]
        self.prose = max(own, default=0)
        self.linked = not own and sum(links) >= _MOSTLY * size
        self.brief = size <= _BRIEF
        self.credits = any(map(is_credit, self.marks))

    @property
    def said(self) -> tuple[str, ...]:
        """The keys of its marks that are not links."""
        return tuple(mark.key for mark in self.marks if mark.block.share < _LINKED)


class PageBoxes:
    """The boxes in the place of the text of one page. `prose` has the numbers of the paragraphs
    there that no other page has."""

    def __init__(self, number: int, sheet: Sheet, root: Element, repeated: Counter[str]) -> None:
        self.number = number
        headline = None if sheet.headline is None else sheet.marks[sheet.headline]
        marks = list(sheet.inside(root))
        self.prose = {
            n
            for n, mark in enumerate(marks)
            if repeated[mark.folded] == 1 and mark is not headline and _is_prose(mark)
        }
        again = {n for n, mark in enumerate(marks) if repeated[mark.folded] > 1}
        held: dict[Element, list[tuple[int, Mark]]] = defaultdict(list)
        for n, mark in enumerate(marks):
            for element in _around(mark):
                if element is root:
                    break
                held[element].append((n, mark))
        self.boxes = [
            Box(number, element, inside, self.prose, again) for element, inside in held.items()
        ]

    def is_at_edge(self, box: Box, without: set[int]) -> bool:
        """Whether all of `prose` stands behind a box, or all before it; `without` is left out."""
        prose = self.prose - without
        return not prose or box.last < min(prose) or box.first > max(prose)


def _around(mark: Mark) -> Iterator[Element]:
    """What a block stands in, from the inside outwards. Beside other blocks a `span` may be all
    that a block consists of."""
    holder = mark.block.holder
    if holder.tag in _CONTAINERS:
        for child in holder:
            is_named = child.tag not in BLOCK_TAGS and (child.get("class") or child.get("id"))
            if is_named and squash(text_of(child)) == mark.said:
                yield child
                break
    yield holder
    yield from holder.iterancestors()


def is_sentence(mark: Mark) -> bool:
    """Whether a block is a sentence: no subhead and no label."""
    text = mark.block.text
    if mark.block.kind == "head" or mark.block.strong or text.endswith((":", "：")):
        return False
    return len(text) >= _SENTENCE or (len(text) >= _LABEL and text[-1:] in ".؟!…")


def _is_link(mark: Mark) -> bool:
    """Whether a block is a link, perhaps behind a word or two: «همین حالا بخوانید: …»."""
    share = mark.block.share
    return share >= _LINKED or (share >= 0.5 and len(mark.block.text) * (1 - share) <= _WORDS)


def is_credit(mark: Mark) -> bool:
    """Whether a block ends a dispatch or names its source."""
    left = credit_lines.cut([mark.block])
    return left.marker is not None or left.source is not None


def _is_prose(mark: Mark) -> bool:
    """Whether a block is a paragraph, no list of links and no meta line: «ب. رستگار، ۱۹ آبان»."""
    text = mark.block.text
    if len(text) < _SENTENCE or mark.block.share >= _UNLINKED:
        return False
    return len(text) > _DATED or text[-1:] in ".؟!»" or scan(text) is None
