"""The addresses of the images, styles, scripts and fonts that a page needs to look as it did.

They are found with a few bounded patterns and without a parser: so no page can make this slow, and
addresses in broken HTML are found, too, as a browser finds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urldefrag

from archive.http.urls import resolved
from archive.text.markup import unescaped

IMAGES, PAGE = "images", "page"
_MOST = 500
_READ = 2 << 20
_MOST_TAGS = 20_000
_TAG = re.compile(r"<(img|source|video|link|script|meta)\b([^<>]{0,4000})>", re.I)
_ATTRIBUTE = re.compile(r"([a-zA-Z][\w:-]{0,40})\s{0,9}=\s{0,9}(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")
_ARTICLE = re.compile("<article[ >]", re.I), re.compile("</article>", re.I)
_STYLE = re.compile("<style[ >]", re.I), re.compile("</style>", re.I)
_STYLE_OF_ONE = re.compile(r"style\s?=\s?\"([^\"<>]{0,1000})\"", re.I)
_IN_STYLE = re.compile(
    r"url\(\s{0,9}['\"]?([^'\")]{1,2000})|@import\s{1,9}['\"]([^'\"]{1,2000})", re.I
)
# Themes that load images late put the address into one of the others.
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "poster")
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_LINKS = {"stylesheet", "icon", "apple-touch-icon"}


def requisites(body: bytes, url: str, wanted: str) -> list[str]:
    """The addresses that the page at `url` needs, each once, at most 500.

    `wanted` is `images` for the main image and those in the page's <article> (or in the whole page,
    if it has none); or `page` for everything that is shown or run.
    """
    html = body[:_READ].decode("utf-8", "replace")
    return _absolute(_of_page(html) if wanted == PAGE else _of_article(html), url)


def of_style(body: bytes, url: str) -> list[str]:
    """The addresses that the style sheet at `url` needs: fonts, images, other style sheets."""
    return _absolute(_of_style(body[:_READ].decode("utf-8", "replace")), url)


def _of_article(html: str) -> Iterator[str]:
    article = next(_between(html, _ARTICLE), html)
    for name, attributes in _tags(html):
        if name == "meta" and attributes.get("property") == "og:image":
            yield attributes.get("content", "")
    for name, attributes in _tags(article):
        if name in ("img", "source"):
            yield from _sources(attributes)


def _of_page(html: str) -> Iterator[str]:
    for name, attributes in _tags(html):
        if name == "link" and _LINKS & set(attributes.get("rel", "").lower().split()):
            yield attributes.get("href", "")
        elif name == "meta" and attributes.get("property") == "og:image":
            yield attributes.get("content", "")
        elif name not in ("link", "meta"):
            yield from _sources(attributes)
    for style in (*_between(html, _STYLE), *_STYLE_OF_ONE.findall(html)):
        yield from _of_style(unescaped(style))


def _between(html: str, ends: tuple[re.Pattern[str], re.Pattern[str]]) -> Iterator[str]:
    """All texts between a match of the first of `ends` and the next match of the second."""
    place = 0
    while begin := ends[0].search(html, place):
        end = ends[1].search(html, begin.end())
        if not end:
            return
        yield html[begin.end() : end.start()]
        place = end.end()


def _tags(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    for tag in islice(_TAG.finditer(html), _MOST_TAGS):
        found = _ATTRIBUTE.findall(tag[2])
        yield tag[1].lower(), {key.lower(): unescaped(value.strip("\"'")) for key, value in found}


def _sources(attributes: dict[str, str]) -> Iterator[str]:
    yield from (attributes[key] for key in _SOURCES if key in attributes)
    for key in _SETS:
        # All candidates of a srcset: a browser chooses one by the size of its window.
        for candidate in re.split(r",\s", attributes.get(key, "")):
            yield candidate.strip().partition(" ")[0]


def _of_style(style: str) -> Iterator[str]:
    for found in _IN_STYLE.finditer(style):
        yield (found[1] or found[2]).strip()


def _absolute(addresses: Iterator[str], url: str) -> list[str]:
    found: dict[str, None] = {}
    for address in addresses:
        whole = resolved(address, url) if address.strip() else None
        if whole and len(found) < _MOST:
            found[urldefrag(whole).url] = None
    return list(found)
