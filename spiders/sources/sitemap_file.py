"""One file of a sitemap (sitemaps.org): XML, RSS, Atom, or a text with an address on each line.

The format is recognised by the content and not by name or Content-Type. Files of WordPress itself,
Yoast, Rank Math and AIOSEO are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.http.urls import BadAddress, resolve
from spiders.sources.feed_page import ENTRIES, link_of
from spiders.sources.markup import Element, Markup, NoMarkup, child, name_of, text_of, unpacked

LARGEST = 50 * 1024 * 1024
"""The most bytes, unpacked, that the protocol allows in a file; the rest is not read."""
MAX_ADDRESSES = 100_000
"""The most addresses that are taken from one file: twice as many as the protocol allows."""
_ENTRIES = ("url", "sitemap", *ENTRIES)
_LINE = re.compile(r"(https?:/)?/\S+", re.I)
_FEEDS = ("rss", "feed", "rdf")


class Named(NamedTuple):
    """An address in a sitemap, and its `lastmod` as the file spells it."""

    url: str
    lastmod: str | None


class NotASitemap(ValueError):
    """The bytes are no sitemap. That is a failure, and not an empty sitemap."""


@dataclass(slots=True)
class Sitemap:
    """A parsed file: the `children` of an index, or `addresses`. `whole` is False if it ended
    before its closing tag. `url` is its own address.

    `latest` tells that it names only the newest articles, as feeds and Google's news sitemaps do:
    if an address is not in it any more that says nothing. `bad` are texts that should be an address
    and are none, each with what is wrong; `limit` names the limit that was reached.
    """

    children: list[Named] = field(default_factory=list)
    addresses: list[Named] = field(default_factory=list)
    whole: bool = True
    url: str = ""
    latest: bool = False
    bad: list[tuple[str, str]] = field(default_factory=list)
    limit: str | None = None


def parse(body: bytes, url: str = "") -> Sitemap:
    """Read the sitemap or sitemap index that was at `url`; NotASitemap if it is neither."""
    body = unpacked(body, LARGEST)
    cut, body = len(body) > LARGEST, body[:LARGEST]
    try:
        sitemap = _read(Markup(body, ("urlset", "sitemapindex", *_FEEDS)), url)
    except NoMarkup:
        sitemap = _lines(body, url)
    if cut:
        sitemap.limit = f"is longer than {LARGEST // 2**20} MB"
        sitemap.whole = True
    return sitemap


def _read(markup: Markup, url: str) -> Sitemap:
    sitemap = Sitemap(whole=markup.whole, url=url)
    named = sitemap.children if markup.root == "sitemapindex" else sitemap.addresses
    entries = news = 0
    for entry in markup.elements(_ENTRIES):
        entries += 1
        news += child(entry, "news") is not None
        if not _take(named, _link(entry, url), _lastmod(entry), sitemap):
            break
    sitemap.latest = markup.root in _FEEDS or 0 < entries == news
    return sitemap


def _take(named: list[Named], link: str | None, lastmod: str | None, sitemap: Sitemap) -> bool:
    """Add an address to `named`; False if there is room for no more."""
    if len(named) >= MAX_ADDRESSES:
        sitemap.limit = f"names more than {MAX_ADDRESSES} addresses"
        return False
    try:
        if link:
            named.append(Named(resolve(link, sitemap.url), lastmod))
    except BadAddress as error:
        sitemap.bad.append((link or "", str(error)))
    return True


def _link(entry: Element, base: str) -> str | None:
    if name_of(entry) in ENTRIES:
        return link_of(entry, base)
    return text_of(child(entry, "loc")) or None


def _lastmod(entry: Element) -> str | None:
    return text_of(child(entry, "lastmod")) or text_of(child(entry, "updated")) or None


def _lines(body: bytes, url: str) -> Sitemap:
    """Read a text with an address on each line; NotASitemap if half of its lines are none."""
    sitemap = Sitemap(url=url)
    lines = [line for line in _text(body) if line]
    links = [line for line in lines if _LINE.fullmatch(line)]
    if not links or 2 * len(links) < len(lines):
        raise NotASitemap
    for link in links:
        if not _take(sitemap.addresses, link, None, sitemap):
            break
    return sitemap


def _text(body: bytes) -> Iterator[str]:
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = body.decode("utf-16" if wide else "utf-8-sig", "replace")
    return (line.strip() for line in text.splitlines())
