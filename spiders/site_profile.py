"""What a look at a site told, as it is remembered for a week."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scrapy.http import Response

from spiders.rest.post_type import PostType

_PAGES = re.compile(rb"(?:/page/|[?&](?:amp;|#038;)?paged=)(\d{1,5})/?[\"'?&#]")


@dataclass(slots=True)
class SiteProfile:
    """What a look at the site told: where REST is (None: closed) and the feed, the public
    types and those of them that REST `refused` to list, the site's name; whether anything says
    that it is WordPress, and which source named its articles when REST did not. `sitemap` is the
    one that was found by guessing, `lists` the kind of lists that are complete, `closed` where
    REST would be if it were open, `pages` how many pages the home page says the blog has.
    `per_page` posts stand on a listing page, and `content_per_page` on one with their content.

    `ground` is below what address everything of the site is: a site in a folder shares its
    host with others.
    """

    home: str
    feed: str
    wordpress: bool
    ground: str = ""
    per_page: int = 100
    content_per_page: int = 100
    source: str | None = None
    sitemap: str | None = None
    lists: str | None = None
    closed: str | None = None
    pages: int = 0
    root: str | None = None
    name: str | None = None
    types: list[PostType] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def pages_of(home: Response) -> int:
    """How many pages the blog has, by the links of the home page; 0 if it links none."""
    return max((int(number) for number in _PAGES.findall(home.body)), default=0)


def looks_like_wordpress(home: Response) -> bool:
    """Whether the home page carries one of the marks WordPress leaves unless they are hidden."""
    return (
        any(mark in home.body for mark in (b"/wp-content/", b"/wp-includes/", b"api.w.org"))
        or b"api.w.org" in b"".join(home.headers.getlist("Link"))
        or bool(home.headers.get("X-Pingback"))
    )
