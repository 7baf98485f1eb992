"""Finds the text by its paragraphs, on a page whose theme gives no telling names."""

from __future__ import annotations

from collections import defaultdict

from scraper.cleaning.boilerplate.by_name import Boilerplate
from scraper.cleaning.html.document import Document, Element, length_of, link_text_of, text_of

_PARAGRAPH = 40
_MOST_OF_IT = 0.7
_REGIONS = frozenset(("article", "main", "body", "html"))


def densest(page: Document, boilerplate: Boilerplate, headline: Element | None) -> Element | None:
    """The element of most paragraph text, links not counted; None without a paragraph.

    Page builders put every paragraph into a box of its own. So the search goes on from the
    densest box outwards, up to the region that holds the headline too, and takes the
    smallest element with most of the text there.
    """
    paragraphs = _paragraphs(page, boilerplate)
    scores: dict[Element, float] = defaultdict(float)
    held: dict[Element, int] = defaultdict(int)
    for holder, weight in paragraphs:
        scores[holder] += weight
        if (above := holder.getparent()) is not None:
            scores[above] += weight / 2
        for element in (holder, *holder.iterancestors()):
            held[element] += weight
    if not scores:
        return None
    dense = max(scores, key=lambda e: (scores[e], -page.position[e]))
    around = [dense, *_below_headline(dense, headline)]
    return next(e for e in around if held[e] >= _MOST_OF_IT * held[around[-1]])


def _below_headline(dense: Element, headline: Element | None) -> list[Element]:
    """What stands around `dense`, as far as neither headline nor region is in it."""
    holders = {headline, *headline.iterancestors()} if headline is not None else set()
    around: list[Element] = []
    for above in dense.iterancestors() if dense not in holders else ():
        if above in holders or above.tag in _REGIONS:
            break
        around.append(above)
    return around


def _paragraphs(page: Document, boilerplate: Boilerplate) -> list[tuple[Element, int]]:
    """Elements that hold running text themselves or in a `p`, and how much."""
    found: list[tuple[Element, int]] = []
    for tag in ("p", "div", "td", "section"):
        for element in page.tags[tag]:
            weight = _own_weight(element) if tag != "p" else _paragraph_weight(element)
            if weight < _PARAGRAPH or boilerplate.is_foreign(element):
                continue
            holder = element.getparent() if tag == "p" else element
            if holder is not None:
                found.append((holder, weight))
    return found


def _paragraph_weight(element: Element) -> int:
    return length_of(text_of(element)) - length_of(link_text_of(element))


def _own_weight(element: Element) -> int:
    """Text that stands bare in an element, as in posts of one div with line breaks."""
    bare = (element.text or "") + "".join(child.tail or "" for child in element)
    return length_of(bare)
