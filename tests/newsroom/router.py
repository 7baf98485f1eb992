"""Which document stands at an address."""

import re
import struct
import zlib
from urllib.parse import unquote

from tests.newsroom.answer import Header
from tests.newsroom.article import article_page, rest_link
from tests.newsroom.document import Document
from tests.newsroom.feed import answer_feed
from tests.newsroom.lists import category_page, home_page, not_found, year_page
from tests.newsroom.post import Post
from tests.newsroom.request import Request
from tests.newsroom.rest import answer_rest
from tests.newsroom.site import Site
from tests.newsroom.sitemaps import answer_sitemap, index_url
from tests.newsroom.theme import rest_root

PAGED = re.compile(r"(/(?:category/([^/]+)/|(\d{4})/)?)(?:page/(\d+)/)?")


class Router:
    """Answers requests to a site; pages are rendered once for each state of the site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._version = -1
        self._pages: dict[str, Document] = {}
        self._paths: dict[str, Post] = {}
        self._slugs: dict[str, Post] = {}

    def document(self, request: Request) -> Document:
        """The document for a GET or HEAD; what is not there gets the theme's 404 page."""
        with self._site.lock:
            self._renew()
            page = None if request.query else self._pages.get(request.path)
            page = page or self._find(request) or self._not_found()
            page.date = self._site.now()
            return page

    def warm(self) -> None:
        """Render and compress every article now, so that serving them costs nothing."""
        for post in self._site.listed():
            self.document(Request(f"GET {post.path} HTTP/1.1\r\n\r\n".encode()))

    def _renew(self) -> None:
        if self._version == self._site.version:
            return
        site = self._site
        shown = site.listed(*site.article_types, "page", "product", "attachment")
        self._version = site.version
        self._pages.clear()
        self._paths = {unquote(path): post for post in shown for path in site.paths(post)}
        self._slugs = {unquote(post.slug): post for post in shown}

    def _find(self, request: Request) -> Document | None:
        plain = self._site.options.permalinks == "plain"
        return (
            self._asked_for(request)
            or (None if plain else self._dynamic(request))
            or self._file(request.path)
            or (self._blog("/", request) if plain else self._page(request))
        )

    def _asked_for(self, request: Request) -> Document | None:
        """What the query alone decides: ``rest_route``, ``p``, ``attachment_id``, ``feed``."""
        site, query = self._site, request.query
        if "rest_route" in query:
            return answer_rest(site, query["rest_route"] or "/", request)
        if "feed" in query:
            return answer_feed(site, request) or self._not_found()
        number = query.get("p") or query.get("attachment_id", "")
        if not number.isdecimal():
            return None
        post = site.find(int(number))
        if post is None or not post.listed:
            return self._not_found()
        if "p" in query and site.options.permalinks == "pretty":
            return Document.redirect(site.url(post))
        return self._article(post)

    def _dynamic(self, request: Request) -> Document | None:
        """REST, feed and sitemaps under their pretty addresses."""
        path = request.path
        if path == "/wp-json" or path.startswith("/wp-json/"):
            return answer_rest(
                self._site, path.removeprefix("/wp-json").rstrip("/") or "/", request
            )
        if path == "/feed/":
            return answer_feed(self._site, request)
        return answer_sitemap(self._site, path)

    def _page(self, request: Request) -> Document | None:
        """An article, a list, or the redirect core's guessing makes of an address."""
        path = request.path
        post = self._paths.get(path)
        if post is not None:
            page = self._article(post)
            self._pages[path] = page
            return page
        if not path.endswith("/"):
            known = path + "/" in self._paths or PAGED.fullmatch(path + "/")
            query = "?" + request.target.partition("?")[2] if request.query else ""
            spelled = request.target.partition("?")[0]
            return Document.redirect(f"{self._site.home}{spelled}/{query}") if known else None
        return self._blog(path, request) or self._guess(path)

    def _blog(self, path: str, request: Request) -> Document | None:
        """The home page, a category, and their further pages."""
        match = PAGED.fullmatch(path)
        if match is None:
            return None
        number = int(match[4]) if match[4] else request.page
        if match[2]:
            html = category_page(self._site, match[2], number)
        elif match[3]:
            html = year_page(self._site, int(match[3]), number)
        else:
            html = home_page(self._site, number)
        return self._html(html) if html else None

    def _guess(self, path: str) -> Document | None:
        """A renamed post's old address, or a slug without its date: 301 (core's canonical)."""
        old = {unquote(was): number for was, number in self._site.renamed.items()}
        post = self._site.find(old.get(path, 0)) or self._slugs.get(path.strip("/"))
        if post is None or not post.listed:
            return None
        return Document.redirect(self._site.url(post))

    def _article(self, post: Post) -> Document:
        shortlink = f'<{self._site.home}/?p={post.id}>; rel="shortlink"'
        alternate = f'<{rest_link(self._site, post)}>; rel="alternate"; title="JSON"'
        links = (("Link", f'{alternate}; type="application/json"'), ("Link", shortlink))
        if theme := self._site.options.theme:
            page = theme(post, self._site.around(post, *range(2, 10))).decode()
        else:
            page = article_page(self._site, post)
        return self._html(page, links=links).packed()

    def _html(self, html: str, status: str = "200 OK", links: tuple[Header, ...] = ()) -> Document:
        api: Header = ("Link", f'<{rest_root(self._site)}>; rel="https://api.w.org/"')
        return Document(html.encode(), status, headers=(api, *links))

    def _not_found(self) -> Document:
        return self._html(not_found(self._site), "404 Not Found")

    def _file(self, path: str) -> Document | None:
        if path == "/robots.txt":
            return _robots(self._site)
        if path.startswith("/wp-content/uploads/") and path.endswith(".png"):
            return Document(picture(path), content_type="image/png")
        return None


def _robots(site: Site) -> Document:
    sitemap = index_url(site)
    lines = [
        "User-agent: *",
        "Disallow: /wp-admin/",
        "Allow: /wp-admin/admin-ajax.php",
        *site.options.robots,
        *([f"\nSitemap: {sitemap}"] if sitemap else []),
    ]
    return Document("\n".join([*lines, ""]).encode(), content_type="text/plain; charset=utf-8")


def picture(path: str) -> bytes:
    """A PNG of one pixel, its colour made from the path."""
    pixel = b"\0" + zlib.crc32(path.encode()).to_bytes(4, "big")[:3]
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixel)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
