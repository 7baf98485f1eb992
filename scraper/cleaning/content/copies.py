"""Finds what a page says twice: a text for two widths of the screen, and a list of its subheads."""

from __future__ import annotations

import re

from archive.text.fold import fold, squash
from scraper.cleaning.boilerplate import prose
from scraper.cleaning.html.text_blocks import TextBlock

_LEAST = 200
_SHARE = 0.3
_LABEL = 60
# «آنچه می‌خوانید»
_READ = re.compile("خوانید|خواهید خواند")
_SPEAKS = re.compile(
    "فهرست|سرفصل|عناوین|محتوا|contents|این (?:نوشته|نوشتار|مطلب|مقاله|گزارش|متن|یادداشت)"
)


def repeated(blocks: list[TextBlock]) -> set[int]:
    """The numbers of the blocks that repeat earlier ones in the same order.

    A copy has at least two blocks in a row, 200 characters and 30 % of the whole text: a refrain,
    or a sentence that stands there twice, is none.
    """
    said = [squash(block.text) for block in blocks]
    whole = sum(map(len, said))
    first: dict[str, int] = {}
    gone: set[int] = set()
    number = 0
    while number < len(said):
        begun = first.setdefault(said[number], number)
        count = _run(said, begun, number) if begun < number else 0
        length = sum(map(len, said[number : number + count]))
        if count > 1 and length >= max(_LEAST, _SHARE * whole):
            gone.update(range(number, number + count))
        number += max(1, count)
    return gone


def contents(blocks: list[TextBlock]) -> set[int]:
    """The numbers of the items of tables of contents without links, and of the labels above them.

    Such a table has two items or more, which are subheads below it, in the same order, and a label
    that speaks of a text: the names of two winners may be subheads below them, too.
    """
    heads = {squash(b.text): n for n, b in enumerate(blocks) if b.kind == "head"}
    gone: set[int] = set()
    number = 0
    while number < len(blocks):
        end = number
        while end < len(blocks) and blocks[end].kind == "item":
            end += 1
        places = [heads.get(squash(block.text), -1) for block in blocks[number:end]]
        listed = len(places) > 1 and min(places) >= end and places == sorted(places)
        if listed and number and _is_label(blocks[number - 1].text):
            gone.update(range(number - 1, end))
        number = max(end, number + 1)
    return gone


def _is_label(text: str) -> bool:
    if len(text) > _LABEL or prose.ends_well(text):
        return False
    folded = fold(text)
    told = prose.introduces(text) and not _READ.search(folded)
    return not told and bool(_READ.search(folded) or _SPEAKS.search(folded))


def _run(said: list[str], begun: int, number: int) -> int:
    """How many blocks from `number` on are the same as those from `begun` on."""
    count = 0
    while number + count < len(said) and begun + count < number:
        if said[begun + count] != said[number + count]:
            break
        count += 1
    return count
