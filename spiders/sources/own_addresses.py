"""What of a sitemap is the site's own, and may be an article's address.

That takes seconds where there are a hundred thousand addresses, so it is done where the file is
parsed, beside the loop.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from archive.http.urls import host_of, is_below
from spiders.sources.sitemap_file import Named, Sitemap, parse

# Addresses on a site that are never an article.
NEVER = re.compile(
    r"/(feed|embed|trackback|amp|print|author|tag|category|wp-json|page/\d+|comment-page-\d+)/?$"
    r"|/(author|tag|category|wp-json|wp-admin|wp-content)/"
    r"|[?&](replytocom|share|s|attachment_id|page_id|cat|tag|author|m|paged|feed)="
)
_BREAK, _NONE = "\n", "\0"
"""Neither can be in an address, nor in what XML says."""


class OwnAddresses(NamedTuple):
    """A file: its `sitemap`, without addresses. `named` is how many it names in all, `below`
    whether one of them is below the home page, and `branches` are the hosts below that of the site.

    `urls` and `lastmods` are the site's own addresses that may be articles', a line each: a hundred
    thousand objects that come from a child would hold up the loop for a second, two texts do not.
    """

    sitemap: Sitemap
    named: int
    below: bool
    branches: frozenset[str]
    urls: str
    lastmods: str

    def entries(self) -> list[Named]:
        """The site's own addresses that may be articles'."""
        if not self.urls:
            return []
        told = (None if said == _NONE else said for said in self.lastmods.split(_BREAK))
        return list(map(Named, self.urls.split(_BREAK), told))


def read_own(body: bytes, url: str, home: str) -> OwnAddresses:
    """Read the sitemap that was at `url`, of the site at `home`; NotASitemap if it is none."""
    sitemap = parse(body, url)
    named, sitemap.addresses = sitemap.addresses, []
    branch = f".{host_of(home)}"
    branches = frozenset(host for one in named if (host := host_of(one.url)).endswith(branch))
    below = [one for one in named if is_below(one.url, home)]
    own = [one for one in below if _may_be_an_article(one.url, home)]
    said = (_NONE if one.lastmod is None else " ".join(one.lastmod.split()) for one in own)
    return OwnAddresses(
        sitemap=sitemap,
        named=len(named),
        below=bool(below),
        branches=branches,
        urls=_BREAK.join(one.url for one in own),
        lastmods=_BREAK.join(said),
    )


def is_a_list(url: str) -> bool:
    """Whether `url` is that of the home page or of a page that lists posts: some plugins redirect a
    removed post there."""
    parts = urlsplit(url)
    return bool(NEVER.search(url)) or not (parts.path.strip("/") or parts.query)


def _may_be_an_article(url: str, home: str) -> bool:
    parts = urlsplit(url)
    # With plain permalinks every article has the path of the home page: /?p=17.
    is_home = parts.path.rstrip("/") == urlsplit(home).path.rstrip("/") and not parts.query
    return not is_home and not NEVER.search(url)
