"""Tells whether a page has much text outside the element that is called its content.

A theme may use the content's class for a teaser, or a stray end tag may close the content too
early, in a way that no rule covers. Such an article must at least have a flag (`doubtful_content`).
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
    """Whether the paragraphs behind the headline and outside `content` have more characters than
    70 % of `own`, the content's, and more than 250.

    What is in `beside` is outside the content. Boilerplate, list items, forms and paragraphs that
    are mostly links do not count.
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
