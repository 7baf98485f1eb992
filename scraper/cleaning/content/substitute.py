"""Reads the text that a page carries for machines where it shows a teaser or nothing at all."""

from __future__ import annotations

from collections.abc import Set

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
    """The stored text of the article called `title`, if less than half of it is `shown`."""
    length = sum(len(block.text) for block in shown)
    sources = [stored_text.by_schema(node)]
    if length < _LEAST:
        sources.append(stored_text.by_data(graph, title))
    for source in sources:
        if source is None or len(source) < max(_LEAST, 2 * length):
            continue
        found = _read(source, title, sayings, host)
        text = "".join(block.text for block in found.blocks)
        if len(text) >= max(_LEAST, 2 * length) and _agrees(shown, text, node, title):
            return found
    return None


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
    """Whether the stored text is this article's: it has the shown opening, or the headline."""
    said = squash(text)
    opening = next((squash(b.text) for b in shown if len(b.text) >= _OPENING), "")
    if opening:
        return opening.rstrip("…")[:200] in said
    named = squash((string_of(node.get("headline")) if node is not None else None) or "")
    return not named or not title or named in squash(title) or squash(title) in named
