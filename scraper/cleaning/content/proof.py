"""Compares an article with a listing's content, and reads it again if words are missing.

    read ── does it lack words (Witness)? ── no ──▶ this article
                       │ yes
    read again where the content stands (Guide) ── lacks none ──▶ that article
                       │ lacks some
    the better one of the two, flagged `incomplete`

A second reading gives the text, the lead and the credit lines; the other fields stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from archive.errors import NotAnArticle
from archive.model import Article
from archive.outcomes import Flag, Reason
from archive.text.fold import squash
from archive.warc.listed_content import ListedContent
from scraper.cleaning.content.guide import Guide
from scraper.cleaning.content.witness import Witness, prose_of

if TYPE_CHECKING:
    from scraper.cleaning.layout.layout import Layout

# With one of these flags it is known that the page does not have all of the text.
_TOLD = frozenset((Flag.PROTECTED, Flag.SEVERAL_PAGES))
# These flags come from the text that was read, the others from the page.
_OF_TEXT = frozenset((Flag.DOUBTFUL_CONTENT, Flag.SHORT, Flag.UNKNOWN_LAYOUT))
# These flags go if the text that was read is the site's own.
_DOUBTS = frozenset((Flag.DOUBTFUL_CONTENT, Flag.UNKNOWN_LAYOUT))
_PAGE = """<html><body class="single single-post"><article class="post type-post hentry">
<h1 class="entry-title">{}</h1><div class="entry-content">{}</div></article></body></html>"""


def proved(
    read: Callable[[Guide | None], Article],
    read_told: Callable[[bytes], Article],
    told: ListedContent,
    layout: Layout | None = None,
) -> Article:
    """The article that `read` gives without a guide, or by the guide of the content `told`, if that
    one is better. `read_told` reads the content as a page of its own; `layout` is what the site's
    pages taught.

    Raises `NotAnArticle` if `read` does, unless the page seemed empty and the guide finds the text.
    """
    witness = Witness(prose_of(told.html, layout))
    try:
        first = read(None)
    except NotAnArticle as error:
        second = _second(read, witness, None) if error.reason == Reason.EMPTY else None
        if second is None:
            raise
        return second
    if not _TOLD.isdisjoint(first.flags):
        return first
    refuted = witness.refutes(first)
    if refuted:
        witness.trust(_text_of(read_told, told, first.title))
        refuted = witness.refutes(first)
    if not refuted:
        return first if witness.swells(first) else _certain(first)
    second = _second(read, witness, first)
    if second is None:
        # The text may have been shortened since the listing gave it.
        return _flagged(first) if told.is_current else first
    return second if told.is_current and not witness.refutes(second) else _flagged(second)


def _second(
    read: Callable[[Guide | None], Article], witness: Witness, first: Article | None
) -> Article | None:
    """The article that `read` gives by the guide; None if it is no better than the `first`."""
    guide = Guide(witness.paragraphs)
    try:
        found = read(guide)
    except NotAnArticle:
        return None
    if witness.swells(found) or not found.text:
        return None
    if first is None:
        return None if witness.refutes(found) else found
    if witness.missed(found) >= witness.missed(first):
        return None
    if found.lead and found.lead != first.lead and not guide.tells(found.lead):
        # It is something else that stands between the headline and the text.
        found = replace(found, text=found.text[len(found.lead) :].lstrip("\n"), lead=None)
    if first.lead and not found.lead and squash(first.lead) not in squash(found.text):
        # The theme made the lead from a custom field, which is in no content.
        found = replace(found, text=f"{first.lead}\n\n{found.text}", lead=first.lead)
    # The other fields were read at their places in the theme.
    return replace(
        first,
        text=found.text,
        lead=found.lead,
        language=found.language,
        source=found.source or first.source,
        end_marker=found.end_marker,
        flags=tuple(sorted(_OF_TEXT & {*found.flags} | {*first.flags} - _OF_TEXT)),
    )


def _text_of(read_told: Callable[[bytes], Article], told: ListedContent, title: str | None) -> str:
    """The content's text without what the rules remove; empty if nothing is left."""
    try:
        return read_told(_PAGE.format(escape(title or ""), told.html).encode()).text
    except NotAnArticle:
        return ""


def _certain(article: Article) -> Article:
    """The article without flags of doubt about the place of its text: it is the site's own text."""
    return replace(article, flags=tuple(flag for flag in article.flags if flag not in _DOUBTS))


def _flagged(article: Article) -> Article:
    return replace(article, flags=tuple(sorted({*article.flags, Flag.INCOMPLETE})))
