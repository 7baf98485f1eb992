"""Where a site's REST API is, and whether it is open to us.

The home page names its root. If robots.txt does not allow that address, REST is closed: the other
one (`?rest_route=` beside `/wp-json/`) would give the same answers, so it is not tried.
"""

from __future__ import annotations

import re
from typing import Any

from scrapy.http import Response

from archive.errors import Unreachable
from archive.http.urls import moved_with, resolved
from archive.text.markup import unescaped
from spiders.fetch import DISALLOWED, Fetch, reason_of
from spiders.rest.api import RestApi, RestSaysNo
from spiders.rest.listing.partial_listing import RestClosed
from spiders.sources.link_tags import link_tags

_LINK = re.compile(rb'<([^<>]+)>\s*;\s*rel="?https://api\.w\.org/"?')
_NAMED = re.compile(rb'rel=["\']?https://api\.w\.org/["\']?')
_HREF = re.compile(rb'href=(?:["\']([^"\']+)|([^"\'\s<>]+))')


def root_of(home: Response) -> str | None:
    """The REST root that the home page names, in its Link header or its head; None if it names
    none. The page names it even if REST is closed.

    It gets the host and scheme of the home page, which saves a redirect each time.
    """
    links = (_LINK.search(value) for value in home.headers.getlist("Link"))
    named = next((link[1].decode("utf-8", "replace") for link in links if link), None)
    tag = next(filter(_NAMED.search, link_tags(home.body)), b"") if named is None else b""
    if href := _HREF.search(tag):
        named = unescaped((href[1] or href[2]).decode("utf-8", "replace"))
    root = resolved(named, home.url) if named else None
    return root and moved_with(root, home.url)


async def find_rest(home: Response, fetch: Fetch) -> tuple[RestApi, dict[str, Any]] | None:
    """The site's REST API and what its root says; None if it is closed or not there.

    The address that the home page names is tried first: with plain permalinks `/wp-json/` answers
    200 with the home page. After a refusal by REST itself or by robots.txt nothing else is tried.
    """
    named = root_of(home)
    guesses = (home.urljoin(path) for path in ("wp-json/", "?rest_route=/"))
    for root in dict.fromkeys([*([named] if named else ()), *guesses]):
        rest = RestApi(root, fetch, home.url)
        try:
            return rest, await rest.check()
        except RestSaysNo:
            return None
        except (RestClosed, Unreachable) as error:
            if reason_of(error) == DISALLOWED:
                return None
    return None
