"""A site of any number of posts that are computed, not stored: it answers what a run asks of REST
and of the sitemaps, and tells whatever time it is set to.

The post with the ID n is at `/news/n/`. It was published at `moment(n, count)` and never edited.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

PORT = 8231
FIRST, LAST = datetime(2008, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
_SECONDS = (LAST - FIRST) // timedelta(seconds=1)
_FILE = 2_000
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HEAD = '<link rel="https://api.w.org/" href="{}wp-json/">'
_TYPE = {"slug": "post", "rest_base": "posts", "rest_namespace": "wp/v2", "viewable": True}


def moment(number: int, count: int) -> datetime:
    """When the post with this ID was published, of `count` posts."""
    return FIRST + timedelta(seconds=_SECONDS * number // count)


class LargeSite(ThreadingHTTPServer):
    """`count` posts at `host`; without `rest` only sitemaps list them. `now` is its clock."""

    daemon_threads = True

    def __init__(self, host: str, count: int, *, rest: bool = True) -> None:
        self.url = f"http://{host}:{PORT}/"
        self.count = count
        self.rest = rest
        self.now = LAST + timedelta(days=1)
        self.asked: list[str] = []
        super().__init__((host, PORT), _Handler)

    def __enter__(self) -> LargeSite:
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()

    def entry(self, number: int) -> dict[str, Any]:
        """The post as REST lists it."""
        told = f"{moment(number, self.count):%Y-%m-%dT%H:%M:%S}"
        return {
            "id": number,
            "type": "post",
            "link": f"{self.url}news/{number}/",
            "title": {"rendered": f"خبر {number}"},
            "date": told,
            "date_gmt": told,
            "modified_gmt": told,
            "content": {"protected": False},
        }

    def listing(self, query: dict[str, str]) -> tuple[int, list[dict[str, Any]]]:
        """How many posts a query finds, and those of one page."""
        low, high = 1, self.count
        for name in ("after", "modified_after"):
            if bound := query.get(name):
                low = max(low, self._behind(bound))
        if bound := query.get("before"):
            high = min(high, self._behind(bound) - 1)
        size = int(query.get("per_page", "10"))
        start = int(query.get("offset", (int(query.get("page", "1")) - 1) * size))
        numbers = range(low, high + 1)
        if query.get("order") == "desc":
            numbers = numbers[::-1]
        return len(numbers), [self.entry(number) for number in numbers[start : start + size]]

    def _behind(self, bound: str) -> int:
        """The first post that was published behind this instant."""
        at = datetime.fromisoformat(bound).replace(tzinfo=UTC)
        seconds = (at - FIRST) // timedelta(seconds=1)
        return max(1, min(self.count, seconds * self.count // _SECONDS) + 1)

    def sitemap(self, path: str) -> str | None:
        """The index of the sitemaps, or one of them."""
        if path == "/sitemap.xml":
            files = range(1, -(-self.count // _FILE) + 1)
            told = "".join(
                f"<sitemap><loc>{self.url}posts-{n}.xml</loc><lastmod>{self._last(n)}</lastmod>"
                "</sitemap>"
                for n in files
            )
            return f"<sitemapindex {_SPACE}>{told}</sitemapindex>"
        if not (found := re.fullmatch(r"/posts-(\d+)\.xml", path)):
            return None
        first = (int(found[1]) - 1) * _FILE + 1
        told = "".join(
            f"<url><loc>{self.url}news/{n}/</loc><lastmod>{moment(n, self.count).isoformat()}"
            "</lastmod></url>"
            for n in range(first, min(first + _FILE, self.count + 1))
        )
        return f"<urlset {_SPACE}>{told}</urlset>"

    def _last(self, file: int) -> str:
        return moment(min(file * _FILE, self.count), self.count).isoformat()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LargeSite

    def do_GET(self) -> None:
        site, parts = self.server, urlsplit(self.path)
        site.asked.append(self.path)
        if parts.path == "/robots.txt":
            self._send(f"Sitemap: {site.url}sitemap.xml\n", "text/plain")
        elif parts.path == "/":
            self._send(f'{_HEAD.format(site.url)}<p class="wp-content">x</p>', "text/html")
        elif parts.path.startswith("/wp-json/") and site.rest:
            self._rest(parts.path.removeprefix("/wp-json"), dict(parse_qsl(parts.query)))
        elif told := site.sitemap(parts.path):
            self._send(told, "application/xml")
        else:
            self._send("nothing is here", "text/plain", status=404)

    def _rest(self, route: str, query: dict[str, str]) -> None:
        site = self.server
        if route == "/":
            told: Any = {"name": "خبر", "home": site.url, "namespaces": ["wp/v2"]}
        elif route == "/wp/v2/types":
            told = {"post": _TYPE | {"name": "نوشته"}}
        elif route == "/wp/v2/posts":
            total, told = site.listing(query)
            self._send(json.dumps(told), "application/json", {"X-WP-Total": str(total)})
            return
        else:
            self._send('{"code": "rest_no_route"}', "application/json", status=404)
            return
        self._send(json.dumps(told), "application/json")

    def _send(
        self, body: str, kind: str, headers: dict[str, str] | None = None, status: int = 200
    ) -> None:
        data = body.encode()
        self.send_response_only(status)
        self.send_header("Date", format_datetime(self.server.now, usegmt=True))
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *told: object) -> None:
        return
