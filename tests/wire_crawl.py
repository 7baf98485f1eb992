"""A crawl in a process of its own, for a reactor runs once: `python -m tests.wire_crawl PLAN`.

PLAN is a JSON file: `requests` (each with url, method, body, meta), `settings`, `allow_private`,
and `fail_at` with `error` to make the night refuse the exchange of that number. One JSON object
comes out on stdout: `exchanges` as captured, `outcomes` by request, `reason`, `failure`, how
often the night was called, and `rss`, the most memory the process had, in bytes.
"""

from __future__ import annotations

import base64
import json
import sys
import warnings
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urldefrag

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import ScrapyDeprecationWarning
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import BayganError, WriteFailed
from archive.model import Capture, Exchange
from archive.sites import Site
from scraper.download.handler import WireHandler
from scraper.download.throttle import throttle_of
from scraper.download.wire import check_names

SETTINGS: dict[str, Any] = {
    "DOWNLOAD_HANDLERS": {"http": WireHandler, "https": WireHandler},
    "TWISTED_DNS_RESOLVER": "scraper.download.resolver.Names",
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
    "RETRY_TIMES": 1,
    "LOG_ENABLED": False,
    "HTTPERROR_ALLOW_ALL": True,
    "DEFAULT_REQUEST_HEADERS": {"Accept-Encoding": "gzip, deflate"},
}


@dataclass
class SiteWriter:
    """Keeps exchanges in memory; a capture's offset is the exchange's number."""

    fail_at: int | None
    error: str | None
    failure: BayganError | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    calls: int = 0

    def capture(self, exchange: Exchange) -> Capture:
        self.calls += 1
        if self.calls == self.fail_at:
            raise OSError(28, "disk full") if self.error == "OSError" else WriteFailed("disk full")
        self.exchanges.append(exchange)
        return Capture(
            file="memory",
            offset=len(self.exchanges) - 1,
            length=len(exchange.response),
            record_id="urn:uuid:0",
            payload_sha256="",
            date=exchange.started,
        )


class Spider(scrapy.Spider):
    """Asks for everything in the plan and notes what became of it."""

    name = "wire"
    plan: ClassVar[dict[str, Any]]
    writer: ClassVar[SiteWriter]
    site: ClassVar[Site]
    outcomes: ClassVar[list[dict[str, Any]]] = []
    reason: ClassVar[str] = ""

    async def start(self) -> AsyncIterator[scrapy.Request]:
        # The plan is made of failures; no site would be asked for so many in a row.
        throttle_of(self.crawler).patience = {}
        for wanted in self.plan["requests"]:
            yield scrapy.Request(
                wanted["url"],
                method=wanted.get("method", "GET"),
                body=wanted.get("body", ""),
                meta=wanted.get("meta"),
                callback=self.answered,
                errback=self.failed,
                dont_filter=True,
            )

    def answered(self, response: Response) -> None:
        self.note(response.request, status=response.status, flags=response.flags)

    def failed(self, failure: Failure) -> None:
        request = failure.request  # type: ignore[attr-defined]
        self.note(request, error=type(failure.value).__name__, message=str(failure.value))

    def note(self, request: scrapy.Request | None, **outcome: Any) -> None:
        assert request is not None
        capture: Capture | None = request.meta.get("capture")
        offset = None if capture is None else capture.offset
        asked = request.meta.get("redirect_urls", [request.url])[0]
        asked, url = urldefrag(asked).url, urldefrag(request.url).url
        self.outcomes.append({"asked": asked, "url": url, "capture": offset, **outcome})

    def closed(self, reason: str) -> None:
        type(self).reason = reason


def peak_memory() -> int:
    """The most memory this process has had, in bytes (getrusage's figure starts with what the
    parent had before exec)."""
    [line] = [x for x in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in x]
    return int(line.split()[1]) * 1024


def plain(exchange: Exchange) -> dict[str, Any]:
    """An exchange as JSON can hold it."""
    data = asdict(exchange)
    for name in ("request", "response"):
        data[name] = base64.b64encode(data[name]).decode()
    for name in ("started", "ended"):
        data[name] = data[name].isoformat()
    return data


def main() -> None:
    warnings.simplefilter("error", ScrapyDeprecationWarning)
    check_names()
    plan = json.loads(Path(sys.argv[1]).read_text())
    writer = SiteWriter(plan.get("fail_at"), plan.get("error"))
    Spider.plan, Spider.writer = plan, writer
    Spider.site = Site(
        name="wire",
        url="https://news.example/",
        delay=plan.get("delay", 0.0),
        allow_private=plan["allow_private"],
    )
    process = AsyncCrawlerProcess(SETTINGS | plan.get("settings", {}))
    process.crawl(Spider)
    process.start()
    result = {
        "exchanges": [plain(exchange) for exchange in writer.exchanges],
        "outcomes": Spider.outcomes,
        "reason": Spider.reason,
        "failure": str(writer.failure or ""),
        "calls": writer.calls,
        "rss": peak_memory(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
