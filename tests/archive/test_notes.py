"""What listings told of a page comes back from the metadata record of its exchange."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.model import Hints
from archive.record_place import RecordPlace
from archive.warc.metadata import page_of, read_fields
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, exchange, site_folder
from tests.newsroom.newsroom import Newsroom
from tests.process import Baygan
from tests.warc_reader import findings, read_folder

MOMENT = datetime(2026, 11, 22, 8, 30, 5, tzinfo=UTC)
FULL = Hints(
    post_id=12345,
    post_type="yaddasht",
    title="«دولت:\u00a0برنامه‌ای تازه\u2028دارد»",
    known_title="دولت برنامه دارد",
    published=MOMENT,
    date_source="sitemap",
    modified=MOMENT.replace(day=23),
    protected=True,
    content_place=RecordPlace("warc/2026/khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz", 9, 70),
    site_name="خبرگاه",
)


@pytest.mark.parametrize("hints", [FULL, Hints(), Hints(title="a: b", post_id=0)])
def test_what_was_known_of_a_page_comes_back(tmp_path: Path, hints: Hints) -> None:
    site = site_folder(tmp_path)
    with SiteWriter(site) as writer:
        writer.capture(replace(exchange(1), page_url=address(7), hints=hints))
        writer.capture(exchange(2))
    records = read_folder(site.path)
    assert findings(records) == []
    first, second = (record.block for record in records if record.kind == "metadata")
    assert page_of(first) == (address(7), hints)
    assert page_of(second) is None


@pytest.mark.parametrize("modified", [MOMENT, None], ids=["rest", "feed"])
def test_who_told_the_date_before_that_was_noted(tmp_path: Path, modified: datetime | None) -> None:
    site = site_folder(tmp_path)
    hints = Hints(published=MOMENT, modified=modified)
    with SiteWriter(site) as writer:
        writer.capture(replace(exchange(1), page_url=address(1), hints=hints))
    [record] = [record for record in read_folder(site.path) if record.kind == "metadata"]
    told = page_of(record.block)
    assert told and told[1].date_source == ("rest" if modified else "feed")


def test_a_line_end_in_a_title_begins_no_field(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    hints = Hints(title="تیتر\r\npost-id: 9\nدوم")
    with SiteWriter(site) as writer:
        writer.capture(replace(exchange(1), page_url=address(1), hints=hints))
    [record] = [record for record in read_folder(site.path) if record.kind == "metadata"]
    assert read_fields(record.block)["post-title"] == "تیتر post-id: 9 دوم"
    assert "post-id" not in read_fields(record.block)


def test_a_crawl_notes_every_page_and_nothing_else(baygan: Baygan, newsroom: Newsroom) -> None:
    assert baygan("crawl").code == 0
    told = {}
    for record in read_folder(baygan.folder / "news"):
        if record.kind == "metadata" and (page := page_of(record.block)):
            told[page[0]] = page[1]
            assert page[0] == record.uri
    posts = {newsroom.site.url(post): post for post in newsroom.site.listed()}
    assert told.keys() == posts.keys()
    for url, hints in told.items():
        assert (hints.post_id, hints.post_type) == (posts[url].id, "post")
        assert hints.protected == bool(posts[url].password)
        assert hints.title and hints.modified and hints.site_name
        assert hints.date_source == "rest"
