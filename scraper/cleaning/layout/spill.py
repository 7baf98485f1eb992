"""Finds text that stands behind its place: a stray `</div>` in a post closes the place too early.

The rest of the post then follows as plain paragraphs, without the theme's classes and IDs.
"""

from __future__ import annotations

from typing import NamedTuple

from scraper.cleaning.html.document import Element, link_text_of, text_of

_BARE = frozenset(("p", "h2", "h3", "h4", "blockquote", "ul", "ol", "figure", "table", "br", "hr"))
_LEVELS = 3
_PROSE = 60


class Spill(NamedTuple):
    """`around` holds the place and the text behind it; `beside` are its other children."""

    around: Element
    beside: set[Element]


def spilled(root: Element) -> Spill | None:
    """The text that stands behind `root`, the element of the place; None if there is none."""
    inner = root
    for _ in range(_LEVELS):
        around = inner.getparent()
        if around is None or inner.tag == "body":
            return None
        run = _run(inner)
        if any(map(_is_prose, run)):
            return Spill(around, set(around) - {inner, *run})
        inner = around
    return None


def _run(element: Element) -> list[Element]:
    """The elements without class and ID that follow an element directly."""
    run = []
    for following in element.itersiblings():
        if following.tag not in _BARE or following.get("class") or following.get("id"):
            break
        run.append(following)
    return run


def _is_prose(element: Element) -> bool:
    if element.tag not in ("p", "blockquote"):
        return False
    text = " ".join(text_of(element).split())
    return len(text) >= _PROSE and 3 * len(link_text_of(element)) < len(text)
