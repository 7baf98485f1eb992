"""The switch of benchmarks.durability: a crawl that keeps no exchange."""

from __future__ import annotations

from archive.model import Capture, Exchange
from archive.writer.site_writer import Night

NOWHERE = "urn:uuid:00000000-0000-4000-8000-000000000000"


def switch() -> None:
    """From now on nights throw away what was on the wire."""
    Night.capture = _forget  # type: ignore[assignment,method-assign]


def _forget(night: Night, exchange: Exchange) -> Capture:
    night.run.counts.requests += 1
    night.run.counts.bytes += len(exchange.response)
    return Capture(
        file="warc/2026/none.warc.gz",
        offset=0,
        length=0,
        record_id=NOWHERE,
        payload_sha256="0" * 64,
        date=exchange.started,
    )
