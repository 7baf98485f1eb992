"""What a look at a site told, as it is remembered for a week."""

from __future__ import annotations

from dataclasses import dataclass, field

from scrapy.http import Response

from spiders.rest import PostType


@dataclass(slots=True)
class Probe:
    """What a look at the site told: where REST is (None: closed) and the feed, the public
    types, the site's name; whether anything says that it is WordPress, and which source named
    its articles when REST did not. `sitemap` is the one that was found by guessing, `lists` the
    kind of lists that are complete, `closed` where REST would be if it were open.

    `ground` is below what address everything of the site is: a site in a folder shares its
    host with others.
    """

    home: str
    feed: str
    wordpress: bool
    ground: str = ""
    per_page: int = 100
    source: str | None = None
    sitemap: str | None = None
    lists: str | None = None
    closed: str | None = None
    root: str | None = None
    name: str | None = None
    types: list[PostType] = field(default_factory=list)


def looks_like_wordpress(home: Response) -> bool:
    """Whether the home page carries one of the marks WordPress leaves unless they are hidden."""
    return (
        any(mark in home.body for mark in (b"/wp-content/", b"/wp-includes/", b"api.w.org"))
        or b"api.w.org" in b"".join(home.headers.getlist("Link"))
        or bool(home.headers.get("X-Pingback"))
    )
