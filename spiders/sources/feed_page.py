"""One page of a feed: RSS 2.0, Atom (RFC 4287) or RSS 1.0 (RDF)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from archive.http.urls import resolved
from archive.index.listed_post import ListedPost
from archive.text.markup import LONGEST_TITLE, unescaped
from archive.text.numbers import number_of
from archive.times.listing_date import feed_date
from spiders.sources.markup import Element, Markup, NoMarkup, child, name_of, text_of, unpacked

ROOTS = ("rss", "feed", "rdf")
ENTRIES = ("item", "entry")
_LARGEST = 16 * 1024 * 1024
_GUID = re.compile(r"[?&]p=(\d{1,18})(?!\d)")
_GUID_TYPE = re.compile(r"[?&]post_type=([a-z0-9_-]{1,64})(?:&|$)")
_DATES = ("pubdate", "published", "date", "issued")
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
# The site's clock and ours may differ by a day.
_AHEAD = timedelta(days=2)


class NotAFeed(ValueError):
    """The bytes are no feed; often they are the home page, as with plain permalinks."""


def parse(body: bytes, url: str = "", clock: datetime | None = None) -> list[ListedPost]:
    """The posts of the page of a feed at `url`; NotAFeed if it is none.

    `published` is None if the feed tells no date, or one that cannot be true: its year is too
    early (plugins write Jalali years, broken imports write zeros), or it is more than two days
    after `clock`. Then the article's own page knows better.
    """
    try:
        page = Markup(unpacked(body, _LARGEST), ROOTS)
    except NoMarkup as error:
        raise NotAFeed from error
    posts = (_found(entry, url, clock) for entry in page.elements(ENTRIES))
    return [post for post in posts if post]


def link_of(entry: Element, base: str) -> str | None:
    """The address of the entry's page; None if it has none that can be asked for.

    FeedBurner writes its own address into the link, and the true one into another element.
    """
    told = [text_of(child(entry, "origlink")), _link(entry)]
    guid = child(entry, "guid")
    if guid is not None and guid.get("isPermaLink", "true").lower() != "false":
        told.append(text_of(guid))
    return next((url for link in told if link and (url := resolved(link, base))), None)


def _link(entry: Element) -> str:
    """The link of the entry: in RSS it is a text, in Atom an attribute of one of several links."""
    links = [one for one in entry if name_of(one) == "link"]
    for link in links:
        told = link.get("href", "") if link.get("href") else text_of(link)
        if told.strip() and link.get("rel", "alternate") == "alternate":
            return told
    return ""


def _found(entry: Element, base: str, clock: datetime | None) -> ListedPost | None:
    url = link_of(entry, base)
    if url is None:
        return None
    guid = text_of(child(entry, "guid")) or text_of(child(entry, "id"))
    number, kind = _GUID.search(guid), _GUID_TYPE.search(guid)
    return ListedPost(
        url=url,
        post_type=(kind[1] if kind else "post") if number else None,
        post_id=number_of(number[1]) if number else None,
        title=_title(child(entry, "title")),
        published=_published(entry, clock),
        date_source="feed",
    )


def _title(title: Element | None) -> str | None:
    text = text_of(title)[:LONGEST_TITLE]
    if title is not None and title.get("type") == "html":
        text = unescaped(text).strip()
    return text or None


def _published(entry: Element, clock: datetime | None) -> datetime | None:
    for name in _DATES:
        moment = feed_date(text_of(child(entry, name)))
        if moment and _EARLIEST <= moment <= (clock or datetime.now(UTC)) + _AHEAD:
            return moment
    return None
