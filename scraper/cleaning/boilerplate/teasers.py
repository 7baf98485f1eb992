"""Finds teasers: blocks that are nothing but a link to another post of the same site.

Editors and plugins put them between and below the paragraphs, one by one or as a list under a
label, and often without a class name for it. A whole sentence that is a link is the article's own,
and so is a list that a sentence announces.
"""

from __future__ import annotations

import re

from archive.text.fold import fold
from scraper.cleaning.boilerplate import prose
from scraper.cleaning.boilerplate.by_name import opens
from scraper.cleaning.boilerplate.links import host_of
from scraper.cleaning.html.document import Element, length_of
from scraper.cleaning.html.text_blocks import TextBlock

_LINKED = 0.8
_LONGEST = 250
_LABEL = 60
_MOST = 0.4
_SENTENCE = 6
_NAME = 3
_NUMBERED = re.compile(r"\W*(?:\d+\s+)?(?:\d+|یک|دو|سه|چهار|پنج|شش|هفت|هشت|نه|ده)\s*[.:)–-]")
_WHOLE = 0.9
_ANNOUNCED = re.compile(
    r"[^:|]{0,60}?(?<!\w)(?:بخوانید|ببینید|بشنوید|مرتبط|مشابه|همچنین|پیشنهاد|مطالعه|خواندنی|دیدنی)"
    r"[^:|]{0,20}[:|](?P<rest>.+)$",
    re.DOTALL,
)
_FILES = (".pdf", ".zip", ".docx", ".doc", ".xlsx", ".mp3", ".mp4", ".jpg", ".png")
_TARGET = re.compile(r"#(?!comment|respond|reply)\S")


def dropped(blocks: list[TextBlock], host: str, root: Element) -> set[int]:
    """The numbers of the teasers and of the labels above them.

    It is empty if they are more than 40 % of the text: then the article is a list of links. `host`
    is the site's, `root` the element of the content.
    """
    found = {number for number, block in enumerate(blocks) if _is_teaser(block, host)}
    found -= _announced(blocks, found) | {n for n in found if _is_subhead(blocks, n)}
    last = next((n for n in range(len(blocks) - 1, -1, -1) if _goes_on(blocks, n, found)), -1)
    found -= {n for n in found if n < last and _is_sentence(blocks[n])}
    whole = sum(len(block.text) for block in blocks)
    if sum(len(blocks[number].text) for number in found) > _MOST * whole:
        return set()
    labels = {n - 1 for n in found if n - 1 not in found and n and _is_label(blocks, n - 1, root)}
    return found | labels


def _announced(blocks: list[TextBlock], found: set[int]) -> set[int]:
    """The items of lists of links that a sentence announces: «در این پرونده … آمده است:»."""
    kept: set[int] = set()
    for number in sorted(found):
        above = number - 1
        begins = above >= 0 and above not in found and prose.introduces(blocks[above].text)
        if blocks[number].kind == "item" and (begins or above in kept):
            kept.add(number)
    return kept


def _is_subhead(blocks: list[TextBlock], number: int) -> bool:
    """Whether a linked line heads the paragraph below it: a person's name, a numbered item of a
    list. A headline has more words."""
    block, below = blocks[number], blocks[number + 1] if number + 1 < len(blocks) else None
    if below is None or below.kind not in ("text", "item") or below.share > _LINKED:
        return False
    if not (block.kind == "head" or block.strong) or not prose.is_told(below.text):
        return False
    return len(block.text.split()) <= _NAME or bool(_NUMBERED.match(block.text))


def _goes_on(blocks: list[TextBlock], number: int, found: set[int]) -> bool:
    """Whether a block is prose of the article, and no teaser."""
    return number not in found and prose.is_told(blocks[number].text)


def _is_sentence(block: TextBlock) -> bool:
    """Whether a block is a sentence; a headline has no full stop at its end."""
    if block.kind != "text" or not block.text.rstrip().endswith("."):
        return False
    return len(block.text.split()) >= _SENTENCE and prose.is_told(block.text)


def _is_teaser(block: TextBlock, host: str) -> bool:
    if len(block.text) > _LONGEST or block.kind in ("row", "pre"):
        return False
    if block.share <= _LINKED and not _is_announced(block):
        return False
    if all(href.startswith("#") for href in block.hrefs) and _opens(block):
        return False
    # A subhead with a link to itself, as plugins for tables of contents write it.
    if block.kind == "head" and all(map(_TARGET.search, block.hrefs)):
        return False
    return bool(block.hrefs) and all(_leads_home(href, host) for href in block.hrefs)


def _is_announced(block: TextBlock) -> bool:
    """Whether a link that is all the rest of a block stands behind a call to read it: «در این باره
    بخوانید: …»."""
    found = _ANNOUNCED.match(fold(block.text))
    if found is None or len(found["rest"].split()) < _NAME:
        return False
    return block.linked >= _WHOLE * length_of(found["rest"])


def _opens(block: TextBlock) -> bool:
    """Whether a block is a heading that opens the text below it: a tab's, an accordion's."""
    return block.kind == "head" or opens(block.holder)


def _leads_home(href: str, host: str) -> bool:
    address = href.strip().lower()
    if leads_to_file(address) or address.startswith(("mailto:", "tel:")):
        return False
    return host_of(address) in ("", host)


def leads_to_file(href: str) -> bool:
    """Whether a link leads to a file to be downloaded, such as a PDF."""
    place = href.lower().partition("?")[0].partition("#")[0]
    return "/wp-content/" in place or ("/" in place and place.endswith(_FILES))


def _is_label(blocks: list[TextBlock], number: int, root: Element) -> bool:
    """Whether a short line above a teaser is its label: a heading, or a line in the same box."""
    block, below = blocks[number], blocks[number + 1]
    if len(block.text) > _LABEL or block.text[-1:] in ".!؟»" or prose.introduces(block.text):
        return False
    # A source in a list of sources stands above another one.
    if block.share > _LINKED:
        return False
    if block.kind == "head" or block.text[-1:] in ":：":
        return True
    for box in (block.holder, block.holder.getparent()):
        if box is None or box is root:
            return False
        if below.holder is box or box in below.holder.iterancestors():
            return True
    return False
