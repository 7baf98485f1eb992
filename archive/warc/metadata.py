"""The metadata record of an exchange: what the response record cannot say, as
`application/warc-fields`.

    fetchTimeMs: 84
    page-url: https://khabar.example/1405/09/01/…/
    post-id: 12345
    post-modified: 2026-11-21T06:10:00Z
    post-content: warc/2026/RUN-00000.warc.gz 9124 88021

The last fields make it possible to clean a page again without a request: they are what listings
told of it, where the listing is stored that told its content, and the address that the page has
there (after a redirect the exchange has another one). A further page of an article has the fields
of the first page, and its record ID in `continues`.
"""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta

from archive.http.message import Message
from archive.model import Exchange, Hints
from archive.record_place import RecordPlace
from archive.text.fold import well_formed
from archive.text.numbers import number_of
from archive.times.days import utc

_CONTINUES = "continues"
_LINE_END = re.compile("[\r\n]+")


def warc_fields(fields: dict[str, str]) -> bytes:
    """`application/warc-fields`: one name and value on each line.

    >>> warc_fields({"software": "baygan"})
    b'software: baygan\\r\\n'
    """
    lines = (f"{name}: {_LINE_END.sub(' ', value).strip()}\r\n" for name, value in fields.items())
    return well_formed("".join(lines)).encode()


def read_fields(block: bytes) -> dict[str, str]:
    """The names and values of an `application/warc-fields` block.

    >>> read_fields(b"fetchTimeMs: 84\\r\\npost-id: 12345\\r\\n")
    {'fetchTimeMs': '84', 'post-id': '12345'}
    """
    lines = block.decode("utf-8", "replace").split("\r\n")
    parts = [line.partition(":") for line in lines]
    return {name: value.strip() for name, colon, value in parts if colon}


def field_of(block: bytes, name: str) -> str | None:
    """The value of the field `name`; None if the block does not have it, as most have not."""
    return read_fields(block).get(name) if name.encode() in block else None


def notes(exchange: Exchange, message: Message, head: bytes = b"") -> bytes:
    """The block of the metadata record: how long the exchange took (Heritrix's `fetchTimeMs`),
    interim responses, the response's `head` if its own record cannot hold it, which parts of the
    request are not stored, whether the certificate was not verified, and for which page the
    request was made."""
    spent = exchange.ended - exchange.started
    fields = dict(exchange.imported) or {"fetchTimeMs": str(spent // timedelta(milliseconds=1))}
    if message.interim:
        fields["interim-responses-base64"] = base64.b64encode(message.interim).decode()
    if head:
        fields["response-head-base64"] = base64.b64encode(head).decode()
    if exchange.removed:
        fields["removed-from-request"] = ", ".join(exchange.removed)
    if exchange.tls_verified is False:
        fields["tls-verified"] = "false"
    if exchange.page_url and exchange.hints:
        fields |= _page_fields(exchange.page_url, exchange.hints)
    if exchange.continues:
        fields[_CONTINUES] = exchange.continues
    return warc_fields(fields)


def _page_fields(url: str, hints: Hints) -> dict[str, str]:
    told = {
        "page-url": url,
        "post-id": None if hints.post_id is None else str(hints.post_id),
        "post-type": hints.post_type,
        "post-title": hints.title,
        "post-known-title": hints.known_title,
        "post-published": utc(hints.published),
        "post-date-source": hints.date_source,
        "post-modified": utc(hints.modified),
        "post-protected": "true" if hints.protected else None,
        "post-content": str(hints.content_place) if hints.content_place else None,
        "site-name": hints.site_name,
    }
    return {name: value for name, value in told.items() if value}


def continued_by(block: bytes) -> str | None:
    """The record ID of the first page of the article, if this is a further page of it."""
    return field_of(block, _CONTINUES)


def page_of(block: bytes) -> tuple[str, Hints] | None:
    """The page in a metadata record's block: its address as the site publishes it, and what was
    known of it; None if the request was not made for a page.

    `charset` and `captured` are in the response record, `remove` and `content` in sites.toml:
    they are not set here.
    """
    fields = read_fields(block)
    if "page-url" not in fields:
        return None
    number = fields.get("post-id", "")
    hints = Hints(
        post_id=number_of(number),
        post_type=fields.get("post-type"),
        title=fields.get("post-title"),
        known_title=fields.get("post-known-title"),
        published=_moment(fields.get("post-published")),
        date_source=fields.get("post-date-source") or _date_source(fields),
        modified=_moment(fields.get("post-modified")),
        protected=fields.get("post-protected") == "true",
        content_place=RecordPlace.read(fields.get("post-content")),
        site_name=fields.get("site-name"),
    )
    return fields["page-url"], hints


def _date_source(fields: dict[str, str]) -> str | None:
    """The listing that told the date. Old records do not name it: it was REST if there is a
    `post-modified`, since no feed has that."""
    if "post-published" not in fields:
        return None
    return "rest" if "post-modified" in fields else "feed"


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
