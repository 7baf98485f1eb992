"""Reads the text of a headline, a name or a caption with the gaps that a browser shows.

A browser shows a gap at a line break, at a block and between two elements side by side, even if
there is no blank in the markup. Elements that only change letters make none: `<b>پر</b>رنگ` is one
word.
"""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from scraper.cleaning.html.document import Element
from scraper.cleaning.html.text_blocks import BLOCK_TAGS
from scraper.cleaning.repair import line

# Tags that only change how letters look, and tags of what stands beside a text.
_STYLES = frozenset(
    ("b", "i", "u", "em", "strong", "font", "mark", "big", "sup", "sub", "bdi", "wbr")
)
_BESIDE = frozenset(("small", "button", "label"))
_NONE: frozenset[Element] = frozenset()


class Fragment(NamedTuple):
    """Text between two tags. `gap` is what separates it from the piece before: a line feed, a blank
    or nothing."""

    gap: str
    text: str


class _Reader:
    """Collects the pieces, each with the widest gap between it and the one before."""

    def __init__(self, passed: Set[Element]) -> None:
        self.passed = passed
        self.pieces: list[Fragment] = []
        self.gap = ""
        self.left = False

    def read(self, element: Element) -> None:
        self.add(element.text)
        for child in element:
            self.cross(child, False)
            if child not in self.passed:
                self.read(child)
            self.cross(child, True)
            self.add(child.tail)

    def cross(self, element: Element, leaving: bool) -> None:
        """Note the gap at an element's start or end; two elements side by side have a blank."""
        if element.tag == "br" or element.tag in BLOCK_TAGS:
            self.gap = "\n"
        elif element.tag in _BESIDE or (self.left and not leaving and element.tag not in _STYLES):
            self.gap = self.gap or " "
        if element.tag not in _STYLES:
            self.left = leaving

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(Fragment(self.gap, text))
            self.gap, self.left = "", False


def pieces_of(element: Element, passed: Set[Element] = _NONE) -> list[Fragment]:
    """The pieces of an element in page order, without the elements in `passed`."""
    if not len(element):
        return [Fragment("", element.text)] if element.text else []
    reader = _Reader(passed)
    reader.read(element)
    return reader.pieces


def joined(pieces: list[Fragment]) -> str:
    """The pieces with their gaps, on one line."""
    return line("".join(gap + text for gap, text in pieces))


def line_of(element: Element, passed: Set[Element] = _NONE) -> str:
    """The text of an element on one line, without the elements in `passed`."""
    return joined(pieces_of(element, passed))


def lines_of(element: Element) -> list[str]:
    """The text of an element in the lines that a browser shows."""
    whole = "".join(gap + " ".join(text.split("\n")) for gap, text in pieces_of(element))
    return [text for part in whole.split("\n") if (text := line(part))]
