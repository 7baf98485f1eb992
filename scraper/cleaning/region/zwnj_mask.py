"""Protects half-spaces (U+200C) from trafilatura, which deletes them.

Its `return_printables_and_spaces()` keeps only what `str.isprintable()` allows, and U+200C is a
format character: «می‌گویند» would become «میگویند». So every half-space and joiner (U+200D) is
replaced by a printable character that no text has, and put back afterwards.
"""

from __future__ import annotations

from lxml import etree

from scraper.cleaning.html.document import Element

# Unicode's word separator middle dot and Cyrillic multiocular O: printable, and in no news text.
_MASKS = (("\u200c", "\u2e31"), ("\u200d", "\ua66e"))


def raise_shield(root: Element) -> None:
    """Replace half-spaces and joiners in every text below `root` by their masks, in place."""
    for element in root.iter(etree.Element):
        if (text := element.text) and ("\u200c" in text or "\u200d" in text):
            element.text = _masked(text)
        if (tail := element.tail) and ("\u200c" in tail or "\u200d" in tail):
            element.tail = _masked(tail)


def lower_shield(text: str) -> str:
    """`text` with its half-spaces and joiners put back."""
    for character, mask in _MASKS:
        text = text.replace(mask, character)
    return text


def _masked(text: str) -> str:
    for character, mask in _MASKS:
        text = text.replace(character, mask)
    # lxml reads control characters from a page but refuses to set them again.
    return "".join(c for c in text if c >= " " or c in "\t\r\n")
