"""JSON-LD: what a page's SEO plugin says about the page (Yoast, Rank Math, AIOSEO, themes).

https://schema.org/Article, https://json-ld.org/. Plugins write one graph whose nodes refer
to each other by `@id`, or several loose objects, or a list; often with line breaks inside
strings, which JSON forbids and `strict=False` accepts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

from archive.text.fold import fold, squash
from scraper.cleaning.html.document import Document

Node: TypeAlias = dict[str, Any]

ARTICLE_TYPES = frozenset(
    {
        "Article",
        "NewsArticle",
        "BlogPosting",
        "AnalysisNewsArticle",
        "BackgroundNewsArticle",
        "LiveBlogPosting",
        "OpinionNewsArticle",
        "Report",
        "ReportageNewsArticle",
        "ReviewNewsArticle",
        "TechArticle",
        "ScholarlyArticle",
    }
)
_PAGE_TYPES = frozenset({"WebPage", "ItemPage"})
_CDATA = re.compile(r"^\s*(?:/\*\s*)?<!\[CDATA\[(?:\s*\*/)?|(?:/\*\s*)?\]\]>(?:\s*\*/)?\s*$|;\s*$")
_NUMBER = re.compile(r"\d{3,}")
_WORD = re.compile(r"[^\W\d_]{4,}")
_DEPTH = 8
_DATA = 500
_STATE = re.compile(r"\s*(?:window\.|var |let |const )?[\w.]{1,60}\s*=\s*[{\[]")


class JsonLd:
    """All nodes of a page's JSON-LD, in page order.

    `data` has the texts of other scripts with JSON in them, not parsed: some sites build the page
    from it in the browser.
    """

    def __init__(self, page: Document) -> None:
        self.nodes: list[Node] = []
        self.data: list[str] = []
        self._by_id: dict[str, Node] = {}
        for script in page.tags["script"]:
            if not script.text:
                continue
            if "ld+json" in (kind := script.get("type", "")):
                self._add(_load(script.text), 0)
            elif "json" in kind or (len(script.text) >= _DATA and _STATE.match(script.text)):
                self.data.append(script.text)

    def _add(self, value: Any, depth: int) -> None:
        if depth > _DEPTH:
            return
        if isinstance(value, list):
            for item in value:
                self._add(item, depth + 1)
        elif isinstance(value, dict):
            if "@type" in value:
                self.nodes.append(value)
                name = value.get("@id")
                if isinstance(name, str) and len(value) > len(self._by_id.get(name, {})):
                    self._by_id[name] = value
            for item in value.values():
                if isinstance(item, list | dict):
                    self._add(item, depth + 1)

    @property
    def types(self) -> set[str]:
        """The types of all nodes."""
        return {name for node in self.nodes for name in types_of(node)}

    def of_type(self, names: frozenset[str]) -> Iterator[Node]:
        """Nodes of one of the types, in page order."""
        return (node for node in self.nodes if types_of(node) & names)

    def article(self, title: str | None, url: str | None = None) -> Node | None:
        """The node of the page's own article; None if there is no article.

        It is the first whose headline contains `title` or is contained in it, else the first one
        that is not another's: by its address, and without a word of `title` in its headline.
        """
        nodes = list(self.of_type(ARTICLE_TYPES))
        wanted = squash(title or "")
        for node in nodes:
            headline = squash(string_of(node.get("headline")) or string_of(node.get("name")) or "")
            if wanted and headline and (headline in wanted or wanted in headline):
                return node
        return next((node for node in nodes if not _is_anothers(node, title, url)), None)

    def web_page(self) -> Node | None:
        """The node of the page as such; Yoast puts the dates there when there is no Article."""
        return next(self.of_type(_PAGE_TYPES), None)

    def resolve(self, value: Any) -> list[Any]:
        """A property's values as a list, with references followed to the nodes they name."""
        values = value if isinstance(value, list) else [value]
        return [self._follow(item) for item in values if item]

    def _follow(self, item: Any) -> Any:
        if isinstance(item, dict) and isinstance(name := item.get("@id"), str):
            return self._by_id.get(name, item)
        return item


def _is_anothers(node: Node, title: str | None, url: str | None) -> bool:
    """Whether a node is about another article: it has another address and no word of the title."""
    page = node.get("mainEntityOfPage")
    named = page.get("@id") if isinstance(page, dict) else page
    theirs, own = _path_of(string_of(node.get("url")) or string_of(named)), _path_of(url)
    if not theirs or not own or theirs in own or own in theirs:
        return False
    if not set(_NUMBER.findall(theirs)).isdisjoint(_NUMBER.findall(own)):
        return False
    headline = string_of(node.get("headline")) or string_of(node.get("name")) or ""
    words = _WORD.findall(fold(headline))
    return bool(words) and set(words).isdisjoint(_WORD.findall(fold(title or "")))


def _path_of(address: str | None) -> str:
    """The path of an address, to be compared; empty for that of a site or a broken one."""
    try:
        return fold(unquote(urlsplit((address or "").strip()).path)).strip("/")
    except ValueError:
        return ""


def types_of(node: Node) -> set[str]:
    """A node's types, one or several: `https://schema.org/Article` is `Article`."""
    found = node.get("@type")
    names = found if isinstance(found, list) else [found]
    return {name.rpartition("/")[2] for name in names if isinstance(name, str)}


def string_of(value: Any) -> str | None:
    """A property as text: a string or a number, of a list the first value, of a node its `@value`,
    `name` or `url`; None if there is no text."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("url")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value.strip() else None


def _load(source: str) -> Any:
    text = source.strip(" \t\r\n")
    if not (text.startswith(("{", "[")) and text.endswith(("}", "]"))):
        text = _CDATA.sub("", source)
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
