"""Reads the text that a page holds for programs, if it shows only a teaser or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Set

from archive.errors import NotAnArticle
from archive.text.fold import squash
from scraper.cleaning.boilerplate import by_name
from scraper.cleaning.content import body
from scraper.cleaning.content.body import Body
from scraper.cleaning.html import stored_text
from scraper.cleaning.html.document import Document
from scraper.cleaning.html.json_ld import JsonLd, Node, string_of
from scraper.cleaning.html.text_blocks import TextBlock

_LEAST = 250
_OPENING = 40


def longer(
    shown: list[TextBlock],
    graph: JsonLd,
    node: Node | None,
    title: str | None,
    sayings: Set[str],
    host: str,
) -> Body | None:
    """The stored text of the article called `title`, if it is at least twice as long as the text
    that is `shown`, and 250 characters; else None. `sayings` and `host` as in body.read()."""
    length = sum(len(block.text) for block in shown)
    for source in _sources(shown, graph, node, title):
        if source is None or len(source) < max(_LEAST, 2 * length):
            continue
        found = _read(source, title, sayings, host)
        if sum(len(block.text) for block in found.blocks) >= max(_LEAST, 2 * length):
            return found
    return None


def _sources(
    shown: list[TextBlock], graph: JsonLd, node: Node | None, title: str | None
) -> Iterator[str | None]:
    if (text := stored_text.by_schema(node)) and _agrees(shown, text, node, title):
        yield text
    if sum(len(block.text) for block in shown) < _LEAST:
        yield stored_text.by_data(graph, title)


def _read(source: str, title: str | None, sayings: Set[str], host: str) -> Body:
    try:
        page = Document(f"<html><body><div>{source}</div></body></html>".encode("utf-8", "replace"))
    except NotAnArticle:
        return body.NOTHING
    by_name.hush(page)
    root = page.tags["div"][0]
    passed = by_name.Boilerplate(page).inside(root)
    return body.read(root, passed, title, sayings, host)


def _agrees(shown: list[TextBlock], text: str, node: Node | None, title: str | None) -> bool:
    """Whether `articleBody` is this article's: it has the headline, or the opening shown."""
    named = squash((string_of(node.get("headline")) if node is not None else None) or "")
    if named and title:
        return named in squash(title) or squash(title) in named
    opening = next((squash(b.text) for b in shown if len(b.text) >= _OPENING), "")
    return opening.rstrip("…")[:200] in squash(text)
