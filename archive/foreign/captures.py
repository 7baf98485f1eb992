"""Captures that other programs made: their WARC files, read leniently.

>>> files = Foreign([Path("wget.warc.gz")], "https://khabar.example/")
>>> for exchange in files.exchanges():
...     print(exchange.url, exchange.started)

wget, Heritrix, warcprox, Browsertrix and others write WARC or ARC: with a gzip member for each
record, one for all, or none; with `<>` around addresses; with IDs that are no UUIDs. The exchange
is taken byte for byte, the record's head is only read. Requests are not taken: they may hold
somebody's cookies. Everything else that is not taken is counted by its reason.
"""

from __future__ import annotations

import pickle  # nosec B403 # read is only what this run has just written
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import IO
from urllib.parse import urlsplit, urlunsplit

from archive.foreign.capture import (
    ForeignCapture,
    bare,
    is_html,
    key_of,
    made_id,
    page_response,
    server_ip,
    unlike_a_page,
)
from archive.foreign.inputs import NoWarc, WarcInput, inputs
from archive.foreign.left_out import LeftOut
from archive.foreign.originals import Originals, Reference
from archive.foreign.sift import Gap, Walked, sift
from archive.http.message import Message, status_of
from archive.http.urls import ascii_uri, host_of, resolved, spelling
from archive.model import Exchange, Hints
from archive.outcomes import Reason
from archive.times.warc_date import moment
from archive.warc.pages import IMPORTED
from archive.warc.stored_record import StoredRecord

IMPORTED_ID = "imported-record-id"
IMPORTED_TYPE = "imported-record-type"
# Records of these types are no captures.
_BESIDE = ("request", "warcinfo", "metadata", "continuation")
_CAPTURES = ("response", "revisit", "resource")
_WEB = ("http:", "https:")
# An earlier date is wrong: there was no web.
_FIRST_DAY = datetime(1990, 1, 1, tzinfo=UTC)
_IN_MEMORY = 8 << 20
_GAPS = 20
"""So many gaps of one file are told each; of the others only the number."""


class Foreign:
    """The pages of the site at `home` in some WARC files; `left_out` counts all else.

    `skip` is that of sites.toml. `known` holds the record IDs, addresses and dates of what was
    imported before. `recall` takes a key (`key_of`) and returns the response of an exchange that
    came earlier, also in an earlier import.
    """

    def __init__(
        self,
        files: Sequence[WarcInput],
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
        """Every page once. A revisit may come before the response that it refers to, or in another
        file. NoWarc if no file is a WARC."""
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as waiting:
            for path in self._files:
                with closing(self._read(path, waiting)) as exchanges:
                    yield from exchanges
            yield from self._resolved(waiting)
        if self.left_out.unread and len(self.left_out.unread) == len(self._files):
            raise NoWarc("\n".join(self.left_out.unread))

    def _read(self, path: WarcInput, waiting: IO[bytes]) -> Generator[Exchange]:
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

    def _exchange(self, walked: Walked, path: WarcInput, waiting: IO[bytes]) -> Exchange | None:
        found = self._found(walked, path)
        if found is None:
            return None
        if found.key in self._known:
            self.left_out.known += 1
            return None
        if found.kind != "revisit":
            response, reason = page_response(found)
            if reason is None:
                return self._taken(found, response)
            self._leave(found, reason)
            return None
        status = status_of(found.record.block)
        if status not in (0, 200, 304) or not is_html(found.record.block):
            self._leave(found, unlike_a_page(status))
            return None
        if taken := self._again(found, last=False):
            return taken
        pickle.dump(found, waiting)
        return None

    def _found(self, walked: Walked, path: WarcInput) -> ForeignCapture | None:
        """The record, if it is a capture of the site with a usable address and date. Else None,
        and it is counted as left out."""
        record = walked.record
        kind = (record.field("WARC-Type") or "").strip().lower()
        target = bare(record, "WARC-Target-URI")
        if kind in _BESIDE or not self._is_ours(target):
            return None
        date = moment(record.field("WARC-Date"))
        reason = None
        if kind not in _CAPTURES:
            reason = "conversion" if kind == "conversion" else "unknown-record"
        elif resolved(target, "") is None:
            reason = Reason.BAD_ADDRESS
        elif date is None or not _FIRST_DAY <= date < self._latest:
            reason = "bad-date"
        if reason or date is None:
            self.left_out.add(reason or "bad-date")
            return None
        record_id = "".join(bare(record, "WARC-Record-ID").split()) or made_id(record, target)
        return ForeignCapture(
            # It may have to wait for its original, so it should be small.
            StoredRecord(b"", record.fields, record.block),
            walked.whole,
            path.name,
            kind,
            target,
            date,
            record_id,
        )

    def _taken(self, found: ForeignCapture, response: bytes) -> Exchange:
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
            ip=server_ip(found.record.field("WARC-IP-Address")),
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
            # Records with `dns:` or `urn:` are not about a page.
            named = not target or target.lower().startswith(_WEB)
            self.left_out.add(Reason.BAD_ADDRESS if named else "no-web-address")
            return False
        if host != self._host:
            hosts = self.left_out.hosts
            hosts[host] = hosts.get(host, 0) + 1
            return False
        skipped = any(part in target for part in self._skip)
        self.left_out.skipped += skipped
        return not skipped

    def _leave(self, found: ForeignCapture, reason: str) -> None:
        self.left_out.add(reason)
        if reason in ("no-page", "redirect", "error"):
            digest = found.record.field("WARC-Payload-Digest") or ""
            published = self._as_published(found.target)
            self._originals.note_no_page(found.record_id, published, found.date, digest)

    def _again(self, found: ForeignCapture, *, last: bool) -> Exchange | None:
        """The exchange of a revisit, if its original was seen. With `last` that is also the last
        response of the address before the revisit, if it names no original."""
        sought = self._reference(found)
        key = self._originals.find(sought)
        if key is None and last:
            key = self._originals.find_before(sought)
        response = self._recall(key) if key else None
        return self._taken(found, _behind(found.record.block, response)) if response else None

    def _reference(self, found: ForeignCapture) -> Reference:
        record = found.record
        uri = bare(record, "WARC-Refers-To-Target-URI")
        unchanged = "not-modified" in (record.field("WARC-Profile") or "")
        unchanged = unchanged or status_of(record.block) == 304
        return Reference(
            record_id=bare(record, "WARC-Refers-To"),
            uri=self._as_published(uri or found.target) if self._is_home(uri) else "",
            date=moment(record.field("WARC-Refers-To-Date")),
            digest=record.field("WARC-Payload-Digest") or "",
            before=found.date if unchanged else None,
        )

    def _is_home(self, uri: str) -> bool:
        return not uri or host_of(uri) == self._host

    def _resolved(self, waiting: IO[bytes]) -> Iterator[Exchange]:
        """The revisits that could not be resolved when they came. One may refer to another one, so
        this is repeated as long as more are resolved."""
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
        """The address as the site writes it today: its scheme and host, and no campaign tags."""
        parts = urlsplit(target)
        query = urlsplit(spelling(target)).query
        return urlunsplit((self._home.scheme, self._home.netloc, parts.path or "/", query, ""))


def _unpickled(waiting: IO[bytes]) -> Iterator[ForeignCapture]:
    waiting.seek(0)
    while True:
        try:
            yield pickle.load(waiting)  # nosec B301 # our own nameless file
        except EOFError:
            return


def _sentence(name: str, gap: Gap) -> str:
    return f"{name}: bytes {gap.start} to {gap.end} were passed over: {gap.why}."


def _behind(head: bytes, original: bytes) -> bytes:
    """The original's response, with the revisit's own `head` in place of its head if that fits."""
    whole = Message.parse(original)
    again = head + whole.body
    message = Message.parse(again)
    return again if message.status == 200 and message.payload == whole.payload else original
