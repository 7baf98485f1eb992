"""The further pages of an article that its editor cut with <!--nextpage-->.

WordPress's `wp_link_pages()` links them as `…/slug/2/`, and as `?p=12&page=2` where permalinks
are plain (wp-includes/post-template.php). Themes name the links as they like, so they are known
by their addresses alone. The pages are followed rather than REST asked for the whole content:
they are what a reader saw, they are there where REST is closed, and they lie in the WARC as pages.
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
"""Pages of one article that are fetched; what is longer is kept with what was had."""
# Statuses that say nothing of the page, only of the hour.
_PASSING = frozenset((408, 425, 429, *range(500, 600)))
# No article has more bytes, or more links; a page that has must not hold up other sites.
_READ, _LINKS = 4 << 20, 10_000
_HREF = re.compile(rb"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


class NextPages:
    """Requests for the further pages of articles, one after the other, and for their `assets`."""

    def __init__(self, assets: AssetRequests) -> None:
        self._assets = assets

    def follow(self, page: Page, first: str | None = None) -> Page | Request:
        """The request for the page that the article goes on with; the article if it is whole.
        `first` is where its first page was found, behind redirects."""
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
        """One more page of an article. Without one that may come another time the article waits
        for the next run; one that is not there leaves it as it is."""
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
        """The errback: robots.txt may keep a further page from us for good."""
        page: Page = failure.request.cb_kwargs["page"]  # type: ignore[attr-defined]
        reason = reason_of(failure.value)
        yield page if reason in LASTING else Missed(url=page.url, reason=reason)


def next_page(page: Page, addresses: tuple[str, ...]) -> str | None:
    """The address of the page after those that `page` holds; None if nothing links to it.

    `addresses` are those the first page answers under.
    """
    number = len(page.further) + 2
    if number > MOST:
        return None
    last = page.further[-1] if page.further else page
    wanted = {form for address in addresses for form in _forms(address, number)}
    # A cheap test first: a page has hundreds of links.
    likely = re.compile(rf"(?:^|/|page=){number}(?![0-9])")
    for found in islice(_HREF.finditer(last.body, 0, _READ), _LINKS):
        link = unescaped((found[1] or found[2] or b"").decode("utf-8", "replace"))
        address = resolved(link, addresses[0]) if likely.search(link) else None
        if address and _spelled(address) in wanted:
            return address
    return None


def _forms(address: str, number: int) -> list[tuple[str, str, frozenset[tuple[str, str]]]]:
    """How the `number`th page of `address` may be spelled."""
    host, path, query = _spelled(address)
    return [(host, f"{path}/{number}", query), (host, path, query | {("page", str(number))})]


def _spelled(address: str) -> tuple[str, str, frozenset[tuple[str, str]]]:
    """Host, path and query without what varies: scheme, last slash, order."""
    parts = urlsplit(address)
    return parts.netloc.lower(), parts.path.rstrip("/"), frozenset(parse_qsl(parts.query))
