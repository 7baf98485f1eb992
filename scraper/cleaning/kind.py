"""What kind of page it is; only articles become articles.

WordPress says it in `body_class()`, SEO plugins in JSON-LD and `og:type`. Where nobody says
it, a page with several headlines that link elsewhere and no body of its own is a list.
"""

from __future__ import annotations

from archive.errors import NotAnArticle
from archive.model import Hints
from scraper.cleaning import rules
from scraper.cleaning.fold import fold
from scraper.cleaning.head import Head
from scraper.cleaning.linked import ARTICLE_TYPES, Graph
from scraper.cleaning.page import Page, length_of, link_text_of, text_of

_SILENT = ("script", "style", "noscript", "template")
_PRODUCT_MARKS = (".single-product", ".product_title", ".single_add_to_cart_button")
_LISTED = (".hentry", ".type-post", ".post-item", ".jeg_post", ".td_module_wrap", ".loop-item")


def check(page: Page, head: Head, graph: Graph, hints: Hints, source: bytes) -> None:
    """Raise `NotAnArticle` with its reason when the page is no article."""
    if hints.protected:
        raise NotAnArticle("protected", "the listing says so")
    _check_interstitial(page, head, source)
    reason = _by_body_class(head, hints) or _by_schema(page, head, graph, hints)
    if reason and reason != "article":
        raise NotAnArticle(reason)


def _check_interstitial(page: Page, head: Head, source: bytes) -> None:
    """Challenges and error pages are small; the cheap tests stand first."""
    rule = rules.load("kinds")
    error, challenge = rule["error"], rule["challenge"]
    if head.body_id in error["body_id"]:
        raise NotAnArticle("error-page", head.title)
    title = fold(head.title)
    error_title = any(title.startswith(fold(text)) for text in error["title"])
    error_mark = any(page.find(token) for token in error["tokens"])
    challenge_title = any(title.startswith(fold(text)) for text in challenge["title"])
    marked = any(text.encode() in source for text in challenge["source"])
    if not (error_title or error_mark or challenge_title or marked):
        return
    length = _visible(page)
    if (challenge_title or marked) and length < challenge["most"] and not _is_single(head):
        raise NotAnArticle("challenge", head.title)
    if (error_title or error_mark) and length < error["most"] and not _is_single(head):
        raise NotAnArticle("error-page", head.title)


def _is_single(head: Head) -> bool:
    return "single" in head.body_classes or "single-post" in head.body_classes


def _by_body_class(head: Head, hints: Hints) -> str | None:
    rule = rules.load("kinds")
    classes = head.body_classes
    if classes.intersection(rule["body"]["error-page"]):
        return "error-page"
    post_type = head.post_type()
    if _is_single(head) or (post_type and "page" not in classes):
        return _by_type(post_type, hints)
    for reason in ("attachment", "list", "page"):
        if classes.intersection(rule["body"][reason]):
            # A static page is an article where the listing was asked for pages.
            return "article" if reason == "page" == hints.post_type else reason
    if any(token.startswith("postid-") for token in classes):
        return "article"
    return None


def _by_type(post_type: str | None, hints: Hints) -> str:
    name = post_type or hints.post_type
    for reason, names in rules.load("kinds")["types"].items():
        if name in names and name != hints.post_type:
            return str(reason)
    return "article"


def _by_schema(page: Page, head: Head, graph: Graph, hints: Hints) -> str | None:
    """The kind of a page whose theme prints no body class."""
    rule = rules.load("kinds")["schema"]
    types = graph.types
    og_type = (head.first("og:type") or "").lower()
    if types & ARTICLE_TYPES and not types.intersection(rule["list"]):
        return "article"
    if og_type.startswith("product") or types.intersection(rule["product"]):
        return "product"
    if any(page.find(mark) for mark in _PRODUCT_MARKS):
        return "product"
    if types.intersection(rule["list"]):
        return "list"
    if hints.post_id is not None or og_type in ("article", "news", "blog"):
        return "article"
    return "list" if _looks_like_a_list(page, og_type) else None


def _looks_like_a_list(page: Page, og_type: str) -> bool:
    listed = max(len(page.find(token)) for token in _LISTED)
    articles = len(page.tags["article"])
    paragraphs = [e for e in page.tags["p"] if length_of(text_of(e)) > 60]
    long_text = sum(length_of(text_of(e)) - length_of(link_text_of(e)) for e in paragraphs)
    headlines = [
        e for tag in ("h2", "h3", "h4") for e in page.tags[tag] if e.find(".//a") is not None
    ]
    crowded = max(listed, articles, len(headlines)) >= 5
    if crowded and long_text < 600 and not page.tags["h1"]:
        return True
    return og_type == "website" and crowded and long_text < 1500


def _visible(page: Page) -> int:
    silent = sum(length_of(text_of(e)) for tag in _SILENT for e in page.tags[tag])
    return length_of(text_of(page.root)) - silent
