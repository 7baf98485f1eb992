"""Markup out of the web, such as titles in a listing: read in time that grows no faster than the
text, and without an error."""

from __future__ import annotations

import html
import re

# A tag ends where the next begins; `5 < 6` begins none.
_TAG = re.compile(r"<(?:[a-zA-Z/!?][^<>]*)>")
MAX_ATTRIBUTES = 1000
"""The time lxml takes for one tag grows with the square of its attributes (20,000 take 3 s, 200,000
over a minute), and no page needs a thousand."""
# Attributes as HTML has them: a name, perhaps a value, quoted or not. Every repeat is
# possessive, so the search is linear in the page; sets without \s are looked up in a table. Most
# attributes are like a="b", and most tags have fewer than three: written first, these are fast.
_ATTRIBUTE = (
    rb"[ \t-\r/]++[^ \t-\r/>=]++(?:=\"[^\"]*+\""
    rb"|[ \t-\r]*+=[ \t-\r]*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t-\r\"'>][^ \t-\r>]*+))?+"
)
_FIRST = 3
LADEN_TAG = re.compile(
    rb"<[a-zA-Z][^ \t-\r/>]*+"
    + _FIRST * _ATTRIBUTE
    + rb"(?:%s){%d}" % (_ATTRIBUTE, MAX_ATTRIBUTES + 1 - _FIRST)
)
"""A tag with more attributes than that, in bytes."""
LONGEST_TITLE = 10_000
"""Characters of a title that are looked at; what is longer is none."""


def unescaped(text: str) -> str:
    """`text` without HTML's escapes; as it is if one is a number longer than Python reads.

    >>> unescaped("A &amp; B"), unescaped(f"&#{'9' * 5000};")[:4]
    ('A & B', '&#99')
    """
    try:
        return html.unescape(text)
    except ValueError:
        return text


def plain(markup: str) -> str:
    """A title without its tags and escapes.

    >>> plain("<b>5 < 6</b> &amp; more")
    '5 < 6 & more'
    """
    return unescaped(_TAG.sub("", markup[:LONGEST_TITLE])).strip()
