"""Finds sections of readers' comments, if no class name shows them.

A reader's words are no worse than an article's, so only what stands around them tells: a label such
as «نظرات کاربران (۲)», and a link to answer below each comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set

from archive.text.fold import fold
from scraper.cleaning.html.document import Element, text_of

_REPLY = re.compile(r"\W*(?:پاسخ|پاسخ دادن|پاسخ به این (?:نظر|دیدگاه)|reply)\W*$")
_LABEL = re.compile(
    r"\W*(?:\d+ (?:نظر|دیدگاه|کامنت|comments?)"
    r"|(?:نظرات|دیدگاه ?ها|کامنت ?ها|نظر ?ها|comments)ی?"
    r"(?: (?:کاربران|بینندگان|خوانندگان|مخاطبان|شما|این (?:خبر|مطلب)))?\W*\d*)\W*$"
)
_LONGEST, _SIGN = 40, 30


def sections_of(
    root: Element, kept: Set[Element], is_word: Callable[[Element], bool]
) -> set[Element]:
    """The sections of comments inside `root`, with their labels; none of them is in `kept`.

    `is_word` tells whether a link is a word of a sentence, and thus no button.
    """
    found: set[Element] = set()
    seen: set[Element] = set()
    for link in root.iterdescendants("a"):
        text = _whole(link).strip()
        if len(text) <= _SIGN and _REPLY.match(fold(text)) and not is_word(link):
            found.update(_section(link, root, kept, seen))
    return found


def _section(link: Element, root: Element, kept: Set[Element], seen: set[Element]) -> list[Element]:
    """The section around a link to answer; `seen` are boxes that other links have tried."""
    for box in link.iterancestors():
        if box is root or box in kept or box in seen:
            return []
        seen.add(box)
        if _is_label(_opening(box)):
            return [box]
        above = box.getprevious()
        if above is not None and above not in kept and _is_label(_whole(above)):
            return [above, box]
    return []


def _opening(box: Element) -> str:
    return next((str(text) for text in box.itertext() if text.strip()), "")


def _whole(element: Element) -> str:
    """The text of an element, if it may be a label: one of a few letters."""
    return text_of(element) if len(element) <= 2 else ""


def _is_label(text: str) -> bool:
    return len(text.strip()) <= _LONGEST and _LABEL.match(fold(text.strip())) is not None
