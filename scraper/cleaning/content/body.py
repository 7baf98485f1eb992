"""The article's text: the blocks of the content that the rules and trafilatura leave."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import NamedTuple

from archive.text.fold import squash
from scraper.cleaning.boilerplate import by_phrase, teasers
from scraper.cleaning.content import by_trafilatura, credit_lines
from scraper.cleaning.content.main_content import MainContent
from scraper.cleaning.html.document import Element
from scraper.cleaning.html.text_blocks import TextBlock, blocks_of
from scraper.cleaning.layout.layout import Layout

_ARABIC = re.compile("[\u0600-\u06ff]")
_LETTER = re.compile(r"[^\W_\u0640]")
_SLOGAN = 60
_OPENING = 6
_LEAST = 0.25


class Body(NamedTuple):
    """The blocks in page order; the end marker; the sources its last and first lines credit."""

    blocks: list[TextBlock]
    marker: str | None
    source: str | None
    opening: str | None


NOTHING = Body([], None, None, None)


def read(
    root: MainContent,
    passed: Set[Element],
    title: str | None,
    sayings: Set[str],
    host: str,
    layout: Layout | None = None,
) -> Body:
    """The content's blocks without boilerplate; the tree is taken apart by the last step.

    `sayings` are the site's names and slogan, squashed: as a block they are boilerplate; `host`
    is the site's, by which a link to another of its posts is known; `layout` knows what it always
    says.
    """
    blocks = blocks_of(root.element, passed)
    repeated = {squash(title or "")} | sayings
    blocks = [b for n, b in enumerate(blocks) if not (n < 4 and squash(b.text) in repeated)]
    blocks = _without_slogan(_without_echo(blocks))
    blocks, marker, source = credit_lines.cut(blocks)
    blocks = layout.unsaid(blocks) if layout else blocks
    blocks = _without(blocks, by_phrase.dropped(blocks, root.element))
    blocks = _without(blocks, teasers.dropped(blocks, host, root.element))
    if source is None or marker is None:
        # Boilerplate behind them may have hidden the last lines.
        blocks, late_marker, late_source = credit_lines.cut(blocks)
        marker, source = marker or late_marker, source or late_source
    blocks = [b for b in blocks if b.kind == "pre" or _is_worded(b.text)]
    doubtful = {n for n, b in enumerate(blocks) if not root.known or _is_paid(b, n, len(blocks))}
    if doubtful and not (layout and root.known):
        # Asking costs as much as all the rest, so only where the answer counts.
        kept = _trusted(by_trafilatura.kept_text(root.element, passed), blocks)
        gone = {n for n in doubtful if not _is_kept(blocks[n], kept, root.known)}
        blocks = _without(blocks, gone)
    return Body(blocks, marker, source, credit_lines.opening_source(blocks))


def _trusted(kept: str | None, blocks: list[TextBlock]) -> str | None:
    """trafilatura's answer, unless it found next to nothing where there is text."""
    whole = sum(len(by_trafilatura.unspaced(block.text)) for block in blocks)
    return kept if kept is not None and len(kept) >= _LEAST * whole else None


def _without(blocks: list[TextBlock], gone: Set[int]) -> list[TextBlock]:
    return [block for number, block in enumerate(blocks) if number not in gone]


def _is_worded(text: str) -> bool:
    return bool(_LETTER.search(text) or squash(text))


def _is_paid(block: TextBlock, number: int, count: int) -> bool:
    """A short last paragraph that is little more than links, in a known content element.

    Every other block stays there whatever trafilatura says, which drops tabs, bare text and
    short paragraphs.
    """
    return (
        number > count - 6 and block.kind == "text" and len(block.text) < 120 and block.share > 0.5
    )


def _is_kept(block: TextBlock, kept: str | None, known: bool) -> bool:
    """Whether trafilatura keeps a block; where it was not asked, only known content stays."""
    if kept and by_trafilatura.unspaced(block.text) in kept:
        return True
    return (kept is None and not known) or not _is_worded(block.text)


def _without_echo(blocks: list[TextBlock]) -> list[TextBlock]:
    """Drop a lead that stands twice at the head: in the theme's box and in the text."""
    first: dict[str, int] = {}
    for number, block in enumerate(blocks[:_OPENING]):
        if len(block.text) >= _SLOGAN and first.setdefault(squash(block.text), number) != number:
            return blocks[:number] + blocks[number + 1 :]
    return blocks


def _without_slogan(blocks: list[TextBlock]) -> list[TextBlock]:
    """Drop a short Latin line at the head of a Persian text: a slogan, a logo's text."""
    first = blocks[0] if len(blocks) > 1 else None
    if first is None or len(first.text) >= _SLOGAN or not first.text.isascii():
        return blocks
    if first.kind not in ("text", "head") or first.text[-1:] in ".!?:":
        return blocks
    worded = any(character.isalpha() for character in first.text)
    return blocks[1:] if worded and _is_persian(blocks[1:]) else blocks


def _is_persian(blocks: list[TextBlock]) -> bool:
    sample = " ".join(block.text for block in blocks)[:400]
    return len(_ARABIC.findall(sample)) > 0.5 * len(sample)
