"""The spider baygan is measured against: Scrapy as in its tutorial, trafilatura called inline.

python -m benchmarks.plain http://127.0.0.1:8017/ articles.jsonl

It keeps text and metadata as JSON lines and no WARC; settings are Scrapy's defaults.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import trafilatura
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.spiders import SitemapSpider


class PlainSpider(SitemapSpider):
    """Every article that the sitemap names."""

    name = "plain"
    sitemap_follow = ("posts-post",)

    def parse(self, response: Response) -> Iterator[dict[str, Any]]:
        found = trafilatura.extract(
            response.body,
            url=response.url,
            output_format="json",
            with_metadata=True,
            include_comments=False,
        )
        if found:
            yield json.loads(found)


def main() -> None:
    home, output = sys.argv[1:]
    settings = {
        "ROBOTSTXT_OBEY": True,
        "LOG_LEVEL": "WARNING",
        "FEEDS": {output: {"format": "jsonlines", "encoding": "utf-8"}},
    }
    process = AsyncCrawlerProcess(settings)
    process.crawl(PlainSpider, sitemap_urls=[f"{home}wp-sitemap.xml"])
    process.start()


if __name__ == "__main__":
    main()
