"""The further pages of an article that its editor split with <!--nextpage-->.

WordPress's `wp_link_pages()` links them as `…/slug/2/`, and as `?p=12&page=2` where permalinks
are plain (wp-includes/post-template.php). Themes name the links as they like, so they are
recognised only by their addresses. REST could give the whole content, but the pages are what a
reader saw; they are also there where REST is closed, and so they are in the WARC, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.http.urls import resolved
from archive.model import Missed, Page
from archive.outcomes import Reason, http_reason
from archive.text.markup import unescaped
from spiders.fetch import LASTING, reason_of
from spiders.fetch_options import FetchOptions, capture_of
from spiders.page import page_of
from spiders.requisites.requests import AssetRequests

MOST = 100
"""The most pages of one article that are fetched; a longer article is kept without the rest."""
# Statuses that may pass: they say nothing about the page.
_PASSING = frozenset((408, 425, 429, *range(500, 600)))
# No article has more bytes, more links, or longer ones; a page that has must not hold up other
# sites.
_READ, _LINKS, _LONGEST = 4 << 20, 10_000, 4_000
_HREF, _LONGEST_NAME = re.compile(rb"(?<!\w)href\s*=\s*\Z", re.IGNORECASE), 40
# What is before the number of a page in a link, or ends its entity.
_BEFORE = frozenset(b"/=;\"' \t\n\r\f\v")
_BARE, _BARE_END, _BLANKS = b"href=", re.compile(rb"[\s>]"), (b" ", b"\n", b"\t", b"\r")
_DIGIT_AS_ENTITY = re.compile(rb"&#(?:[xX]0*3|0*[45])[0-9](?![0-9])")


class NextPages:
    """Requests for the further pages of articles, one after the other, and for their `assets`."""

    def __init__(self, assets: AssetRequests) -> None:
        self._assets = assets

    def follow(self, page: Page, first: str | None = None) -> Page | Request:
        """The request for the next page of the article; the article itself if it is whole. `first`
        is the address of its first page after redirects."""
        address = next_page(page, (first or page.url, page.url))
        if address is None:
            return page
        return Request(
            address,
            callback=self._answered,
            errback=self._missed,
            priority=1,
            meta=FetchOptions(continues=page.capture.record_id).meta(
                handle_httpstatus_all=True, dont_redirect=True
            ),
            cb_kwargs={"page": page, "first": first},
        )

    def _answered(
        self, response: Response, page: Page, first: str | None
    ) -> Iterator[Page | Missed | Request]:
        """Add one more page to an article. If the page failed for a reason that may pass, the
        article waits for the next run; if the page does not exist, the article is complete."""
        capture = capture_of(response)
        if response.status == 200 and capture.intact:
            more = page_of(response, page.url, page.hints, capture)
            yield self.follow(replace(page, further=(*page.further, more)), first)
            yield from self._assets.of_page(more.body, more.url)
        elif response.status == 200 or response.status in _PASSING:
            reason = Reason.CUT if response.status == 200 else http_reason(response.status)
            yield Missed(url=page.url, reason=reason)
        else:
            yield page

    def _missed(self, failure: Failure) -> Iterator[Page | Missed]:
        """The errback. If robots.txt does not allow the next page, the article ends there."""
        page: Page = failure.request.cb_kwargs["page"]  # type: ignore[attr-defined]
        reason = reason_of(failure.value)
        yield page if reason in LASTING else Missed(url=page.url, reason=reason)


def next_page(page: Page, addresses: tuple[str, ...]) -> str | None:
    """The address of the next page after those in `page`; None if there is no link to it.

    `addresses` are the addresses of the first page.
    """
    number = len(page.further) + 2
    if number > MOST:
        return None
    last = page.further[-1] if page.further else page
    wanted = {form for address in addresses for form in _forms(address, number)}
    ending = re.compile(rf"(?:^|/)\s*{number}\s*/?\s*(?:[?#]|$)|page={number}")
    for link in islice(_links_with(number, last.body[:_READ]), _LINKS):
        address = resolved(link, addresses[0]) if ending.search(link) else None
        if address and _spelled(address) in wanted:
            return address
    return None


def _links_with(number: int, body: bytes) -> Iterator[str]:
    """The links in `body` that have `number` where a page's number stands.

    A page has hundreds of links and few such numbers, so these are searched for first.
    """
    # A pattern that begins with fixed bytes is searched for ten times as fast as another.
    for likely in (re.compile(rb"""%d(?=/?[\s"'?#&>])""" % number), _DIGIT_AS_ENTITY):
        end = 0
        places = (place.start() for place in likely.finditer(body))
        for at in islice((at for at in places if body[at - 1] in _BEFORE), _LINKS):
            if at >= end and (link := _link_around(body, at)):
                end = link.stop
                yield unescaped(body[link].decode("utf-8", "replace"))


def _link_around(body: bytes, at: int) -> slice | None:
    """Where the link is that has the byte `at` in it."""
    for quote in (b'"', b"'"):
        begin = body.rfind(quote, max(0, at - _LONGEST), at)
        end = body.find(quote, at, at + _LONGEST) if begin >= 0 else -1
        if end >= 0 and _HREF.search(body[max(0, begin - _LONGEST_NAME) : begin]):
            return slice(begin + 1, end)
    # What makes pages smaller takes the quotes away.
    begin = 1 + max(body.rfind(blank, max(0, at - _LONGEST), at) for blank in _BLANKS)
    if body[begin : begin + len(_BARE)].lower() != _BARE:
        return None
    behind = _BARE_END.search(body, at, at + _LONGEST)
    return slice(begin + len(_BARE), behind.start()) if behind else None


def _forms(address: str, number: int) -> list[tuple[str, str, frozenset[tuple[str, str]]]]:
    """The forms that the address of page `number` may have, as `_spelled` gives them."""
    host, path, query = _spelled(address)
    return [(host, f"{path}/{number}", query), (host, path, query | {("page", str(number))})]


def _spelled(address: str) -> tuple[str, str, frozenset[tuple[str, str]]]:
    """Host, path and query, without what may vary: scheme, last slash, order of parameters."""
    parts = urlsplit(address)
    return parts.netloc.lower(), parts.path.rstrip("/"), frozenset(parse_qsl(parts.query))
