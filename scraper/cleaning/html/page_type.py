"""Tells what type of page it is: an article, a list, a product and so on.

WordPress says it in the classes of `body` (body_class()), SEO plugins in JSON-LD and `og:type`; a
front page or a contact page is known by its address. If none of them says it, a page of linked
headlines without paragraphs of its own is a list. A single class such as `page` may not come from
body_class(): other themes use it on an article's page, too.
"""

from __future__ import annotations

import re
from collections.abc import Set
from itertools import islice
from urllib.parse import unquote, urlsplit

from archive.errors import NotAnArticle
from archive.model import Hints
from archive.outcomes import Reason
from archive.text.fold import fold, squash
from scraper.blockpages import recognise
from scraper.cleaning import rules
from scraper.cleaning.html import outage
from scraper.cleaning.html.document import (
    Document,
    Element,
    length_of,
    link_text_of,
    text_of,
    weight_of,
)
from scraper.cleaning.html.head import Head
from scraper.cleaning.html.json_ld import ARTICLE_TYPES, JsonLd, string_of
from scraper.cleaning.repair import line

_PRODUCT_MARKS = (".single-product", ".product_title", ".single_add_to_cart_button")
_CROWD, _FEWER, _LINE, _PARAGRAPH = 5, 2, 25, 80
_MANY, _LINE_OF_LINK = 12, 15
_LISTED = 2
_FILE = re.compile(r"\.(?:html?|php|aspx?)$")
_FURTHER = re.compile(r"page/\d{1,6}")
_DATED = re.compile(
    r"(?:1[34]\d\d|20\d\d)/(?:0[1-9]|1[0-2])(?:/(?:0[1-9]|[12]\d|3[01]))?(?:/page/\d{1,6})?"
)
# How the headline of a list begins in WordPress's core, in Yoast's titles and in themes.
_ARCHIVE = re.compile(
    r"(?:دسته|دسته بندی|برچسب|نویسنده|سال|ماه|روز|category|tag|author|month|day|year)\s?:\s"
    r"|(?:(?:بایگانی|آرشیو)\s?(?:های|برای)?|نوشته\s?های)(?:\s[^\s؛:،.]+){1,3}\s?$"
    r"|نتایج جست\s?و?\s?جو|search results"
)
_AROUND = frozenset(("footer", "header", "nav", "aside", "form"))


def check(
    page: Document, head: Head, graph: JsonLd, hints: Hints, source: bytes, url: str | None = None
) -> None:
    """Raise `NotAnArticle` with its reason if the page is no article.

    `source` is the page in UTF-8, `url` its address.
    """
    single = _is_single(head)
    if not single and not _is_told(page, hints) and (block := recognise(source)):
        raise NotAnArticle(Reason.CHALLENGE, block.name)
    headlines = _headlines(head, graph)
    declared = len(headlines) == 1
    outage.check(page, head, hints, source, single, headlines)
    reason = (
        _by_body_class(head, hints, declared)
        or _by_address(url, head, hints, declared)
        or _by_schema(page, head, graph, hints)
    )
    if reason and reason != "article":
        raise NotAnArticle(reason)


def _is_told(page: Document, hints: Hints) -> bool:
    """Whether a heading of the page is the title that a listing gave: no block page has it."""
    told = squash(hints.title or hints.known_title or "")
    return bool(told) and any(
        squash(text_of(h)) == told for t in ("h1", "h2") for h in page.tags[t]
    )


def _is_single(head: Head) -> bool:
    return "single" in head.body_classes or "single-post" in head.body_classes


def _headlines(head: Head, graph: JsonLd) -> frozenset[str]:
    """The headlines of the articles that the metadata describe, squashed (archive.text.fold).

    An article's page has one, a list may have several; none if the metadata call the page a list.
    """
    if not graph.types.isdisjoint(rules.load("html/page_types")["schema"][Reason.LIST]):
        return frozenset()
    told = [string_of(node.get("headline")) for node in graph.of_type(ARTICLE_TYPES)]
    if not told and "article:published_time" in head.meta:
        told = [head.first("og:title") or head.title]
    return frozenset(squash(line(text or "")) for text in told)


def _by_body_class(head: Head, hints: Hints, declared: bool) -> str | None:
    rule = rules.load("html/page_types")
    classes = head.body_classes
    if classes.intersection(rule["body"][Reason.ERROR_PAGE]):
        return Reason.ERROR_PAGE
    post_type = head.post_type()
    if _is_single(head) or (post_type and "page" not in classes):
        return _by_type(post_type, hints)
    declared = declared or (head.first("og:type") or "").lower() == "article"
    for reason in (Reason.ATTACHMENT, Reason.LIST, Reason.PAGE):
        if named := classes.intersection(rule["body"][reason]):
            if declared and reason != Reason.ATTACHMENT and _is_lone(named, classes):
                continue
            # A static page is an article where the listing was asked for pages.
            return "article" if reason == Reason.PAGE == hints.post_type else reason
    if any(token.startswith("postid-") for token in classes):
        return "article"
    return None


def _is_lone(named: Set[str], classes: Set[str]) -> bool:
    """Whether a class of body_class() stands there without the one that WordPress prints with it:
    `page` comes with `page-id-2`, `category` with `category-7`."""
    word, *more = named
    beside = re.compile(re.escape(word) + r"-(?:id-)?\d+$")
    return not more and not any(map(beside.match, classes))


def _by_address(url: str | None, head: Head, hints: Hints, declared: bool) -> str | None:
    """The type of a page by its address, if no post can have that address."""
    if not url or hints.post_id is not None or hints.title is not None:
        return None
    if not declared and _is_query_of_lists(url):
        return Reason.LIST
    parts = _parts_of(url)
    if parts is None:
        return None
    if not parts:
        # An article that was saved under the site's address has its own in the canonical link.
        canonical = head.links.get("canonical")
        return None if canonical and _parts_of(canonical) else Reason.LIST
    rule = rules.load("html/page_types")["address"]
    if declared:
        return None
    if parts[0] in rule[Reason.LIST] or _is_dated_list(parts):
        return Reason.LIST
    # «/دسته/ده/» lists posts, «/دسته/ده/آسیاب/» may be one.
    if parts[0] in rule["short"] and len(parts) <= _LISTED:
        return Reason.LIST
    name = _FILE.sub("", parts[0])
    return Reason.PAGE if len(parts) == 1 and name in rule[Reason.PAGE] else None


def _is_query_of_lists(url: str) -> bool:
    """Whether an address is that of the front page with a query that lists posts: `/?s=باران`."""
    path, _, query = url.partition("?")
    names = {pair.partition("=")[0] for pair in query.partition("#")[0].split("&")}
    rule = rules.load("html/page_types")["address"]
    # Any other name may be that of a post.
    lists = names - {name for name in names if name.startswith("utm_") or name in rule["aside"]}
    return bool(lists) and lists.issubset(rule["queries"]) and _parts_of(path) == []


def _is_dated_list(parts: list[str]) -> bool:
    """Whether a path lists the posts of a month or a day (`/1404/06/`), or is a further page of the
    front page or of such a list. A post's number may stand behind its month."""
    path = "/".join(parts)
    return bool(_FURTHER.fullmatch(path) or _DATED.fullmatch(path))


def _parts_of(url: str) -> list[str] | None:
    """The parts of an address's path, without a language or `index.php` at its beginning; None if
    the address is broken or has a query."""
    try:
        found = urlsplit(url)
    except ValueError:
        return None
    if found.query:
        return None
    rule = rules.load("html/page_types")["address"]
    parts = [unquote(part).casefold() for part in found.path.split("/") if part]
    begins = bool(parts) and (parts[0] in rule["languages"] or parts[0] in rule["index"])
    return parts[1:] if begins else parts


def _by_type(post_type: str | None, hints: Hints) -> str:
    name = post_type or hints.post_type
    for reason, names in rules.load("html/page_types")["types"].items():
        if name in names and name != hints.post_type:
            return str(reason)
    return "article"


def _by_schema(page: Document, head: Head, graph: JsonLd, hints: Hints) -> str | None:
    """The type of a page whose theme prints no body class."""
    rule = rules.load("html/page_types")["schema"]
    types = graph.types
    og_type = (head.first("og:type") or "").lower()
    if types & ARTICLE_TYPES and not types.intersection(rule[Reason.LIST]):
        return "article"
    if og_type.startswith("product") or types.intersection(rule[Reason.PRODUCT]):
        return Reason.PRODUCT
    if any(page.find(mark) for mark in _PRODUCT_MARKS):
        return Reason.PRODUCT
    for reason in (Reason.LIST, Reason.PAGE):
        if types.intersection(rule[reason]):
            return reason
    if hints.post_id is not None or og_type in ("article", "news", "blog"):
        return "article"
    return Reason.LIST if _looks_like_a_list(page) else None


def _looks_like_a_list(page: Document) -> bool:
    """Five or more cards with linked headlines, or many links as long as headlines, and no
    paragraph outside them."""
    return _holds_cards(page) or _holds_links(page)


def _holds_links(page: Document) -> bool:
    """Whether the page is a list of links: twelve or more as long as headlines, hardly any other
    text, and no headline that is not a link."""
    links = [link for link in page.tags["a"] if length_of(text_of(link)) > _LINE_OF_LINK]
    headed = any(length_of(text_of(h)) > length_of(link_text_of(h)) for h in page.tags["h1"])
    if len(links) < _MANY or headed:
        return False
    said = [e for tag in ("p", "div", "li", "td", "span") for e in page.tags[tag] if _says(e)]
    apart = [e for e in said if not any(a.tag in _AROUND for a in e.iterancestors())]
    return sum(length_of(e.text or "") for e in apart) < _PARAGRAPH


def _says(element: Element) -> bool:
    """Whether an element has a line of text of its own, in no link."""
    if length_of(element.text or "") <= _LINE:
        return False
    return not any(above.tag == "a" for above in element.iterancestors())


def _holds_cards(page: Document) -> bool:
    cards = {
        above
        for tag in ("h2", "h3", "h4")
        for headline in page.tags[tag]
        if headline.find(".//a") is not None or _is_link(headline.getparent())
        for above in _card(headline)
    }
    if len(cards) < (_FEWER if _is_titled_archive(page) else _CROWD):
        return False
    outside = [e for e in page.tags["p"] if not any(a in cards for a in e.iterancestors())]
    return sum(weight_of(e) for e in outside if weight_of(e) > _LINE) < _PARAGRAPH


def _is_titled_archive(page: Document) -> bool:
    return any(_ARCHIVE.match(fold(text_of(h))) for h in page.tags["h1"][:1])


def _card(headline: Element) -> list[Element]:
    """The card of a headline, in a list: the widest element around it without a second headline.
    Empty if there is none."""
    held: list[Element] = []
    for above in headline.iterancestors():
        if len(list(islice(above.iter("h2", "h3", "h4"), 2))) > 1 or above.tag in ("body", "main"):
            break
        held.append(above)
    return held[-1:]


def _is_link(element: Element | None) -> bool:
    return element is not None and element.tag == "a"
