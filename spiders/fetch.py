"""Fetches one listing: a coroutine that goes through Scrapy's downloader, with its throttle and
robots.txt."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime
from urllib.parse import urlsplit

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

from archive.errors import BayganError, Blocked, Unreachable
from archive.http.urls import BadAddress, resolve, spelling
from archive.index.listed_post import ListedPost
from archive.jsonl.removals import Kind
from archive.outcomes import Reason
from archive.times.http_date import http_date
from spiders.failure_text import sentence
from spiders.fetch_options import FetchOptions
from spiders.page import is_another_post, is_not_found
from spiders.sources.own_addresses import is_a_list

logger = logging.getLogger("baygan")
Fetch = Callable[..., Awaitable[Response]]
"""Gets the answer for an address; see `make_fetch`."""
Take = Callable[[list[ListedPost]], int]
"""Brings pages into the index; returns how many are new or due again."""

_REASONS: dict[type[BaseException], Reason] = {
    CannotResolveHostError: Reason.NO_SUCH_HOST,
    DownloadConnectionRefusedError: Reason.REFUSED_CONNECTION,
    DownloadTimeoutError: Reason.TIMEOUT,
    DownloadCancelledError: Reason.TOO_LARGE,
    ResponseDataLossError: Reason.CUT,
    IgnoreRequest: Reason.NOT_ALLOWED,
    DownloadFailedError: Reason.CONNECTION_FAILED,
    BadAddress: Reason.BAD_ADDRESS,
}
NETWORK = (
    Reason.NO_SUCH_HOST,
    Reason.TIMEOUT,
    Reason.REFUSED_CONNECTION,
    Reason.CONNECTION_FAILED,
    Reason.PROXY,
)
"""The reasons that a network which is down gives, also for robots.txt."""
LASTING = (Reason.ROBOTS, Reason.NOT_ALLOWED, Reason.ELSEWHERE, Reason.BAD_ADDRESS)
"""Reasons that do not pass: they come from a rule or from the address itself."""

MOVED = (301, 308)
"""Statuses of a lasting redirect."""
_NUMBER = re.compile("[0-9]+")
_FOR_NOW = (302, 303, 307)
_GONE: dict[int, Kind] = {404: "unpublished", 410: "erased"}
DISALLOWED = Reason.ROBOTS
"""The reason for an address that robots.txt does not allow."""


class NoAnswer(Unreachable):
    """A download gave no response; `reason` is a stable word for why."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class DiscoveryStopped(BayganError):
    """The time for the site's listings is over, or the run is to stop.

    It is no Unreachable: who goes on past one listing that fails must not go on past this.
    """


def reason_of(error: BaseException | None) -> str:
    """A stable word for why a download gave no response, such as `timeout` or `cut`.

    The error's own `reason` is used if it has one. `not-allowed` is for addresses of other sites,
    `failed` for unexpected errors.
    """
    own = getattr(error, "reason", None)
    if isinstance(own, str):
        return own
    for kind, reason in _REASONS.items():
        if isinstance(error, kind):
            return reason
    return Reason.FAILED


def make_fetch(spider: Spider) -> Fetch:
    """A `fetch(url, method="GET")` for `spider`. It raises Unreachable, with a `reason`, if there
    is no readable response, and DiscoveryStopped if there is no time left. After an error that may
    pass (500, a timeout) it tries again, three times in all or as often as `tries` says. After a
    block it tries once more if another address was answered in this run that differs only in its
    numbers, such as that of a page: some sites check every tenth request.

    Redirects inside the site are followed unless `follow` is False. Responses with any status are
    returned. `maxsize` is how many bytes the body may have, packed and unpacked; by default it is
    DOWNLOAD_MAXSIZE.
    """

    async def fetch(
        url: str,
        method: str = "GET",
        *,
        allow_offsite: bool = False,
        tries: int = 3,
        follow: bool = True,
        maxsize: int | None = None,
    ) -> Response:
        limit = spider.crawler.settings.getint("DOWNLOAD_MAXSIZE") if maxsize is None else maxsize
        meta = FetchOptions(listing=True).meta(
            allow_offsite=allow_offsite,
            max_retry_times=tries - 1,
            dont_redirect=not follow,
            download_maxsize=limit,
        )
        try:
            address = resolve(url, url)
        except BadAddress as error:
            raise _no_answer(url, error, limit) from error
        request = Request(address, method=method, callback=NO_CALLBACK, meta=meta)
        answer = await download(request)
        if isinstance(answer, BaseException):
            raise _no_answer(url, answer, limit) from answer
        return answer

    answered: set[str] = set()

    async def download(request: Request) -> Response | BaseException:
        engine = spider.crawler.engine
        assert engine is not None
        series = _NUMBER.sub("", request.url)
        for has_answered in (series in answered, False):
            # An error of any kind must fail only this download.
            [answer] = await asyncio.gather(engine.download_async(request), return_exceptions=True)
            if not (isinstance(answer, Blocked) and has_answered):
                break
        if isinstance(answer, Response):
            answered.add(series)
        return answer

    return fetch


def _no_answer(url: str, error: BaseException, limit: int) -> BaseException:
    """The error to raise for a download that ended with `error`: baygan's own errors (of the disk,
    say) as they are, NoAnswer for others."""
    if isinstance(error, BayganError | asyncio.CancelledError):
        return error
    reason = reason_of(error)
    if reason == Reason.STOPPED:
        return DiscoveryStopped(f"{url} was not asked for: the time is over.")
    if reason == Reason.FAILED:
        logger.warning("%s: %s: %s", url, type(error).__name__, error)
    return NoAnswer(sentence(url, reason, limit), reason)


def clock_of(response: Response) -> datetime:
    """The server's Date; if it sends none, our own clock."""
    told = (response.headers.get("Date") or b"").decode("latin-1")
    return http_date(told) or datetime.now(UTC)


def target_of(response: Response) -> str:
    """Where a redirect leads; BadAddress if that cannot be asked for. Servers write Persian letters
    into Location as they are, in UTF-8."""
    location = (response.headers.get("Location") or b"").decode("utf-8", "replace")
    return resolve(location, response.url)


def target_if(statuses: Collection[int], response: Response) -> str | None:
    """Where a redirect with one of these statuses leads; None if it has another status, or leads to
    no address."""
    if response.status not in statuses or not response.headers.get("Location"):
        return None
    try:
        return target_of(response)
    except BadAddress:
        return None


def how_gone(url: str, post_id: int | None, page: Response) -> Kind | None:
    """How a post that is listed no more went, by the answer at its address: a 404 does not tell
    whether it was unpublished or erased. None if the answer does not tell that it is gone."""
    if leads_elsewhere(url, page):
        return "redirected"
    if page.status == 200 and (is_another_post(page.body, post_id) or is_not_found(page.body)):
        return "unpublished"
    return _GONE.get(page.status)


def leads_elsewhere(url: str, page: Response) -> bool:
    """Whether the address of a post answers with a lasting redirect to another page, or with any
    redirect to the home page or a list.

    For an unknown address WordPress guesses a post whose slug begins in the same way. Nobody
    decided that, so it does not count.
    """
    if for_now := target_if(_FOR_NOW, page):
        return is_a_list(for_now)
    target = target_if(MOVED, page)
    if target is None:
        return False
    old, new = spelling(url), spelling(target)
    slug, new_slug = (urlsplit(address).path.strip("/").rsplit("/")[-1] for address in (old, new))
    return old.rstrip("/") != new.rstrip("/") and not (slug and new_slug.startswith(slug))
