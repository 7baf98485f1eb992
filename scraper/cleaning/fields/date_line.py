"""Reads the line that a date stands in, with the time of day beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TypeGuard

from archive.text.fold import fold
from scraper.cleaning.clock import CLOCK
from scraper.cleaning.html.document import Element, length_of, text_of

# A meta line has no more elements in it.
_FEW = 20
_LENGTHS = re.compile("duration|length")
_LONE_CLOCK = re.compile(rf"(?P<label>ساعت\s*:?\s*)?(?:{CLOCK.pattern})")
_WRAPPED, _ICONS = 3, 3
# Classes of a time of day, and of the icon before it.
_CLOCKS = frozenset(
    (
        "time", "date", "hour", "clock", "saat", "post-time", "entry-time", "news-time",
        "publish-time", "date-time", "fa-clock", "fa-clock-o",
        "elementor-post-info__item--type-time",
    )
)  # fmt: skip


def is_small(element: Element | None) -> TypeGuard[Element]:
    """Whether an element has few children, as a meta line has: reading a large one for every date
    would take long."""
    return element is not None and next(islice(element, _FEW, None), None) is None


def said_in(element: Element) -> str:
    """The text of a date, with blanks between the elements of day, month and year, and without the
    length of a film."""
    text = _line_of(element)
    for part in element.iterdescendants():
        if _LENGTHS.search(part.get("class", "")):
            text = text.replace(_line_of(part), "", 1).strip()
    return text


def _line_of(element: Element) -> str:
    return " ".join(" ".join(map(str, element.itertext())).split())


def with_clock(element: Element, text: str) -> str:
    """A date with the time of day that stands in the element before or behind it, if a class says
    so; a film has a length there, too."""
    if CLOCK.search(fold(text)):
        return text
    for beside in _neighbours_of(element):
        if not is_small(beside) or not (found := _LONE_CLOCK.fullmatch(fold(said_in(beside)))):
            continue
        inside = islice(beside.iterdescendants(), _FEW)
        names = " ".join(e.get("class", "") for e in (beside, *inside)).split()
        if found["label"] or not _CLOCKS.isdisjoint(names) or not (names or element.get("class")):
            return f"{text} {said_in(beside)}"
    return text


def _neighbours_of(element: Element) -> Iterator[Element]:
    """What stands before and behind an element, or behind the box that holds only the element."""
    yield from _beside(element)
    for above in islice(element.iterancestors(), _WRAPPED):
        # A box around many elements is no wrapper, and reading it for each of them takes long.
        if len(above) > _ICONS or length_of(text_of(above)) != length_of(text_of(element)):
            return
        yield from _beside(above)


def _beside(element: Element) -> Iterator[Element]:
    return (one for one in (element.getnext(), element.getprevious()) if one is not None)
