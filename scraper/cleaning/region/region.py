"""Finds the region of the article if no class name tells it, with trafilatura's answer as evidence.

The answer says which blocks of the page are the article's, but not where the article begins and
ends: it leaves out subheads, lists and short lines. So the element with most of those blocks is
taken, the elements beside it that go on with the text are added, and all of them are read whole.
"""

from __future__ import annotations

from copy import deepcopy

from scraper.cleaning.boilerplate.by_name import Boilerplate
from scraper.cleaning.boilerplate.prose import is_told
from scraper.cleaning.html.document import Document, Element
from scraper.cleaning.html.text_blocks import TextBlock, blocks_of
from scraper.cleaning.region import by_trafilatura
from scraper.cleaning.region.by_trafilatura import unspaced
from scraper.cleaning.region.growth import Growth, Region
from scraper.cleaning.region.weights import Weights, is_paragraph, paragraphs_of

_SHORTEST = 12
_LEAST = 0.25


def find(page: Document, boilerplate: Boilerplate, headline: Element | None) -> Region | None:
    """The region of the article; None if nothing on the page looks like its text."""
    bodies = page.tags["body"]
    root = bodies[0] if bodies else page.root
    passed = boilerplate.inside(root, headline)
    blocks = [b for b in blocks_of(root, passed) if not boilerplate.is_foreign(b.holder)]
    start = page.position.get(headline, -1) if headline is not None else -1
    behind = [b for b in blocks if page.position[b.holder] > start]
    if paragraphs_of(behind) < _LEAST * paragraphs_of(blocks):
        behind = blocks
    text = Weights(page, behind, _witnessed(root, passed, behind))
    seed = text.densest(headline)
    return Growth(text, seed).region(root, headline) if seed is not None else None


def _witnessed(root: Element, passed: set[Element], blocks: list[TextBlock]) -> list[bool]:
    """For each block whether trafilatura keeps it; if it finds less than a quarter of the
    paragraphs, or was not asked, whether the block is a paragraph."""
    answer = by_trafilatura.kept_text(*_copied(root, passed))
    prose = [is_paragraph(block) for block in blocks]
    kept = prose
    if answer is not None:
        kept = [_is_kept(block, answer) for block in blocks]
        found = sum(len(b.text) for b, told in zip(blocks, kept, strict=True) if told)
        kept = kept if found >= _LEAST * paragraphs_of(blocks) else prose
    # A flash has a sentence or two, too short for both.
    own = [told and block.share < 1 for told, block in zip(kept, blocks, strict=True)]
    return kept if any(own) else [not b.hrefs and is_told(b.text) for b in blocks]


def _copied(root: Element, passed: set[Element]) -> tuple[Element, set[Element]]:
    copy = deepcopy(root)
    pairs = zip(root.iter(), copy.iter(), strict=True) if passed else ()
    return copy, {twin for element, twin in pairs if element in passed}


def _is_kept(block: TextBlock, answer: str) -> bool:
    """Whether at least half of a block, line by line, is in trafilatura's answer (`unspaced`)."""
    if len(block.text) < _SHORTEST:
        return False
    if (whole := unspaced(block.text)) in answer:
        return True
    lines = [unspaced(line) for line in block.text.split("\n")]
    return sum(len(line) for line in lines if line and line in answer) * 2 >= len(whole)
