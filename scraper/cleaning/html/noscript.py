"""Finds an article's text in `noscript`: some themes let a script show it."""

from __future__ import annotations

from scraper.cleaning.html.document import Document, Element, link_text_of, text_of, weight_of

_LEAST = 200
_MOST = 20


def reveal(page: Document) -> None:
    """Turn a `noscript` into a `div` if its paragraphs stand nowhere else on the page. Only the
    first twenty are looked at."""
    found = [e for e in page.tags["noscript"][:_MOST] if _holds_text(e)]
    whole = text_of(page.root) if found else ""
    for element in found:
        paragraph = next(p for p in element.iter("p") if len(text_of(p).strip()) > 1)
        if whole.count(text_of(paragraph).strip()) == 1:
            element.tag = "div"
            page.tags["noscript"].remove(element)
            page.tags["div"].append(element)


def _holds_text(element: Element) -> bool:
    paragraphs = [p for p in element.iter("p") if weight_of(p) > 1]
    weight = sum(map(weight_of, paragraphs))
    return len(paragraphs) > 1 and weight >= max(_LEAST, 2 * len(link_text_of(element)))
