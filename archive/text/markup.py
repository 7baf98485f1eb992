"""Markup in short texts out of the web, such as titles in a listing: read in time that grows no
faster than the text, and without an error."""

from __future__ import annotations

import html
import re

# A tag ends where the next begins; `5 < 6` begins none.
_TAG = re.compile(r"<(?:[a-zA-Z/!?][^<>]*)>")
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
