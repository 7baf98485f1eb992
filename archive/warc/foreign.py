"""Captures that other programs made: their WARC files, read leniently.

>>> files = Foreign([Path("wget.warc.gz")], "https://khabar.example/")
>>> for exchange in files.exchanges():
...     print(exchange.url, exchange.started)

wget, Heritrix, warcprox, Browsertrix, the news crawl of Common Crawl: WARC or ARC, a gzip
member a record, one for all, or none, `<>` around addresses, IDs that are no UUIDs. What an
exchange held is taken byte for byte; what the record said around it is read. Requests are not
taken: they may hold somebody's cookies. Whatever else is not taken is counted by its reason.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

from archive.http.message import Message, status_of
from archive.http.urls import ascii_uri, host_of, resolved, spelling
from archive.inputs import NoWarc, inputs
from archive.leftout import LeftOut
from archive.model import Exchange, Hints
from archive.moment import moment
from archive.originals import Originals, Reference
from archive.warc.pages import IMPORTED
from archive.warc.reader import Gap, Walked, sift
from archive.warc.records import instant
from archive.warc.stored_record import StoredRecord

IMPORTED_ID = "imported-record-id"
IMPORTED_TYPE = "imported-record-type"
# What is told beside captures; none of them is one.
_BESIDE = ("request", "warcinfo", "metadata", "continuation")
_CAPTURES = ("response", "revisit", "resource")
_WEB = ("http:", "https:")
# Nothing was captured before the web was there; zero dates are none.
_FIRST_DAY = datetime(1990, 1, 1, tzinfo=UTC)
_IN_MEMORY = 8 << 20
_GAPS = 20
"""Of so many places of a file it is told what was passed over."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A capture of the site, and the bare name of the `file` it came in."""

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
    """What tells a capture from all others: not its ID alone, for some programs give one twice."""
    return f"{record_id} {uri} {instant(date)}"


class Foreign:
    """The pages of the site at `home` in some WARC files; `left_out` counts all else.

    `skip` is sites.toml's, `known` holds the keys of what was imported before. `recall` gives the
    response of an exchange that came earlier, also in another import, by its key.
    """

    def __init__(
        self,
        files: Sequence[Path],
        home: str,
        *,
        skip: Sequence[str] = (),
        known: Iterable[tuple[str, str, datetime]] = (),
        recall: Callable[[str], bytes | None] = lambda key: None,
    ) -> None:
        self.left_out = LeftOut()
        self._files = files
        self._home = urlsplit(home)
        self._host = host_of(home)
        self._skip = skip
        self._recall = recall
        self._known: set[str] = set()
        self._originals = Originals()
        self._latest = datetime.now(UTC) + timedelta(days=1)
        for record_id, uri, date in known:
            key = key_of(record_id, uri, date)
            self._known.add(key)
            self._originals.note(key, record_id, self._as_published(uri), date, "")

    def exchanges(self) -> Iterator[Exchange]:
        """Every page once; a revisit may come before what it refers to, and in another file.
        NoWarc if no file is a WARC."""
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as waiting:
            for path in self._files:
                with closing(self._read(path, waiting)) as exchanges:
                    yield from exchanges
            yield from self._resolved(waiting)
        if self.left_out.unread and len(self.left_out.unread) == len(self._files):
            raise NoWarc("\n".join(self.left_out.unread))

    def _read(self, path: Path, waiting: IO[bytes]) -> Generator[Exchange]:
        gaps: list[str] = []
        more = records = 0
        try:
            for name, file in inputs(path):
                for walked in sift(file):
                    if isinstance(walked, Gap):
                        more += len(gaps) >= _GAPS
                        gaps += [_sentence(name, walked)][: _GAPS - len(gaps)]
                        continue
                    records += 1
                    self.left_out.mended += walked.mended
                    if exchange := self._exchange(walked, path, waiting):
                        yield exchange
        except NoWarc as error:
            self.left_out.unread.append(str(error))
            return
        except OSError as error:
            gaps.append(f"{path} cannot be read to its end: {error.strerror}.")
        if gaps and not records:
            self.left_out.unread.append(
                f"{path} is no WARC file, or a broken one; nothing of it was taken."
            )
        else:
            rest = [f"{path}: so were {more} other places."] if more else []
            self.left_out.torn += gaps + rest

    def _exchange(self, walked: Walked, path: Path, waiting: IO[bytes]) -> Exchange | None:
        found = self._found(walked, path)
        if found is None:
            return None
        if found.key in self._known:
            self.left_out.known += 1
            return None
        if found.kind != "revisit":
            response = self._response(found)
            return self._taken(found, response) if response is not None else None
        status = status_of(found.record.block)
        if status not in (0, 200, 304) or not _is_html(found.record.block):
            self._leave(found, _unlike_a_page(status))
            return None
        if taken := self._again(found, last=False):
            return taken
        pickle.dump(found, waiting)
        return None

    def _found(self, walked: Walked, path: Path) -> _Found | None:
        """The record, if it is a capture of the site's that can be placed; None, and counted,
        for any other."""
        record = walked.record
        kind = (record.field("WARC-Type") or "").strip().lower()
        target = _bare(record, "WARC-Target-URI")
        if kind in _BESIDE or not self._is_ours(target):
            return None
        date = moment(record.field("WARC-Date"))
        reason = None
        if kind not in _CAPTURES:
            reason = "conversion" if kind == "conversion" else "unknown-record"
        elif resolved(target, "") is None:
            reason = "bad-address"
        elif date is None or not _FIRST_DAY <= date < self._latest:
            reason = "bad-date"
        if reason or date is None:
            self.left_out.add(reason or "bad-date")
            return None
        record_id = "".join(_bare(record, "WARC-Record-ID").split()) or _made_id(record, target)
        return _Found(
            # It may wait for its original: what it need not carry is left.
            StoredRecord(b"", record.fields, record.block),
            walked.whole,
            path.name,
            kind,
            target,
            date,
            record_id,
        )

    def _taken(self, found: _Found, response: bytes) -> Exchange:
        published = self._as_published(found.target)
        digest = found.record.field("WARC-Payload-Digest") or ""
        self._known.add(found.key)
        self._originals.note(found.key, found.record_id, published, found.date, digest)
        return Exchange(
            url=ascii_uri(found.target),
            page_url=published,
            hints=Hints(),
            request=b"",
            response=response,
            ip=_ip(found.record.field("WARC-IP-Address")),
            port=self._home.port or 0,
            started=found.date,
            ended=found.date,
            imported=(
                (IMPORTED, found.file),
                (IMPORTED_ID, found.record_id),
                (IMPORTED_TYPE, found.kind),
            ),
        )

    def _is_ours(self, target: str) -> bool:
        host = host_of(target)
        if not host:
            # `dns:` and `urn:` records are about no page.
            named = not target or target.lower().startswith(_WEB)
            self.left_out.add("bad-address" if named else "no-web-address")
            return False
        if host != self._host:
            hosts = self.left_out.hosts
            hosts[host] = hosts.get(host, 0) + 1
            return False
        skipped = any(part in target for part in self._skip)
        self.left_out.skipped += skipped
        return not skipped

    def _leave(self, found: _Found, reason: str) -> None:
        self.left_out.add(reason)
        if reason in ("no-page", "redirect", "error"):
            digest = found.record.field("WARC-Payload-Digest") or ""
            published = self._as_published(found.target)
            self._originals.note_no_page(found.record_id, published, found.date, digest)

    def _response(self, found: _Found) -> bytes | None:
        """The HTTP response of a page; None, and counted, for anything else."""
        record = found.record
        response = record.block
        kind = record.field("Content-Type") or ""
        bare = "http" not in kind and "html" in kind and not status_of(response)
        if found.kind == "resource" or bare:
            response = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + response
        status = status_of(response)
        reason = None
        if status == 0:
            reason = "no-http"
        elif status not in (200, 206) or not _is_html(response):
            reason = _unlike_a_page(status)
        elif not found.whole:
            reason = "too-long"
        elif record.field("WARC-Segment-Number"):
            reason = "segmented"
        elif record.field("WARC-Truncated") or status == 206:
            reason = "cut"
        if reason:
            self._leave(found, reason)
            return None
        return response

    def _again(self, found: _Found, *, last: bool) -> Exchange | None:
        """The exchange of a revisit whose original is there; `last` also takes what it does not
        name."""
        sought = self._reference(found)
        key = self._originals.find(sought)
        if key is None and last:
            key = self._originals.find_before(sought)
        response = self._recall(key) if key else None
        return self._taken(found, _behind(found.record.block, response)) if response else None

    def _reference(self, found: _Found) -> Reference:
        record = found.record
        uri = _bare(record, "WARC-Refers-To-Target-URI")
        unchanged = "not-modified" in (record.field("WARC-Profile") or "")
        unchanged = unchanged or status_of(record.block) == 304
        return Reference(
            record_id=_bare(record, "WARC-Refers-To"),
            uri=self._as_published(uri or found.target) if self._is_home(uri) else "",
            date=moment(record.field("WARC-Refers-To-Date")),
            digest=record.field("WARC-Payload-Digest") or "",
            before=found.date if unchanged else None,
        )

    def _is_home(self, uri: str) -> bool:
        return not uri or host_of(uri) == self._host

    def _resolved(self, waiting: IO[bytes]) -> Iterator[Exchange]:
        """The revisits that could not be resolved when they came. One may refer to another: as
        long as that helps it is done again."""
        ahead = True
        while ahead:
            ahead = False
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as rest:
                for found in _unpickled(waiting):
                    if found.key in self._known:
                        self.left_out.known += 1
                    elif exchange := self._again(found, last=True):
                        ahead = True
                        yield exchange
                    else:
                        pickle.dump(found, rest)
                waiting.seek(0)
                waiting.truncate()
                rest.seek(0)
                while piece := rest.read(1 << 16):
                    waiting.write(piece)
        for found in _unpickled(waiting):
            no_page = self._originals.is_no_page(self._reference(found))
            self.left_out.add("no-page" if no_page else "dangling")

    def _as_published(self, target: str) -> str:
        """The address as the site writes it today: its scheme and host, no campaign's tags."""
        parts = urlsplit(target)
        query = urlsplit(spelling(target)).query
        return urlunsplit((self._home.scheme, self._home.netloc, parts.path or "/", query, ""))


def _unpickled(waiting: IO[bytes]) -> Iterator[_Found]:
    waiting.seek(0)
    while True:
        try:
            yield pickle.load(waiting)
        except EOFError:
            return


def _sentence(name: str, gap: Gap) -> str:
    return f"{name}: bytes {gap.start} to {gap.end} were passed over: {gap.why}."


def _bare(record: StoredRecord, name: str) -> str:
    return (record.field(name) or "").strip("<> ")


def _ip(text: str | None) -> str:
    """The address of the server, if it is one; a host's name or worse may stand there."""
    try:
        return str(ip_address((text or "").strip()))
    except ValueError:
        return ""


def _made_id(record: StoredRecord, target: str) -> str:
    """An ID for a record without one, the same whenever it is read: of ARC files, say."""
    digest = hashlib.sha256(record.block).hexdigest()
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{target} {record.field('WARC-Date')} {digest}").urn


def _behind(head: bytes, original: bytes) -> bytes:
    """The response with the body that a revisit saw again, behind its own head if that fits."""
    whole = Message.parse(original)
    again = head + whole.body
    message = Message.parse(again)
    return again if message.status == 200 and message.payload == whole.payload else original


def _is_html(block: bytes) -> bool:
    kind = Message.parse(block).header("content-type") or "text/html"
    return "html" in kind.lower()


def _unlike_a_page(status: int) -> str:
    """Why an answer is no page, and nothing is lost with it."""
    if 300 <= status < 400:
        return "redirect"
    return "error" if status >= 400 else "no-page"
