"""Getting one listing: a coroutine through Scrapy's downloader, manners and all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy import Spider
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from archive.errors import Unreachable

Fetch = Callable[..., Awaitable[Response]]

_REASONS: dict[type[BaseException], str] = {
    CannotResolveHostError: "no-such-host",
    DownloadConnectionRefusedError: "refused-connection",
    DownloadTimeoutError: "timeout",
    DownloadCancelledError: "too-large",
    ResponseDataLossError: "cut",
    IgnoreRequest: "not-allowed",
    DownloadFailedError: "connection-failed",
}

FAILURES = tuple(_REASONS)
DISALLOWED = "robots.txt"
"""The reason why what robots.txt does not allow was not asked for."""


def reason_of(error: BaseException | None) -> str:
    """A stable word for why a download gave no response, such as `timeout` or `cut`.

    `not-allowed` covers robots.txt and addresses of other sites; an error's own `reason`
    goes first.
    """
    own = getattr(error, "reason", None)
    if isinstance(own, str):
        return own
    for kind, reason in _REASONS.items():
        if isinstance(error, kind):
            return reason
    return type(error).__name__


def make_fetch(spider: Spider) -> Fetch:
    """A `fetch(url, method="GET")` for `spider`; Unreachable if there is no response at all.
    An error that may pass (500, a timeout) is tried three times, without `retry` once.

    Redirects inside the site are followed unless `follow` is False, statuses are the caller's
    business.
    """

    async def fetch(
        url: str,
        method: str = "GET",
        *,
        allow_offsite: bool = False,
        retry: bool = True,
        follow: bool = True,
    ) -> Response:
        meta = {"allow_offsite": allow_offsite, "dont_retry": not retry, "listing": True}
        meta["dont_redirect"] = not follow
        request = Request(url, method=method, callback=NO_CALLBACK, meta=meta)
        engine = spider.crawler.engine
        assert engine is not None
        try:
            return await engine.download_async(request)
        except Unreachable:
            raise
        except FAILURES as error:
            unreachable = Unreachable(
                f"{url} gave no answer ({reason_of(error)}). Nothing was changed."
                " Is the address right, is the network up? Try again later."
            )
            unreachable.reason = reason_of(error)
            raise unreachable from error

    return fetch


def clock_of(response: Response) -> datetime:
    """The server's Date; our own clock only if it tells none."""
    try:
        told = parsedate_to_datetime((response.headers.get("Date") or b"").decode("latin-1"))
    except ValueError:
        return datetime.now(UTC)
    return told.replace(tzinfo=told.tzinfo or UTC).astimezone(UTC)
