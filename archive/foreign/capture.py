"""A capture in a file of another program: what its record tells, and whether it is a page."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from archive.http.message import Message, status_of
from archive.http.urls import ascii_uri
from archive.outcomes import Reason
from archive.warc.records import instant
from archive.warc.stored_record import StoredRecord


@dataclass(frozen=True, slots=True)
class ForeignCapture:
    """A capture of the site; `file` is the name, without folders, of the file it came in."""

    record: StoredRecord
    whole: bool
    file: str
    kind: str
    target: str
    date: datetime
    record_id: str

    @property
    def key(self) -> str:
        return key_of(self.record_id, ascii_uri(self.target), self.date)


def key_of(record_id: str, uri: str, date: datetime) -> str:
    """A key of its own for every capture. The ID alone is none: some programs give one twice."""
    return f"{record_id} {uri} {instant(date)}"


def page_response(found: ForeignCapture) -> tuple[bytes, str | None]:
    """The HTTP response of the capture, and why it is no page; None if it is one."""
    record = found.record
    response = record.block
    kind = record.field("Content-Type") or ""
    bare = "http" not in kind and "html" in kind and not status_of(response)
    if found.kind == "resource" or bare:
        response = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + response
    status = status_of(response)
    reason: str | None = None
    if status == 0:
        reason = "no-http"
    elif status not in (200, 206) or not is_html(response):
        reason = unlike_a_page(status)
    elif not found.whole:
        reason = "too-long"
    elif record.field("WARC-Segment-Number"):
        reason = "segmented"
    elif record.field("WARC-Truncated") or status == 206:
        reason = Reason.CUT
    return response, reason


def bare(record: StoredRecord, name: str) -> str:
    return (record.field(name) or "").strip("<> ")


def server_ip(text: str | None) -> str:
    """The server's IP address; empty if `text` is none: it may be the name of a host."""
    try:
        return str(ip_address((text or "").strip()))
    except ValueError:
        return ""


def made_id(record: StoredRecord, target: str) -> str:
    """An ID for a record without one (ARC records have none), the same each time it is read."""
    digest = hashlib.sha256(record.block).hexdigest()
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{target} {record.field('WARC-Date')} {digest}").urn


def is_html(block: bytes) -> bool:
    kind = Message.parse(block).header("content-type") or "text/html"
    return "html" in kind.lower()


def unlike_a_page(status: int) -> str:
    """The reason why an answer with this status is no page; no article is lost with it."""
    if 300 <= status < 400:
        return "redirect"
    return "error" if status >= 400 else "no-page"
