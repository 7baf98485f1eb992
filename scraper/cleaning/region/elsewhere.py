"""Looks whether a page has as much text outside the named content as in it.

A theme may give the content's name to a teaser, or a stray end tag may close its box, in a way
that no other rule knows. Such a text must at least bear a flag.
"""

from __future__ import annotations

from scraper.cleaning.boilerplate.by_name import Boilerplate
from scraper.cleaning.html.document import Document, Element, length_of, link_text_of, text_of
from scraper.cleaning.region.weights import PARAGRAPH

_LEAST = 250
_SHARE = 0.7


def is_much(
    page: Document,
    boilerplate: Boilerplate,
    headline: Element | None,
    content: Element,
    beside: frozenset[Element],
    own: int,
) -> bool:
    """Whether paragraphs behind the headline and outside `content` hold most of its `own` weight.

    What a rule knows for boilerplate does not count, nor what stands in another post's box.
    """
    start = page.position.get(headline, -1) if headline is not None else -1
    limit = max(_LEAST, _SHARE * own)
    found = 0
    for paragraph in page.tags["p"]:
        if page.position[paragraph] < start:
            continue
        above = [paragraph, *paragraph.iterancestors()]
        if content in above and beside.isdisjoint(above):
            continue
        text = text_of(paragraph)
        if len(text) < PARAGRAPH or length_of(link_text_of(paragraph)) * 2 > length_of(text):
            continue
        if boilerplate.is_foreign(paragraph):
            continue
        if not any(e in boilerplate.matched or e.tag in ("form", "li") for e in above):
            found += length_of(text)
        if found > limit:
            return True
    return False
