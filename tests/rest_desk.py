"""A newsroom's REST API asked without a wire, for walks of many pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from scrapy.http import Request as ScrapyRequest
from scrapy.http import Response

from archive.model import Capture
from spiders.fetch_options import set_capture
from spiders.rest.api import RestApi
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood, calm
from tests.newsroom.request import Request
from tests.newsroom.router import Router
from tests.newsroom.site import Site

HOME = "http://news.example/"
STORED = Capture(
    file="warc/2026/news-20261122T003004123Z-4f1c09ab-00000.warc.gz",
    offset=412,
    length=96,
    record_id="urn:uuid:1d0e0a54-3a4a-4a1c-9b3c-0d9c6f1b7a55",
    payload_sha256="0" * 64,
    date=datetime(2026, 11, 22, tzinfo=UTC),
)
"""Where the desk's answers would be, had a run stored them."""


def desk(site: Site, mood: Mood = calm) -> tuple[RestApi, list[str]]:
    """The API of `site` in a mood, and the list that grows by what it is asked for."""
    site.home = HOME.rstrip("/")
    asked: list[str] = []
    router = Router(site)

    async def fetch(url: str, method: str = "GET", **how: Any) -> Response:
        target = url.removeprefix(site.home)
        asked.append(target)
        request = Request(f"{method} {target} HTTP/1.1\r\n\r\n".encode())
        answer = mood(request, router.document(request))
        assert answer is not None
        return response(url, answer.head, b"".join(answer.body))

    return RestApi(f"{HOME}wp-json/", fetch, HOME), asked


def response(url: str, head: bytes, body: bytes) -> Response:
    """What Scrapy makes of an answer's bytes."""
    status, *lines = head.decode("latin-1").rstrip().split("\r\n")
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        headers.setdefault(name, []).append(value)
    request = ScrapyRequest(url)
    set_capture(request, STORED)
    return Response(url, int(status.split()[1]), headers, body, request=request)


def answers(*documents: Document) -> Callable[..., Awaitable[Response]]:
    """A fetch that gives these, one after the other."""
    left = list(documents)

    async def fetch(url: str, *how: Any, **more: Any) -> Response:
        answer = left.pop(0).answer()
        return response(url, answer.head, b"".join(answer.body))

    return fetch
