"""Sitemaps in the shapes of core, Yoast, Rank Math and AIOSEO."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from gzip import compress
from html import escape

from tests.newsroom.document import Document
from tests.newsroom.post import Post
from tests.newsroom.site import Site

SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True)
class Plugin:
    """How one plugin names its files; ``{}`` is a type, the numbered form counts from ``first``.

    ``dated``: lastmod in the index and in the files. ``by_modified``: an edited post moves to
    the last file.
    """

    index: str
    file: str
    numbered: str
    size: int
    dated: bool = True
    by_modified: bool = False
    others: tuple[str, ...] = ()


PLUGINS = {
    "core": Plugin(
        "wp-sitemap.xml",
        "wp-sitemap-posts-{}-1.xml",
        "wp-sitemap-posts-{}-{}.xml",
        2000,
        dated=False,
        others=("wp-sitemap-taxonomies-category-1.xml", "wp-sitemap-users-1.xml"),
    ),
    "yoast": Plugin(
        "sitemap_index.xml",
        "{}-sitemap.xml",
        "{}-sitemap{}.xml",
        1000,
        by_modified=True,
        others=("category-sitemap.xml", "author-sitemap.xml"),
    ),
    "rankmath": Plugin(
        "sitemap_index.xml",
        "{}-sitemap1.xml",
        "{}-sitemap{}.xml",
        200,
        others=("category-sitemap.xml",),
    ),
    "aioseo": Plugin(
        "sitemap.xml",
        "{}-sitemap.xml",
        "{}-sitemap{}.xml",
        1000,
        others=("category-sitemap.xml",),
    ),
}


def index_url(site: Site) -> str | None:
    """The index's address as robots.txt names it; None where there is no sitemap."""
    plugin = PLUGINS.get(site.options.sitemap)
    return f"{site.home}/{plugin.index}{_suffix(site)}" if plugin else None


def answer_sitemap(site: Site, path: str) -> Document | None:
    """The sitemap file at ``path``; None when it is none of this site's."""
    if site.options.sitemap == "broken" and path == "/wp-sitemap.xml":
        return Document(b"", "501 Not Implemented")  # core without PHP's SimpleXML
    plugin = PLUGINS.get(site.options.sitemap)
    if plugin is None:
        return None
    name = path.removeprefix("/").removesuffix(".gz")
    if name == plugin.index:
        return _sent(site, _index(site, plugin))
    if path in ("/sitemap.xml", "/wp-sitemap.xml", "/sitemap_index.xml"):
        known = path == "/sitemap.xml" or plugin.index != "wp-sitemap.xml"
        return Document.redirect(str(index_url(site))) if known else None
    if name in plugin.others:
        return _sent(site, _terms(site, name))
    return _file(site, plugin, name)


def _file(site: Site, plugin: Plugin, name: str) -> Document | None:
    for kind in ("page", *site.article_types):
        shown = plugin.file.format(kind)
        number = 1 if name == shown else _number(plugin, kind, name)
        posts = _parts(site, plugin, kind)
        if number is not None and number <= len(posts):
            return _sent(site, _posts(site, plugin, posts[number - 1]))
    return None


def _number(plugin: Plugin, kind: str, name: str) -> int | None:
    pattern = re.escape(plugin.numbered.format(kind, "#")).replace(r"\#", r"([2-9]|[1-9]\d+)")
    found = re.fullmatch(pattern, name)
    return int(found[1]) if found else None


def _parts(site: Site, plugin: Plugin, kind: str) -> list[list[Post]]:
    posts = site.listed(kind)
    if plugin.by_modified:
        posts.sort(key=lambda post: post.modified)
    size = site.options.sitemap_size or plugin.size
    return [posts[at : at + size] for at in range(0, len(posts), size)]


def _index(site: Site, plugin: Plugin) -> str:
    entries = []
    for kind in ("page", *site.article_types):
        for number, posts in enumerate(_parts(site, plugin, kind), 1):
            form = plugin.file.format(kind) if number == 1 else plugin.numbered.format(kind, number)
            newest = max(post.modified for post in posts)
            entries.append(_entry(site, form, newest if plugin.dated else None))
    entries += (_entry(site, other, None) for other in plugin.others)
    return f'<sitemapindex xmlns="{SCHEMA}">{"".join(entries)}</sitemapindex>'


def _entry(site: Site, name: str, newest: datetime | None) -> str:
    when = f"<lastmod>{newest.isoformat()}</lastmod>" if newest else ""
    return f"<sitemap><loc>{site.home}/{name}{_suffix(site)}</loc>{when}</sitemap>\n"


def _posts(site: Site, plugin: Plugin, posts: list[Post]) -> str:
    entries = "".join(
        f"<url><loc>{escape(site.url(post))}</loc>"
        + (f"<lastmod>{_lastmod(site, post)}</lastmod>" if plugin.dated else "")
        + "</url>\n"
        for post in posts
    )
    return f'<urlset xmlns="{SCHEMA}">{entries}</urlset>'


def _lastmod(site: Site, post: Post) -> str:
    said: dict[str, datetime | str] = {
        "true": post.modified,
        "garbage": r"Y-m-d\TH:i:sP",
        "same": "2025-11-20T00:00:00+00:00",
        "future": post.modified + timedelta(days=3650),
    }
    word = said[site.options.lastmod]
    return word if isinstance(word, str) else word.isoformat()


def _terms(site: Site, name: str) -> str:
    """Addresses that are no articles: categories or authors."""
    kind = "author" if "author" in name or "users" in name else "category"
    table = site.authors if kind == "author" else site.categories
    entries = "".join(
        f"<url><loc>{site.home}/{kind}/{number}/</loc></url>\n" for number in table.values()
    )
    return f'<urlset xmlns="{SCHEMA}">{entries}</urlset>'


def _suffix(site: Site) -> str:
    return ".gz" if site.options.sitemap_gzip else ""


def _sent(site: Site, xml: str) -> Document:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n'.encode()
    content_type = "application/xml; charset=UTF-8"
    if site.options.sitemap_dirty:
        body, content_type = b"\xef\xbb\xbf" + body, "text/html; charset=UTF-8"
    if site.options.sitemap_gzip:
        body, content_type = compress(body, mtime=0), "application/x-gzip"
    return Document(body, content_type=content_type, headers=(("X-Robots-Tag", "noindex"),))
