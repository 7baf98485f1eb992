"""Finds what a page says twice: a text for two widths of the screen, and a list of its subheads."""

from __future__ import annotations

from archive.text.fold import squash
from scraper.cleaning.boilerplate import prose
from scraper.cleaning.html.text_blocks import TextBlock

_LEAST = 200
_SHARE = 0.3
_LABEL = 60


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

    Such a table has two items or more, which are subheads below it, in the same order. A list that
    a sentence announces is the author's own.
    """
    heads = {squash(b.text): n for n, b in enumerate(blocks) if b.kind == "head"}
    gone: set[int] = set()
    number = 0
    while number < len(blocks):
        end = number
        while end < len(blocks) and blocks[end].kind == "item":
            end += 1
        places = [heads.get(squash(block.text), -1) for block in blocks[number:end]]
        told = number > 0 and prose.introduces(blocks[number - 1].text)
        if len(places) > 1 and min(places) >= end and places == sorted(places) and not told:
            gone.update(range(number, end))
            if number and _is_label(blocks[number - 1]):
                gone.add(number - 1)
        number = max(end, number + 1)
    return gone


def _is_label(block: TextBlock) -> bool:
    return len(block.text) <= _LABEL and not prose.ends_well(block.text)


def _run(said: list[str], begun: int, number: int) -> int:
    """How many blocks from `number` on are the same as those from `begun` on."""
    count = 0
    while number + count < len(said) and begun + count < number:
        if said[begun + count] != said[number + count]:
            break
        count += 1
    return count
