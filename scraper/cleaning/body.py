"""The article's text: blocks of the content, weighed by rules and by trafilatura."""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from scraper.cleaning import ending, phrases, teasers, vote
from scraper.cleaning.blocks import Block, blocks_of
from scraper.cleaning.fold import squash
from scraper.cleaning.page import Element
from scraper.cleaning.root import Root

_ARABIC = range(0x0600, 0x0700)
_SLOGAN = 60
_OPENING = 6


class Body(NamedTuple):
    """The blocks in page order; the end marker; the sources its last and first lines credit."""

    blocks: list[Block]
    marker: str | None
    source: str | None
    opening: str | None


NOTHING = Body([], None, None, None)


def read(root: Root, passed: Set[Element], title: str | None, sayings: Set[str], host: str) -> Body:
    """The content's blocks without furniture; the tree is taken apart by the last step.

    `sayings` are the site's names and slogan, squashed: as a block they are furniture; `host`
    is the site's, by which a link to another of its posts is known.
    """
    blocks = blocks_of(root.element, passed)
    repeated = {squash(title or "")} | sayings
    blocks = [b for n, b in enumerate(blocks) if not (n < 4 and squash(b.text) in repeated)]
    blocks = _without_slogan(_without_echo(blocks))
    blocks, marker, source = ending.cut(blocks)
    blocks = _without(blocks, phrases.dropped(blocks, root.element))
    blocks = _without(blocks, teasers.dropped(blocks, host, root.element))
    if source is None or marker is None:
        # Furniture behind them may have hidden the last lines.
        blocks, late_marker, late_source = ending.cut(blocks)
        marker, source = marker or late_marker, source or late_source
    kept = vote.kept_text(root.element, passed)
    blocks = [b for n, b in enumerate(blocks) if _stays(b, kept, root.known, n, len(blocks))]
    return Body(blocks, marker, source, ending.opening_source(blocks))


def _without(blocks: list[Block], gone: Set[int]) -> list[Block]:
    return [block for number, block in enumerate(blocks) if number not in gone]


def _stays(block: Block, kept: str | None, known: bool, number: int, count: int) -> bool:
    """Whether a block trafilatura left out stays all the same.

    Inside a known content element it does, unless it is little more than links: trafilatura
    drops tabs, bare text and short paragraphs there. Elsewhere its word counts.
    """
    if not squash(block.text):
        return block.kind == "pre"
    if kept and vote.unspaced(block.text) in kept:
        return True
    if not known and kept is not None:
        return False
    paid_link = block.share > 0.5 and block.kind == "text" and len(block.text) < 120
    return not (paid_link and number > count - 6)


def _without_echo(blocks: list[Block]) -> list[Block]:
    """Drop a lead that stands twice at the head: in the theme's box and in the text."""
    first: dict[str, int] = {}
    for number, block in enumerate(blocks[:_OPENING]):
        if len(block.text) >= _SLOGAN and first.setdefault(squash(block.text), number) != number:
            return blocks[:number] + blocks[number + 1 :]
    return blocks


def _without_slogan(blocks: list[Block]) -> list[Block]:
    """Drop a short Latin line at the head of a Persian text: a slogan, a logo's text."""
    if len(blocks) < 2 or not _is_persian(" ".join(block.text for block in blocks[1:])):
        return blocks
    first = blocks[0]
    if len(first.text) < _SLOGAN and first.text.isascii() and first.kind in ("text", "head"):
        worded = any(character.isalpha() for character in first.text)
        return blocks[1:] if worded and first.text[-1:] not in ".!?:" else blocks
    return blocks


def _is_persian(text: str) -> bool:
    return sum(ord(c) in _ARABIC for c in text[:400]) > 0.5 * min(len(text), 400)
