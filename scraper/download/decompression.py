"""Takes content-codings off the bodies of responses, with the decoder that also reads stored ones.

Scrapy's own middleware accepts a body that is cut, and fails on a plain body whose header names a
coding. The WARC has body and header as they came.
"""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.responsetypes import responsetypes

from archive.http.coding import Undecodable, decode


class UnpackMiddleware:
    """Unpacks every body up to the request's `download_maxsize` (bytes)."""

    def __init__(self, maxsize: int) -> None:
        self._maxsize = maxsize

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_response(self, request: Request, response: Response) -> Response:
        """The response, unpacked. If that fails, a good answer (2xx) raises Undecodable; another
        one gets an empty body, since its status says enough."""
        codings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        if not codings or request.method == "HEAD":
            return response
        limit = request.meta.get("download_maxsize", self._maxsize)
        try:
            body = decode(response.body, codings, limit)
        except Undecodable:
            if response.status < 300:
                raise
            body = b""
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        if issubclass(kind, TextResponse):
            # Scrapy guessed the charset from the packed body: it must guess again.
            return response.replace(cls=kind, headers=headers, body=body, encoding=None)
        return response.replace(cls=kind, headers=headers, body=body)
