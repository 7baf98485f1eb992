"""What type of page it is: an article, a list, a product and so on.

WordPress says it in `body_class()`, SEO plugins in JSON-LD and `og:type`. Where none of them says
it, a page with several headlines that link elsewhere and no body of its own is a list.
"""

from __future__ import annotations

from archive.errors import NotAnArticle
from archive.model import Hints
from archive.outcomes import Reason
from scraper.blockpages import recognise
from scraper.cleaning import rules
from scraper.cleaning.html import outage
from scraper.cleaning.html.document import Document, Element, weight_of
from scraper.cleaning.html.head import Head
from scraper.cleaning.html.json_ld import ARTICLE_TYPES, JsonLd

_PRODUCT_MARKS = (".single-product", ".product_title", ".single_add_to_cart_button")
_CROWD, _LINE, _PARAGRAPH = 5, 25, 80


def check(page: Document, head: Head, graph: JsonLd, hints: Hints, source: bytes) -> None:
    """Raise `NotAnArticle` with its reason when the page is no article."""
    single = _is_single(head)
    if not single and (block := recognise(source)):
        raise NotAnArticle(Reason.CHALLENGE, block.name)
    outage.check(page, head, hints, source, single)
    reason = _by_body_class(head, hints) or _by_schema(page, head, graph, hints)
    if reason and reason != "article":
        raise NotAnArticle(reason)


def _is_single(head: Head) -> bool:
    return "single" in head.body_classes or "single-post" in head.body_classes


def _by_body_class(head: Head, hints: Hints) -> str | None:
    rule = rules.load("html/page_types")
    classes = head.body_classes
    if classes.intersection(rule["body"][Reason.ERROR_PAGE]):
        return Reason.ERROR_PAGE
    post_type = head.post_type()
    if _is_single(head) or (post_type and "page" not in classes):
        return _by_type(post_type, hints)
    for reason in (Reason.ATTACHMENT, Reason.LIST, Reason.PAGE):
        if classes.intersection(rule["body"][reason]):
            # A static page is an article where the listing was asked for pages.
            return "article" if reason == Reason.PAGE == hints.post_type else reason
    if any(token.startswith("postid-") for token in classes):
        return "article"
    return None


def _by_type(post_type: str | None, hints: Hints) -> str:
    name = post_type or hints.post_type
    for reason, names in rules.load("html/page_types")["types"].items():
        if name in names and name != hints.post_type:
            return str(reason)
    return "article"


def _by_schema(page: Document, head: Head, graph: JsonLd, hints: Hints) -> str | None:
    """The kind of a page whose theme prints no body class."""
    rule = rules.load("html/page_types")["schema"]
    types = graph.types
    og_type = (head.first("og:type") or "").lower()
    if types & ARTICLE_TYPES and not types.intersection(rule[Reason.LIST]):
        return "article"
    if og_type.startswith("product") or types.intersection(rule[Reason.PRODUCT]):
        return Reason.PRODUCT
    if any(page.find(mark) for mark in _PRODUCT_MARKS):
        return Reason.PRODUCT
    if types.intersection(rule[Reason.LIST]):
        return Reason.LIST
    if hints.post_id is not None or og_type in ("article", "news", "blog"):
        return "article"
    return Reason.LIST if _looks_like_a_list(page) else None


def _looks_like_a_list(page: Document) -> bool:
    """Five or more cards with linked headlines, and no paragraph outside them."""
    cards = {
        above
        for tag in ("h2", "h3", "h4")
        for headline in page.tags[tag]
        if headline.find(".//a") is not None or _is_link(headline.getparent())
        for above in _card(headline)
    }
    if len(cards) < _CROWD:
        return False
    outside = [e for e in page.tags["p"] if not any(a in cards for a in e.iterancestors())]
    return sum(weight_of(e) for e in outside if weight_of(e) > _LINE) < _PARAGRAPH


def _card(headline: Element) -> list[Element]:
    """What a headline stands in, up to the element that holds a second headline."""
    held: list[Element] = []
    for above in headline.iterancestors():
        if len(list(above.iter("h2", "h3", "h4"))) > 1 or above.tag in ("body", "main"):
            break
        held.append(above)
    return held[-1:]


def _is_link(element: Element | None) -> bool:
    return element is not None and element.tag == "a"
