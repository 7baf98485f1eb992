"""Texts for a search without a crawl: lines in a site's files, and an index that knows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.folder import SiteFolder
from archive.index.index import Index
from archive.jsonl.article_line import make_line
from archive.model import Article, Capture
from tests.archive.material import address, article, site_folder

BEGIN = datetime(2025, 3, 21, 8, tzinfo=UTC)  # 1404-01-01
_CAPTURE = Capture(
    file="warc/2026/khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz",
    offset=416,
    length=800,
    record_id="urn:uuid:00000000-0000-4000-8000-000000000000",
    payload_sha256="0" * 64,
    date=datetime(2026, 11, 22, 0, 30, 4, tzinfo=UTC),
)


def written(folder: Path, *texts: str) -> SiteFolder:
    """A site with an article for each of `texts`; the first line is its title. They are numbered
    from 1 on, and one is published a day after the other."""
    return more(site_folder(folder), texts)


def more(site: SiteFolder, texts: Iterable[str], first: int = 1, version: int = 1) -> SiteFolder:
    """Further articles of the site, the first with this number; or a `version` of them."""
    index = Index(site.index_path, write=True)
    with index.transaction():
        for number, text in enumerate(texts, first):
            line = make_line(
                "khabar", address(number), version, post(number, text), _CAPTURE, {"baygan": "0"}
            )
            index.record(line, site.lines.append(line, _CAPTURE.date))
    site.lines.close()
    index.close()
    return site


def post(number: int, text: str) -> Article:
    """The article with this number."""
    title, _, body = text.partition("\n")
    published = BEGIN + timedelta(days=number - 1)
    return replace(article(number, body), title=title, published=published)
