"""Counts how much text the elements of a page hold: paragraphs, link text, other text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scraper.cleaning.boilerplate import prose
from scraper.cleaning.html.document import HEADINGS, Document, Element
from scraper.cleaning.html.text_blocks import TextBlock

PARAGRAPH = 40
_ENDS = '.!؟?…»:؛"”)'

# Tags that hold a piece of a text, not a part of a page.
# fmt: off
PROSE = HEADINGS | frozenset((
    "p", "ul", "ol", "dl", "li", "dt", "dd", "blockquote", "table", "tbody", "tr", "td", "pre",
    "figure", "br", "a", "b", "strong", "i", "em", "span", "font", "u", "mark", "sup", "sub",
))
# fmt: on


def is_paragraph(block: TextBlock) -> bool:
    """Whether a block has 40 characters, ends like a sentence and is less than half link text."""
    return len(block.text) >= PARAGRAPH and block.share < 0.5 and block.text[-1:] in _ENDS


def paragraphs_of(blocks: Iterable[TextBlock]) -> int:
    """How many characters of the blocks stand in paragraphs."""
    return sum(len(block.text) for block in blocks if is_paragraph(block))


class Weights:
    """What every element holds, text in characters.

    `own` is text that is no link, `kept` what of it stands in blocks that trafilatura keeps or that
    are paragraphs, `bare` what of `kept` stands directly in it. `linked` is link text,
    `links` the number of links that lead to other pages; `paragraphs`, `told` (sentences without a
    link) and `count` are numbers of blocks.
    """

    def __init__(self, page: Document, blocks: list[TextBlock], kept: list[bool]) -> None:
        self.page = page
        self.blocks = blocks
        self.kept: Counter[Element] = Counter()
        self.own: Counter[Element] = Counter()
        self.linked: Counter[Element] = Counter()
        self.links: Counter[Element] = Counter()
        self.count: Counter[Element] = Counter()
        self.paragraphs: Counter[Element] = Counter()
        self.told: Counter[Element] = Counter()
        self.bare: Counter[Element] = Counter()
        self._scores: Counter[Element] = Counter()
        for block, told in zip(blocks, kept, strict=True):
            self._add(block, told)

    def _add(self, block: TextBlock, told: bool) -> None:
        above = [block.holder, *block.holder.iterancestors()]
        own = round(len(block.text) * (1 - block.share))
        # trafilatura leaves out tabs and accordions, so a paragraph counts in any case.
        paragraph = is_paragraph(block)
        sentence = not block.hrefs and prose.is_told(block.text)
        counted = told or paragraph
        # A link within the page opens a tab or leads to a note.
        away = sum(not href.startswith("#") for href in block.hrefs)
        for element in above:
            self.count[element] += 1
            self.paragraphs[element] += paragraph
            self.told[element] += sentence
            self.own[element] += own
            self.kept[element] += own if counted else 0
            self.linked[element] += block.linked if away else 0
            self.links[element] += away
        if counted:
            self.bare[block.holder] += own
            at = next(n for n, e in enumerate(above) if e.tag not in PROSE)
            for number, box in enumerate(above[at : at + 2], 1):
                self._scores[box] += own * (4 if told else 2) // number

    def densest(self, headline: Element | None) -> Element | None:
        """The element with most kept text in it or one level below; of those in the headline's
        `article`, if that has text."""
        above = list(headline.iterancestors()) if headline is not None else []
        article = next((e for e in above if e.tag == "article" and self.kept[e] >= PARAGRAPH), None)
        boxes = list(self._scores)
        chosen = [b for b in boxes if b is article or _is_in(b, article)] or boxes
        return max(chosen, key=lambda b: (self._scores[b], -self.page.position[b]), default=None)


def _is_in(element: Element, holder: Element | None) -> bool:
    return any(above is holder for above in element.iterancestors())
