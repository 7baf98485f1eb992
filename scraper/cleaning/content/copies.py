"""Finds the second copy of a text that a theme prints twice, for wide and for narrow screens."""

from __future__ import annotations

from archive.text.fold import squash
from scraper.cleaning.html.text_blocks import TextBlock

_LEAST = 200
_SHARE = 0.3


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


def _run(said: list[str], begun: int, number: int) -> int:
    """How many blocks from `number` on are the same as those from `begun` on."""
    count = 0
    while number + count < len(said) and begun + count < number:
        if said[begun + count] != said[number + count]:
            break
        count += 1
    return count
