"""Finds the boxes of the article's text among the elements with a class name for it.

A name is evidence, not proof: it may also be on a fragment that was pasted into a paragraph, on
other posts below this one, or on several boxes of this post.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile

from scraper.cleaning.boilerplate.by_name import Boilerplate
from scraper.cleaning.boilerplate.holds import is_card
from scraper.cleaning.html.document import (
    HEADINGS,
    Document,
    Element,
    length_of,
    link_text_of,
    weight_of,
)
from scraper.cleaning.region.weights import PROSE

ENOUGH = 25
_SPILLED, _STRAY = 200, 40
_POSTS = frozenset(("hentry", "type-post"))
_PASTED = HEADINGS | frozenset(("p", "blockquote", "span", "a", "b", "strong", "em", "i", "font"))
_EDITORS = ("wp-", "has-", "align", "Mso")
_ENDS = frozenset(("article", "nav", "aside", "form", "footer", "header", "section"))


def best(
    page: Document,
    boilerplate: Boilerplate,
    headline: Element | None,
    selectors: Iterable[str],
    weight: Callable[[Element], int],
) -> list[Element]:
    """The box with most text among the elements that `selectors` name, with further boxes of the
    same selector that belong to the same post, in page order; empty if there is none.

    Of two nested boxes with about the same text it is the inner one. `weight` is weight_of().
    """
    names = {e: selector for selector in selectors for e in page.find(selector)}
    own = {e: weight(e) for e in names if not boilerplate.is_foreign(e)}
    own = own or {element: weight(element) for element in names}
    own = {e: w for e, w in own.items() if not _is_pasted(e, w, weight)}
    own = {e: w for e, w in own.items() if not _is_anothers(e, headline)}
    own = _under(headline, own, page)
    if not own:
        return []
    most = max(own.values())
    chosen = max(
        (e for e, held in own.items() if held >= 0.9 * most), key=page.position.__getitem__
    )
    alike = [e for e, held in own.items() if held >= ENOUGH and names[e] == names[chosen]]
    alike = [e for e in alike if _is_further_box(e, chosen)]
    return sorted([chosen, *alike], key=page.position.__getitem__)


def around(boxes: list[Element], page: Document) -> tuple[Element, frozenset[Element]]:
    """The smallest element around the boxes, and what in it is no part of the text."""
    if len(boxes) == 1:
        return boxes[0], frozenset()
    held = set(boxes)
    common = next(e for e in boxes[0].iterancestors() if all(_is_in(box, e) for box in boxes))
    above = set(common.iterancestors())
    ways = {e for box in boxes for e in box.iterancestors() if e not in above and e is not common}
    first, last = page.position[boxes[0]], page.position[boxes[-1]]
    beside = {
        child
        for level in (common, *ways)
        for child in level
        if child not in held
        and child not in ways
        and not (first < page.position[child] < last and _is_prose(child))
    }
    return common, frozenset(beside)


def spilled(page: Document, boilerplate: Boilerplate, box: Element) -> list[Element]:
    """What was written behind `box`, if a stray end tag closed the box too early; else nothing."""
    found: list[Element] = []
    for behind in box.itersiblings():
        if behind.tag in _ENDS or boilerplate.is_foreign(behind):
            break
        if behind not in boilerplate.matched and _is_editors(behind):
            found.append(behind)
    prose = sum(weight_of(e) for e in found if e.tag in ("p", "blockquote", "ul", "ol"))
    return found if prose >= (_STRAY if page.stray else _SPILLED) else []


def _is_pasted(element: Element, own: int, weight: Callable[[Element], int]) -> bool:
    """Whether a box is only a fragment in a paragraph or a quotation."""
    quotes = [e for e in element.iterancestors() if e.tag == "blockquote"]
    inner = quotes[-1] if quotes else element
    if inner.tag not in _PASTED and (above := inner.getparent()) is not None:
        inner = above
    if inner.tag not in _PASTED:
        return False
    holder = next((e for e in inner.iterancestors() if e.tag not in PROSE), None)
    return holder is not None and own * 2 < weight(holder)


def _is_anothers(element: Element, headline: Element | None) -> bool:
    """Whether a box is, or stands in, the card of another post: the headline is not in it."""
    if headline is None:
        return False
    own = {headline, *headline.iterancestors()}
    return any(is_card(e) for e in takewhile(lambda e: e not in own, _with_ancestors(element)))


def _with_ancestors(element: Element) -> Iterator[Element]:
    yield element
    yield from element.iterancestors()


def _under(headline: Element | None, own: dict[Element, int], page: Document) -> dict[Element, int]:
    """The boxes of this page's post: in the headline's article, or before the next `h1`."""
    if headline is None:
        return own
    article = next((e for e in headline.iterancestors() if _is_post(e)), None)
    within = {e: w for e, w in own.items() if article is not None and _is_in(e, article)}
    if not within and headline.tag == "h1":
        name, start = headline.get("class"), page.position[headline]
        heads = [e for e in page.tags["h1"] if page.position[e] > start and e.get("class") == name]
        loose = [e for e in heads if not any(above in own for above in e.iterancestors())]
        end = min((page.position[e] for e in loose), default=None)
        within = {e: w for e, w in own.items() if end is not None and page.position[e] < end}
    return within if max(within.values(), default=0) >= ENOUGH else own


def _is_further_box(element: Element, chosen: Element) -> bool:
    """Whether an element goes on with the text of `chosen`: no other post, nothing nested."""
    if element is chosen or _is_in(element, chosen) or _is_in(chosen, element):
        return False
    return not (
        _is_teaser(element)
        or any(map(_is_apart, _apart_from(element, chosen)))
        or any(map(_is_apart, _apart_from(chosen, element)))
    )


def _apart_from(element: Element, other: Element) -> list[Element]:
    """The ancestors of `element` that are not around `other`."""
    holders = set(other.iterancestors())
    return [above for above in element.iterancestors() if above not in holders]


def _is_apart(element: Element) -> bool:
    """Whether an element is a post or a card of its own."""
    return _is_post(element) or element.tag == "li" or _is_teaser(element)


def _is_post(element: Element) -> bool:
    return element.tag == "article" or not _POSTS.isdisjoint(element.get("class", "").split())


def _is_teaser(element: Element) -> bool:
    """Whether an element begins with a headline of its own: one that is a link, or an `h1`."""
    first = next(element.iter("h1", "h2", "h3", "h4", "p"), None)
    if first is None or first.tag == "p":
        return False
    above = first.getparent()
    linked = next(first.iter("a"), None) is not None or (above is not None and above.tag == "a")
    return linked or first.tag == "h1"


def _is_editors(element: Element) -> bool:
    names = element.get("class", "").split()
    return (
        element.tag in PROSE
        and element.get("id") is None
        and all(name.startswith(_EDITORS) for name in names)
        and _is_prose(element)
    )


def _is_prose(element: Element) -> bool:
    linked = length_of(link_text_of(element))
    return element.tag in PROSE and linked <= weight_of(element)


def _is_in(element: Element, holder: Element) -> bool:
    return any(above is holder for above in element.iterancestors())
