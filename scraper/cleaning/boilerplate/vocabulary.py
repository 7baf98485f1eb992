"""Knows the words in which a page speaks of itself: print, comment, link, click, subscribe.

No list of phrases has them all: «نسخهٔ چاپی خبر» is «چاپ این مطلب» on the next site. So a short line
with no other words than those of by_phrase.toml is taken for a label or a call of the page, where
nothing of the article stands behind it. A sentence of an article has other words, too.

>>> is_the_pages("ارسال این خبر به دوستان")
True
>>> is_the_pages("ارسال کمک به زلزله‌زدگان")
False
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache

from archive.text.fold import fold
from scraper.cleaning import rules

_LONGEST, _MOST_WORDS, _LEAST_WORDS = 100, 14, 2
_WORD = re.compile(r"\w+")
_ENDING = re.compile("(?:هایی|های|ها|تان|یی|ی)$")


def is_the_pages(text: str, names: Set[str] = frozenset()) -> bool:
    """Whether a text is a line of two words or more that pages use of themselves.

    Of these one hardly means anything else («کلیک»), or a word for the page's text stands beside a
    call («این مطلب را ببینید») or beside what relates it to others («خبرهای مشابه»). A word may be
    one of the site's `names`, too, and there may be numbers.
    """
    if len(text) > _LONGEST:
        return False
    lists = _vocabulary()
    found = set()
    words = [word for word in _WORD.findall(fold(text)) if not word.isdecimal()]
    for word in words:
        kind = lists.get(word) or lists.get(_ENDING.sub("", word))
        if kind is None and word not in names:
            return False
        found.add(kind)
    if not _LEAST_WORDS <= len(words) <= _MOST_WORDS:
        return False
    return "strong" in found or ("own" in found and not found.isdisjoint(("calls", "relations")))


@cache
def _vocabulary() -> dict[str, str]:
    """Each word, folded, with the name of its list."""
    told: dict[str, list[str]] = rules.load("boilerplate/by_phrase")["vocabulary"]
    return {
        fold(word): kind for kind, lines in told.items() for line in lines for word in line.split()
    }
