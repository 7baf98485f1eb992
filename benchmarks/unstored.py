"""The switch of benchmarks.durability: a crawl that keeps no exchange, and else does the same work.

Two things are read back from the WARC files while the crawl goes on: a listing, which tells the
content of its posts, and the first hundred pages, from which the site's layout is learnt. They are
kept here too. Without them pages would be cleaned with less to go by, in a third less time, and the
figure would be about that.
"""

from __future__ import annotations

from collections.abc import Callable

from archive.layout import EPOCHS
from archive.model import Capture, Exchange
from archive.writer.site_writer import SiteWriter

NOWHERE = "urn:uuid:00000000-0000-4000-8000-000000000000"
_store: Callable[[SiteWriter, Exchange], Capture] = SiteWriter.capture


def switch() -> None:
    """From now on runs throw away what was on the wire."""
    SiteWriter.capture = _forget  # type: ignore[assignment,method-assign]


def _forget(writer: SiteWriter, exchange: Exchange) -> Capture:
    if exchange.page_url is None or not (writer.folder.path / EPOCHS).exists():
        return _store(writer, exchange)
    writer.run.counts.requests += 1
    writer.run.counts.bytes += len(exchange.response)
    return Capture(
        file=f"warc/{writer.run.started:%Y}/{writer.run_name}-00000.warc.gz",
        offset=0,
        length=0,
        record_id=NOWHERE,
        payload_sha256="0" * 64,
        date=exchange.started,
    )
