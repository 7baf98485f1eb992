"""The shapes that pass between the floors: exchange, capture, hints, article.

    wire ── Exchange ──▶ warc ── Capture ──▶ Page with Hints ── cleaning ──▶ Article ──▶ lines

All are frozen: what was captured is never changed afterwards. Instants are aware
`datetime`s in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archive.outcomes import Flag
from archive.record_place import RecordPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its response, exactly as they were on the wire.

    `response` begins with the first byte the server sent for this request, interim (1xx)
    responses included, and ends with the last byte of the final response; it is empty when
    the server never answered. `truncated` is one of WARC-Truncated's words (`length`,
    `time`, `disconnect`) when the response is known to be cut.

    If the request was made for a page, `page_url` is the address the site publishes it under, and
    `hints` is what was known of it. If it was made for a further page of an article, `continues`
    is the record ID of the capture of its first page. `imported` tells where the capture of
    another program came from; its `request` may be empty and its `ip` unknown. `removed` names
    the parts of the request that are not stored (archive.http.redaction).
    """

    url: str
    request: bytes
    response: bytes
    ip: str
    port: int
    started: datetime
    ended: datetime
    method: str = "GET"
    tls_version: str | None = None
    tls_cipher: str | None = None
    tls_verified: bool | None = None
    truncated: str | None = None
    page_url: str | None = None
    hints: Hints | None = None
    continues: str | None = None
    removed: tuple[str, ...] = ()
    imported: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """An exchange as stored: where its response record lies and what it is called.

    `file` is relative to the site's folder; `offset` and `length` (bytes) delimit the gzip
    member of the response record; `record_id` is the bare `urn:uuid:…`. `intact` is False
    when the response was cut or its content-coding does not decode to its end: such a page
    is kept, but never made an article.
    """

    file: str
    offset: int
    length: int
    record_id: str
    payload_sha256: str
    date: datetime
    intact: bool = True


LISTINGS = ("rest", "feed", "sitemap")
"""The listings that can tell when an article was published (`date_source`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known of a page before it is read; every field may be missing.

    Facts of the listing (`post_id` … `protected`) are used where they are better than what the
    page says. `date_source` is the listing that told `published`: `rest` (also if it is None),
    `feed` or `sitemap`. `known_title` is the post's title when it was last listed; with it cleaning
    sees that the site shows another page in the post's place. `content_place` is where the listing
    is stored that told the post's content (archive.warc.listed_content). `charset` comes from the
    Content-Type header, `captured` is the instant of capture (for «۳ ساعت پیش»), `remove` and
    `content` are the site's own CSS selectors.
    """

    post_id: int | None = None
    post_type: str | None = None
    title: str | None = None
    published: datetime | None = None
    date_source: str | None = None
    modified: datetime | None = None
    protected: bool = False
    known_title: str | None = None
    content_place: RecordPlace | None = None
    site_name: str | None = None
    charset: str | None = None
    captured: datetime | None = None
    remove: tuple[str, ...] = ()
    content: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it came: `url` as the site publishes it, `body` without codings, its capture.

    An article that is split with <!--nextpage--> has its other pages in `further`, in order. One
    that is `outdated` tells itself that it is from before the edit for which it was asked for: a
    cache has sent it.
    """

    url: str
    body: bytes
    hints: Hints
    capture: Capture
    further: tuple[Page, ...] = ()
    outdated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A page of which there is nothing to clean, and a stable word for why (`timeout`)."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """The main image of an article: its address and its caption, if it has one."""

    url: str
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What cleaning makes of a page.

    `text` holds lead, paragraphs, subheads, quotes and list items in page order with a blank line
    between them; `lead` is the lead alone. `date_source` names where `published` was found: in a
    listing (`rest`, `feed`, `sitemap`), or in the page (`json-ld`, `meta`, `time`, `visible`,
    `url`). `source` is the agency that the page credits, `end_marker` the end mark that was cut off
    («پایان پیام/»).
    """

    title: str | None
    text: str
    lead: str | None = None
    url: str | None = None
    post_id: int | None = None
    post_type: str | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    source: str | None = None
    end_marker: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    date_source: str | None = None
    image: Image | None = None
    comments: int | None = None
    flags: tuple[Flag, ...] = ()
