"""What a request is for, and the capture that its response came from.

Both are in `request.meta`, under two keys that only this file names. All other keys there are
Scrapy's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from scrapy import Request
from scrapy.http import Response

from archive.model import Capture, Hints

_OPTIONS = "fetch_options"
_CAPTURE = "capture"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """What a request is for. Retries and redirects keep it.

    `listing` tells that the request is for a list of articles and not for a page. `elsewhere` tells
    that the address may be on another host, whose answers say nothing about the site.

    `page_url` and `hints` are set for an article's page: the address that the site publishes it
    under, and what is known of it. `continues` is set for a further page of an article: the record
    ID of the capture of its first page. `cookie_set` tells that an answer earlier in this chain of
    redirects set a cookie.
    """

    listing: bool = False
    elsewhere: bool = False
    page_url: str | None = None
    hints: Hints | None = None
    continues: str | None = None
    cookie_set: bool = False

    @classmethod
    def of(cls, request: Request) -> FetchOptions:
        """The options of `request`; the default ones if Scrapy made the request by itself."""
        found = request.meta.get(_OPTIONS)
        return found if isinstance(found, cls) else cls()

    def meta(self, **scrapys: Any) -> dict[str, Any]:
        """The `meta` of a request: these options, and the keys that are Scrapy's own."""
        return {_OPTIONS: self, **scrapys}


def note_cookie(request: Request) -> None:
    """Note that the answer to `request` set a cookie, for the rest of its chain of redirects."""
    request.meta[_OPTIONS] = replace(FetchOptions.of(request), cookie_set=True)


def set_capture(request: Request, capture: Capture | None) -> None:
    """Store the capture of the answer to `request`; None deletes that of an earlier answer."""
    if capture is None:
        request.meta.pop(_CAPTURE, None)
    else:
        request.meta[_CAPTURE] = capture


def capture_of(response: Response) -> Capture:
    """Where `response` is stored. In a run with a writer every response has a capture."""
    capture = response.meta[_CAPTURE]
    assert isinstance(capture, Capture)
    return capture
