"""The authors: their display names, never a login name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.text.fold import fold, squash
from scraper.cleaning import rules
from scraper.cleaning.boilerplate.by_name import Boilerplate
from scraper.cleaning.html.document import Document, text_of
from scraper.cleaning.html.head import Head
from scraper.cleaning.html.json_ld import JsonLd, Node, string_of
from scraper.cleaning.repair import line

_LABEL = re.compile(
    r"^(?:نویسنده|خبرنگار|گزارشگر|نوشته(?:\s?شده)?(?: توسط)?|توسط|به قلم|از|by|author)\s*[:：]?\s+",
    re.IGNORECASE,
)
# The text of a link to an author's other posts.
_CALL = re.compile("ببینید|بخوانید|همه نوشته|view all|all posts|posts by")
_LOGIN = re.compile(r"[a-z0-9._@-]+$")
_NOBODY = frozenset(
    squash(name)
    for name in ("admin", "administrator", "مدیر", "مدیر سایت", "مدیریت", "ادمین", "root", "user")
)
_WRITTEN_BY = frozenset(
    squash(label) for label in ("Written by", "نوشته شده توسط", "نویسنده", "نوشته‌شده به‌دست")
)
_LONGEST = 80


def find(
    page: Document,
    head: Head,
    graph: JsonLd,
    boilerplate: Boilerplate,
    node: Node | None,
    names: list[str],
) -> tuple[str, ...]:
    """Display names of the authors; empty rather than a login or the site's own name."""
    sites = {squash(name) for name in names}
    for texts in _rungs(page, head, graph, boilerplate, node):
        found = dict.fromkeys(name for text in texts if (name := _name(text, sites)))
        if found:
            return tuple(found)
    return ()


def _rungs(
    page: Document, head: Head, graph: JsonLd, boilerplate: Boilerplate, node: Node | None
) -> Iterator[list[str]]:
    yield _linked(graph, node)
    for element in page.find_any(rules.load("fields/fields")["byline"]):
        if not boilerplate.is_foreign(element) and not boilerplate.is_under(element, "author box"):
            yield [element.get("content") or text_of(element)]
    yield _labelled(head)
    for element in page.find_any(rules.load("fields/fields")["author_box"]):
        if not boilerplate.is_foreign(element):
            yield [text_of(element)]
    yield head.lists.get("author", []) + head.lists.get("article:author", [])


def _linked(graph: JsonLd, node: Node | None) -> list[str]:
    if node is None:
        return []
    values = graph.resolve(node.get("author") or node.get("creator") or [])
    return [text for value in values if (text := string_of(value))]


def _labelled(head: Head) -> list[str]:
    """Yoast's «Written by» in the Twitter card."""
    label = squash(head.first("twitter:label1") or "")
    return [head.first("twitter:data1") or ""] if label in _WRITTEN_BY else []


def _name(text: str, sites: set[str]) -> str | None:
    name = _LABEL.sub("", line(text)).strip(" ,،:|-–")
    plain = squash(name)
    if not plain or len(name) > _LONGEST or plain in _NOBODY or plain in sites:
        return None
    if _LOGIN.match(name) or _CALL.search(fold(name)) or "://" in name or "@" in name:
        return None
    return name
