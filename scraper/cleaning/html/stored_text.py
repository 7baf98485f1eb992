"""Finds the text that a page holds for programs: JSON-LD's `articleBody`, or JSON in a script.

Some sites show only a teaser, or build the page in the browser from a script's JSON.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from archive.text.fold import squash
from scraper.cleaning.html.json_ld import JsonLd, Node, string_of

_LEAST = 250
_DEPTH, _MOST = 14, 50_000
_TITLES = ("title", "headline", "name", "post_title")
_MARKED = re.compile(r"</(?:p|div|h\d|li)>|<br", re.IGNORECASE)
_LINES = re.compile(r"[\r\n]+")


def by_schema(node: Node | None) -> str | None:
    """The `articleBody` of the article's node, as HTML; None if it is under 250 characters."""
    return _as_html(string_of(node.get("articleBody")) if node is not None else None)


def by_data(graph: JsonLd, title: str | None) -> str | None:
    """The longest text of an object called `title` in the JSON of other scripts, as HTML; None if
    there is none of 250 characters."""
    wanted = squash(title or "")
    texts = [
        text
        for source in graph.data
        for post in _objects(_load(source))
        if wanted and wanted in map(squash, _strings(post, _TITLES))
        for text in _strings(post, tuple(post))
    ]
    return _as_html(max(texts, key=len, default=None))


def _as_html(text: str | None) -> str | None:
    if text is None or len(text) < _LEAST or " " not in text.strip():
        return None
    if "&lt;" in text or not _MARKED.search(text):
        text = html.unescape(text)
    if _MARKED.search(text):
        return text
    lines = [line for line in _LINES.split(text) if line.strip()]
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines)


def _load(source: str) -> Any:
    begin = min((at for mark in "{[" if (at := source.find(mark)) >= 0), default=-1)
    try:
        return json.JSONDecoder(strict=False).raw_decode(source, begin)[0] if begin >= 0 else None
    except (ValueError, RecursionError):
        return None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in a value, the outer ones first; very deep and very large values end early."""
    level, count = [value], 0
    for _ in range(_DEPTH):
        below: list[Any] = []
        for item in level:
            count += 1
            if isinstance(item, dict):
                yield item
                below += [v for v in item.values() if isinstance(v, list | dict)]
            elif isinstance(item, list):
                below += [v for v in item if isinstance(v, list | dict)]
        level = below
        if count > _MOST:
            return


def _strings(post: dict[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    """The texts under these keys, also as REST has them: `{"rendered": …}`."""
    for key in keys:
        value = post.get(key)
        if isinstance(value, dict):
            value = value.get("rendered")
        if isinstance(value, str):
            yield value
