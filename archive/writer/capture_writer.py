"""Appends exchanges to the WARC file of a run. A payload that is stored already is not stored
again: a `revisit` record refers to it."""

from __future__ import annotations

from pathlib import Path

from archive.http.message import Message
from archive.index.dedup import Payload
from archive.index.index import Index
from archive.index.validators import SeenValidators
from archive.model import Capture, Exchange
from archive.warc.records import Original, exchange_records, sha256
from archive.warc.writer import WarcSeries
from archive.writer.batch import Batch

WORTHWHILE = 512
"""The size in bytes from which a `revisit` is smaller than the response that it replaces."""


class CaptureWriter:
    """Appends the exchanges of one run to `warc`. Their payloads go into the `batch`: later
    records may refer to them only once they are durable."""

    def __init__(self, site_folder: Path, index: Index, warc: WarcSeries, batch: Batch) -> None:
        self._site_folder = site_folder
        self._index = index
        self._warc = warc
        self._batch = batch

    def append(self, exchange: Exchange, message: Message, intact: bool) -> Capture:
        """Append the records of `exchange`, whose response is `message`; WriteFailed if the disk
        refuses. With `intact` the response came whole and can be decoded."""
        digest = sha256(message.payload)
        original = self._original(exchange, message, digest) if intact else None
        self._warc.open()
        records = exchange_records(exchange, message, digest, self._warc.warcinfo_id, original)
        place = self._warc.append(records)[0]
        if intact and message.status == 200:
            if not original and len(message.payload) >= WORTHWHILE:
                self._batch.note(Payload(digest, place.file, place.offset))
            seen = SeenValidators.of(exchange.url, message, digest) if exchange.page_url else None
            if seen:
                self._batch.see(seen)
        return Capture(
            file=place.file,
            offset=place.offset,
            length=place.length,
            record_id=records[0].record_id,
            payload_sha256=original.sha256 if original else digest,
            date=exchange.started,
            intact=intact,
        )

    def _original(self, exchange: Exchange, message: Message, digest: str) -> Original | None:
        """The stored response that has the same payload, or that a 304 stands for."""
        if message.status == 304:
            told = self._index.validators.sha256(exchange.url)
            return self._index.digests.original(self._site_folder, told) if told else None
        if message.status != 200 or len(message.payload) < WORTHWHILE:
            return None
        return self._index.digests.original(self._site_folder, digest)
