"""The further pages of an article that its editor cut with <!--nextpage-->.

WordPress's `wp_link_pages()` links them as `…/slug/2/`, and as `?p=12&page=2` where permalinks
are plain (wp-includes/post-template.php). Themes name the links as they like, so they are known
by their addresses alone. The pages are followed rather than REST asked for the whole content:
they are what a reader saw, they are there where REST is closed, and they lie in the WARC as pages.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from archive.http.urls import resolved
from archive.model import Page

MOST = 100
"""Pages of one article that are fetched; what is longer is kept with what was had."""
# Statuses after which another try may bring the page.
_PASSING = frozenset((408, 425, 429, *range(500, 600)))
_HREF = re.compile(rb"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


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
    for found in _HREF.finditer(last.body):
        link = unescape((found[1] or found[2] or b"").decode("utf-8", "replace"))
        address = resolved(link, addresses[0]) if likely.search(link) else None
        if address and _spelled(address) in wanted:
            return address
    return None


def may_pass(status: int) -> bool:
    """Whether an answer says nothing of the page, only of the hour."""
    return status in _PASSING


def _forms(address: str, number: int) -> list[tuple[str, str, frozenset[tuple[str, str]]]]:
    """How the `number`th page of `address` may be spelled."""
    host, path, query = _spelled(address)
    return [(host, f"{path}/{number}", query), (host, path, query | {("page", str(number))})]


def _spelled(address: str) -> tuple[str, str, frozenset[tuple[str, str]]]:
    """Host, path and query without what varies: scheme, last slash, order."""
    parts = urlsplit(address)
    return parts.netloc.lower(), parts.path.rstrip("/"), frozenset(parse_qsl(parts.query))
