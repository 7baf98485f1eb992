"""Counts an article's comments, as far as its page tells."""

from __future__ import annotations

import re

from archive.text.fold import fold
from archive.text.numbers import number_of
from scraper.cleaning import rules
from scraper.cleaning.html.document import Document, Element, text_of
from scraper.cleaning.html.json_ld import JsonLd, Node

_COUNT = re.compile(
    r"(?:^|\s)\(?(\d{1,6}|یک|بدون|هیچ|no|one)\)?\s*(?:دیدگاه|نظر|کامنت|پاسخ|comment|thought|repl|response)"
    r"|(?:دیدگاه ها|دیدگاهها|نظرات|comments)\s*[:(]?\s*(\d{1,6})|^\(?(\d{1,6})\)?$"
)
_WORDS = {"یک": 1, "one": 1, "بدون": 0, "هیچ": 0, "no": 0}


def count(page: Document, node: Node | None, graph: JsonLd, region: Element | None) -> int | None:
    """The number in JSON-LD (`commentCount`), else in a counter, else the number of comments on the
    page; None if there are none to count, or only a page of them. `region` is the element that
    holds headline and content."""
    for holder in (node, graph.web_page()):
        told = number_of(str(holder.get("commentCount", ""))) if holder else None
        if told is not None and told >= 0:
            return told
    for element in page.find_any(rules.load("fields/fields")["comments"]):
        if _is_anothers(element, region):
            continue
        if found := _COUNT.search(fold(text_of(element))[:120]):
            text = next(group for group in found.groups() if group)
            return _WORDS[text] if text in _WORDS else int(text)
    shown = [e for e in page.find(".comment") if e.tag in ("li", "article", "div")]
    ids = {
        e.get("id") for e in shown if (e.get("id") or "").startswith(("comment-", "li-comment-"))
    }
    # If comments are split into pages, these are not all of them.
    paged = next(page.find_any(rules.load("fields/fields")["comment_pages"]), None) is not None
    return (len(ids) or None) if not paged else None


def _is_anothers(element: Element, region: Element | None) -> bool:
    """Whether a counter stands on another post's card."""
    cards = [above for above in element.iterancestors() if above.tag == "article"]
    return (
        bool(cards)
        and region is not None
        and region not in cards
        and region not in cards[0].iterancestors()
        and cards[0] not in region.iterancestors()
    )
