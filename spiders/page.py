"""Makes a page of a response, from the network or from the WARC."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from w3lib.encoding import http_content_type_encoding

from archive.http.coding import Undecodable
from archive.http.message import Message
from archive.model import Capture, Hints, Missed, Page
from archive.outcomes import Reason
from archive.text.numbers import number_of
from archive.times.listing_date import w3c_date
from archive.warc.pages import PageCapture
from archive.warc.records import sha256

if TYPE_CHECKING:
    # Not at run time: cleaning stored pages must not load Scrapy.
    from scrapy.http import Response

_CODING = re.compile("[a-z0-9-]{1,20}")
_NOT_FOUND = re.compile(rb"<body[^<>]*\bclass=[\"'][^\"'<>]*\berror404\b")
# What SEO plugins write: Yoast, Rank Math, AIOSEO and core's Jetpack.
_MODIFIED = re.compile(
    rb"""article:modified_time["']\s{1,9}content=["']([^"'<>]{10,40})"""
    rb"""|"dateModified"\s{0,9}:\s{0,9}"([^"<>]{10,40})"""
)
_POST_ID = re.compile(rb"<body[^<>]*\bpostid-(\d{1,18})(?!\d)")


def with_response(hints: Hints, content_type: str | None, capture: Capture) -> Hints:
    """`hints` with what the response tells: its charset and the instant of capture."""
    return replace(
        hints,
        charset=http_content_type_encoding(content_type or ""),
        captured=capture.date.astimezone(UTC),
    )


def page_of(response: Response, url: str, hints: Hints, capture: Capture) -> Page:
    """The page in `response`; the site publishes it at `url`."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    hints = with_response(hints, content_type, capture)
    return Page(url=url, body=response.body, hints=hints, capture=capture)


def is_another_post(body: bytes, post_id: int | None) -> bool:
    """Whether a redirect led to the page of another post than `post_id`: WordPress guesses."""
    shown = _POST_ID.search(body)
    return post_id is not None and shown is not None and number_of(shown[1].decode()) != post_id


def shown_modified(body: bytes) -> datetime | None:
    """When the page says that its post was modified."""
    found = _MODIFIED.search(body)
    return w3c_date((found[1] or found[2]).decode("latin-1")) if found else None


def is_not_found(body: bytes) -> bool:
    """Whether this is WordPress's page for what is not there, which some sites send with 200."""
    return bool(_NOT_FOUND.search(body))


def _unread(message: Message, error: Undecodable) -> str:
    """Why a body cannot be decoded; an unknown coding is named."""
    coding = message.unknown_coding
    named = error.reason == Reason.CODING and coding is not None and _CODING.fullmatch(coding)
    return f"coding-{coding}" if named else error.reason


def stored_page(
    found: PageCapture, response: bytes, further: Sequence[bytes] = ()
) -> Page | Missed:
    """The page in a stored `response`, as the run that captured it saw it. `further` are the
    responses with the pages of `found.further`."""
    message = Message.parse(response)
    try:
        body = message.decoded()
    except Undecodable as error:
        return Missed(url=found.url, reason=_unread(message, error))
    if found.redirected and is_another_post(body, found.hints.post_id):
        return Missed(url=found.url, reason=Reason.REDIRECTED)
    capture = Capture(
        file=found.place.file,
        offset=found.place.offset,
        length=found.place.length,
        record_id=found.record_id,
        payload_sha256=sha256(message.payload),
        date=found.date,
    )
    hints = with_response(found.hints, message.header("content-type"), capture)
    more = map(stored_page, found.further, further)
    return Page(
        url=found.url,
        body=body,
        hints=hints,
        capture=capture,
        further=tuple(page for page in more if isinstance(page, Page)),
    )
