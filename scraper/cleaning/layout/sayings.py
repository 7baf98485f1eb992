"""A site's sayings, which are blocks that it repeats on its pages, and a text without them."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from scraper.cleaning.html.text_blocks import TextBlock
from scraper.cleaning.layout.sample import key_of, lines_of

_MOST = 0.25


class Sayings(NamedTuple):
    """The keys (layout.sample.key_of) of the site's sayings: those that no post's content holds
    (`outside`), those on most pages (`always`), those on many (`often`)."""

    outside: frozenset[str] = frozenset()
    always: frozenset[str] = frozenset()
    often: frozenset[str] = frozenset()

    def over(self, older: Sayings) -> Sayings:
        """These and the `older` ones."""
        return Sayings(*(said | before for said, before in zip(self, older, strict=True)))

    def without(self, blocks: list[TextBlock]) -> list[TextBlock]:
        """The blocks, and the lines in them, that are not sayings."""
        if not any(self):
            return blocks
        lines = [line for block in blocks for line in lines_of(block)]
        gone = self._among(lines)
        if not gone:
            return blocks
        left = iter([None if n in gone else line for n, line in enumerate(lines)])
        kept = [(block, [next(left) for _ in lines_of(block)]) for block in blocks]
        return [_joined(block, said) for block, said in kept if any(said)]

    def _among(self, blocks: list[TextBlock]) -> set[int]:
        """The numbers of the blocks that are sayings, never all blocks of a post. Several that are
        only said `often` must not be more than a quarter of the text."""
        keys = [key_of(block.text) for block in blocks]
        sure = {n for n, key in enumerate(keys) if key in self.outside or key in self.always}
        likely = {n for n, key in enumerate(keys) if key in self.often} - sure
        whole = sum(len(block.text) for n, block in enumerate(blocks) if n not in sure)
        size = sum(len(blocks[n].text) for n in likely)
        # A single one may be more: below a post of one sentence it is half of the text.
        if len(likely) > 1 and size > _MOST * whole:
            likely = set()
        for gone in (sure | likely, sure):
            if len(gone) < len(blocks):
                return gone
        return {n for n in sure if keys[n] in self.outside}


def _joined(block: TextBlock, lines: list[TextBlock | None]) -> TextBlock:
    said = [line.text for line in lines if line]
    return block if len(said) == len(lines) else replace(block, text="\n".join(said))
