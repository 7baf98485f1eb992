"""An article whose text its site has told is proved by that, and read again where it lacks it.

read ── Witness: does it lack words? ── no ──▶ as it is
                    │ yes
         Guide: read where the content stands ── lacks none ──▶ that one
                    │ lacks some
         the better one, `incomplete`
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

# They say already that the page does not show the text, or not all of it.
_TOLD = frozenset((Flag.PROTECTED, Flag.SEVERAL_PAGES))
# Which of the flags are of the text that was read, and not of the page.
_OF_TEXT = frozenset((Flag.DOUBTFUL_CONTENT, Flag.SHORT, Flag.UNKNOWN_LAYOUT))
# Doubts that are none where the site's own words are what was read.
_DOUBTS = frozenset((Flag.DOUBTFUL_CONTENT, Flag.UNKNOWN_LAYOUT))
_PAGE = """<html><body class="single single-post"><article class="post type-post hentry">
<h1 class="entry-title">{}</h1><div class="entry-content">{}</div></article></body></html>"""


def proved(
    read: Callable[[Guide | None], Article],
    read_told: Callable[[bytes], Article],
    told: ListedContent,
    layout: Layout | None = None,
) -> Article:
    """The article that `read` gives, or what it gives by the guide of the content that was `told`,
    if that is the better one. `read_told` reads the content as a page of its own; `layout` is what
    the site's pages taught."""
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
    if witness.refutes(first):
        witness.trust(_text_of(read_told, told, first.title))
    if not witness.refutes(first):
        return first if witness.swells(first) else _certain(first)
    second = _second(read, witness, first)
    if second is None:
        # The text that was told may have been shortened since.
        return _flagged(first) if told.is_current else first
    return second if told.is_current and not witness.refutes(second) else _flagged(second)


def _second(
    read: Callable[[Guide | None], Article], witness: Witness, first: Article | None
) -> Article | None:
    """The reading by the guide of the content; None if it is no better than the `first`."""
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
        # Something else that stands between the headline and the text.
        found = replace(found, text=found.text[len(found.lead) :].lstrip("\n"), lead=None)
    if first.lead and not found.lead and squash(first.lead) not in squash(found.text):
        # No content has what a theme makes of a field of its own.
        found = replace(found, text=f"{first.lead}\n\n{found.text}", lead=first.lead)
    # The fields were read where the theme has them.
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
    """The content's text as the rules leave it."""
    try:
        return read_told(_PAGE.format(escape(title or ""), told.html).encode()).text
    except NotAnArticle:
        return ""


def _certain(article: Article) -> Article:
    """An article whose text is what the site told: where the page has it is no matter any more."""
    return replace(article, flags=tuple(flag for flag in article.flags if flag not in _DOUBTS))


def _flagged(article: Article) -> Article:
    return replace(article, flags=tuple(sorted({*article.flags, Flag.INCOMPLETE})))
