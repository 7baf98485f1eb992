"""The switch of benchmarks.durability: a crawl that keeps no exchange."""

from __future__ import annotations

from archive.model import Capture, Exchange
from archive.writer.site_writer import SiteWriter

NOWHERE = "urn:uuid:00000000-0000-4000-8000-000000000000"


def switch() -> None:
    """From now on nights throw away what was on the wire."""
    SiteWriter.capture = _forget  # type: ignore[assignment,method-assign]


def _forget(writer: SiteWriter, exchange: Exchange) -> Capture:
    writer.run.counts.requests += 1
    writer.run.counts.bytes += len(exchange.response)
    return Capture(
        file="warc/2026/none.warc.gz",
        offset=0,
        length=0,
        record_id=NOWHERE,
        payload_sha256="0" * 64,
        date=exchange.started,
    )
