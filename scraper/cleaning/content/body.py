"""Reads the article's text: the blocks of the content without boilerplate and credit lines."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from archive.text.fold import fold, squash
from scraper.cleaning.boilerplate import by_phrase, evidence, links, prose, teasers
from scraper.cleaning.content import copies, credit_lines
from scraper.cleaning.fields.opening_source import opening_source
from scraper.cleaning.html.document import HEADINGS, Element
from scraper.cleaning.html.text_blocks import TextBlock, blocks_of
from scraper.cleaning.region import by_trafilatura
from scraper.cleaning.region.weights import paragraphs_of

if TYPE_CHECKING:
    from scraper.cleaning.layout.layout import Layout

_ARABIC = re.compile("[\u0600-\u06ff]")
_LETTER = re.compile(r"[^\W_\u0640]")
# What may stand before the site's own address on a line of its own: «🌐 https://khabar.example».
_ADDRESS = re.compile(r"^\W*(?:https?://)?(?:www\.)?\W*|[\s/]*$")
# Behind the host in WordPress's short address of a post.
_SHORT_PART = re.compile(r"/?\?p=\d+$")
_ACCOUNT = re.compile(r"[^\w@]*(?:@[A-Za-z0-9_]{4,32}[^\w@]*){1,3}$")
# What a script would fill in: «{{ comment.count }}».
_UNFILLED = re.compile(r"\{\{[^{}]*\}\}")
_HANDLE = re.compile(r"@[A-Za-z0-9_]{4,32}(?!\w)")
_ENDING = 5
# So much may stand between the links of a breadcrumb: «شما اینجا هستید».
_PATH = 30
_DOWNLOAD = re.compile(r"\W*(?:دانلود|دریافت|download)")
_SLOGAN = 60
_OPENING = 6
_FIRST = 4
# So many lines of the page call for another look, so many times at most.
_MANY, _PASSES = 4, 4
_LEAST = 0.25


class Body(NamedTuple):
    """The blocks in page order, and the end marker. `source` and `opening` are the sources that the
    last and the first lines credit. `halved`: the rules removed more than half of the paragraphs,
    which they should not."""

    blocks: list[TextBlock]
    marker: str | None
    source: str | None
    opening: str | None
    halved: bool = False


NOTHING = Body([], None, None, None)


def read(
    root: Element,
    passed: Set[Element],
    title: str | None,
    sayings: Set[str],
    host: str,
    layout: Layout | None = None,
) -> Body:
    """The content's blocks without boilerplate. The last step may change the tree.

    `passed` are the elements to pass over. `sayings` are the site's names and slogans, squashed: as
    a block they are boilerplate. `host` is the site's: by it a link to another of its posts is
    known. `layout` has the blocks that the site repeats.
    """
    blocks = blocks_of(root, passed)
    repeated = {squash(title or "")} | sayings
    blocks = [b for n, b in enumerate(blocks) if not (n < _FIRST and squash(b.text) in repeated)]
    blocks[:_FIRST] = [_without_title_line(block, repeated) for block in blocks[:_FIRST]]
    blocks = [b for n, b in enumerate(blocks) if not (n < _FIRST and _is_path(b, title, host))]
    blocks = _without(blocks, copies.repeated(blocks))
    blocks = _without(blocks, copies.contents(blocks))
    blocks = _without_slogan(_without_echo(blocks))
    # What a house says of itself below a post of one line may be the longer of the two.
    blocks = layout.unsaid(blocks) if layout else blocks
    whole = paragraphs_of(blocks)
    blocks, marker, source = credit_lines.cut(blocks)
    last = len(blocks) - _ENDING
    names = {*sayings, squash(host.partition(".")[0])}
    blocks = [b for n, b in enumerate(blocks) if n < last or not _is_signed(b, host, names)]
    blocks[-_ENDING:] = [_without_signature(block, host, names) for block in blocks[-_ENDING:]]
    for _ in range(_PASSES):
        gone = by_phrase.dropped(blocks, root, names)
        blocks = _without(blocks, gone)
        # Behind so many lines of the page the text ends elsewhere than it seemed.
        if len(gone) < _MANY:
            break
    blocks = _without(blocks, teasers.dropped(blocks, host, root))
    if source is None or marker is None:
        # Boilerplate may have stood behind the last lines.
        blocks, late_marker, late_source = credit_lines.cut(blocks)
        marker, source = marker or late_marker, source or late_source
    blocks = [b for b in blocks if b.kind == "pre" or _is_worded(_UNFILLED.sub("", b.text))]
    paid = {n for n, b in enumerate(blocks) if _is_paid(b, n, len(blocks))}
    # With a layout, what the site repeats is gone already.
    if paid and layout is None:
        # trafilatura takes as long as all the rest, so it is asked only if its answer counts.
        kept = _trusted(by_trafilatura.kept_text(root, passed), blocks)
        blocks = _without(blocks, {n for n in paid if not _is_kept(blocks[n], kept)})
    while len(blocks) > 1 and _heads_nothing(blocks[-1], root, passed):
        del blocks[-1]
    halved = paragraphs_of(blocks) * 2 < whole
    return Body(blocks, marker, source, opening_source(blocks), halved)


def _heads_nothing(block: TextBlock, root: Element, passed: Set[Element]) -> bool:
    """Whether a last block is the heading of a box with a list of posts that was left out."""
    head = block.holder
    if block.kind != "head" or len(block.text) > _SLOGAN or head.getparent() is root:
        return False
    below = evidence.next_below(head, root)
    if below is None or below not in passed or prose.is_told(block.text):
        return False
    # A signature may be written as a heading, and a list may have one of its own.
    first = next(below.iter(*HEADINGS), None)
    return next(below.iter("a"), None) is not None and (
        first is None or next(first.iter("a"), None) is not None
    )


def _trusted(kept: str | None, blocks: list[TextBlock]) -> str | None:
    """trafilatura's answer; None if it has less than a quarter of the text."""
    whole = sum(len(by_trafilatura.unspaced(block.text)) for block in blocks)
    return kept if kept is not None and len(kept) >= _LEAST * whole else None


def _without(blocks: list[TextBlock], gone: Set[int]) -> list[TextBlock]:
    return [block for number, block in enumerate(blocks) if number not in gone]


def _is_worded(text: str) -> bool:
    return bool(_LETTER.search(text) or squash(text))


def _is_paid(block: TextBlock, number: int, count: int) -> bool:
    """Whether a block may be a paid link: one of the last five, short, and mostly link text.

    Every other block stays whatever trafilatura says, which drops tabs, text without a tag of its
    own, subheads and short paragraphs.
    """
    return (
        number > count - 6
        and block.kind == "text"
        and len(block.text) < 120
        and block.share > 0.5
        and not _is_file(block)
    )


def _is_signed(block: TextBlock, host: str, names: Set[str]) -> bool:
    """Whether a block is a line as those that sign a text which is copied from a messenger."""
    return block.kind == "text" and "\n" not in block.text and _signs(block.text, host, names)


def _signs(line: str, host: str, names: Set[str]) -> bool:
    """Whether a line has nothing but the site's address, or its short one, or an account, perhaps
    with one of the site's `names`: «🆔 @khabar»."""
    own = bool(host) and _SHORT_PART.sub("", _ADDRESS.sub("", line).lower()) == host
    if own or _ACCOUNT.match(line):
        return True
    rest = _HANDLE.sub("", line)
    return rest != line and squash(rest) in names


def _without_signature(block: TextBlock, host: str, names: Set[str]) -> TextBlock:
    """The block without its last lines, behind line breaks, that are the page's: hashtags, an
    account, a call to the site's channel."""
    lines = block.text.split("\n")
    if block.kind != "text" or len(lines) < 2:
        return block
    kept = len(lines)
    while kept and (
        not _is_worded(lines[kept - 1])
        or _signs(lines[kept - 1], host, names)
        or by_phrase.is_notice(lines[kept - 1], names)
    ):
        kept -= 1
    # Dots or stars alone may end a verse, and «نشانی او:» announces an account.
    cut = kept and lines[kept - 1][-1:] not in ":：" and any(map(_is_worded, lines[kept:]))
    return replace(block, text="\n".join(lines[:kept]).rstrip()) if cut else block


def _is_file(block: TextBlock) -> bool:
    """Whether a block is the name of a file that goes with the article, and no button for one."""
    button = _DOWNLOAD.match(fold(block.text))
    return not button and any(map(teasers.leads_to_file, block.hrefs))


def _is_kept(block: TextBlock, kept: str | None) -> bool:
    """Whether trafilatura keeps a block, or gave no answer that counts."""
    return not kept or by_trafilatura.unspaced(block.text) in kept or not _is_worded(block.text)


def _is_path(block: TextBlock, title: str | None, host: str) -> bool:
    """Whether a block is a breadcrumb: links from the front page to this one, and the title."""
    if not block.hrefs or not links.is_front(block.hrefs[0], host):
        return False
    own = squash(title or "")
    rest = len(block.text) * (1 - block.share)
    rest -= len(title or "") if own and squash(block.text).endswith(own) else 0
    below = block.hrefs[1:]
    filed = all(links.is_filing(href) or links.is_listing(href) for href in below)
    return filed and bool(below) and rest <= _PATH


def _without_echo(blocks: list[TextBlock]) -> list[TextBlock]:
    """The blocks without the copy of a lead that stands twice among the first ones."""
    first: dict[str, int] = {}
    for number, block in enumerate(blocks[:_OPENING]):
        if len(block.text) >= _SLOGAN and first.setdefault(squash(block.text), number) != number:
            return blocks[:number] + blocks[number + 1 :]
    return blocks


def _without_title_line(block: TextBlock, repeated: Set[str]) -> TextBlock:
    """The block without its first line, if that is the title: a line break ended it."""
    first, found, rest = block.text.partition("\n")
    return replace(block, text=rest) if found and squash(first) in repeated else block


def _without_slogan(blocks: list[TextBlock]) -> list[TextBlock]:
    """The blocks without a short Latin line above a Persian text: a slogan, a logo's text."""
    first = blocks[0] if len(blocks) > 1 else None
    if first is None or len(first.text) >= _SLOGAN or not first.text.isascii():
        return blocks
    if first.kind not in ("text", "head") or first.text[-1:] in ".!?:":
        return blocks
    # If more subheads are in Latin letters, it is one of the article's: a name of what is reviewed.
    if any(b.kind == "head" and b.text.isascii() for b in blocks[1:]):
        return blocks
    worded = any(character.isalpha() for character in first.text)
    return blocks[1:] if worded and _is_persian(blocks[1:]) else blocks


def _is_persian(blocks: list[TextBlock]) -> bool:
    sample = " ".join(block.text for block in blocks)[:400]
    return len(_ARABIC.findall(sample)) > 0.5 * len(sample)
