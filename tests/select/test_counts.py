"""Counts and reports of articles with dates that only a mistake of a site can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.folder import Archive
from archive.select.counts import ArticleCounts, CountBy, CountRow
from archive.select.selection import Selection
from archive.times.warc_date import moment
from scraper.report.facts import gathered
from scraper.report.page import report_page
from scraper.report.page_language import PageLanguage
from tests.archive.material import article
from tests.select.planted import Newsstand

DATES = (
    "0001-01-01T00:00:00Z", "0622-03-21T12:00:00Z", "2025-11-20T09:00:00Z", "2025-11-22T20:29:59Z",
    "9999-12-31T23:59:59Z", None,
)  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    stand = Newsstand(tmp_path / "archive", ("bamdad",))
    dated = [replace(article(n), published=moment(when)) for n, when in enumerate(DATES, 1)]
    stand.write((("bamdad", one) for one in dated), datetime(2026, 11, 22, tzinfo=UTC))
    return stand.archive


def rows(archive: Archive, by: CountBy, *, jalali: bool) -> list[CountRow]:
    counts = ArticleCounts(by, jalali=jalali)
    counts.add_selected(archive, Selection())
    return counts.rows()


@pytest.mark.parametrize("by", [CountBy.DAY, CountBy.MONTH, CountBy.YEAR])
def test_an_impossible_date_is_counted(archive: Archive, by: CountBy) -> None:
    told = rows(archive, by, jalali=False)
    assert sum(row.articles for row in told) == len(DATES)
    assert told[0].name == "0001-01-01"[: len(told[0].name or "")]
    assert [row.name for row in told[-2:]] == ["9999-12-31"[: len(told[0].name or "")], None]


@pytest.mark.parametrize("by", [CountBy.DAY, CountBy.MONTH, CountBy.YEAR])
def test_what_has_no_jalali_date_counts_as_without_one(archive: Archive, by: CountBy) -> None:
    told = rows(archive, by, jalali=True)
    assert sum(row.articles for row in told) == len(DATES)
    assert told[-1] == CountRow(None, 4)
    assert told[0].name == "1404-08-29"[: len(told[0].name or "")]


def test_days_between_are_rows_unless_they_are_many(archive: Archive) -> None:
    """Those of eight thousand years would be millions."""
    told = [row.name for row in rows(archive, CountBy.DAY, jalali=False)]
    assert told == [
        "0001-01-01", "0622-03-21", "2025-11-20", "2025-11-21", "2025-11-22", "9999-12-31", None,
    ]  # fmt: skip


@pytest.mark.parametrize("asked", [{}, {"until": "0002"}, {"since": "9998"}], ids=str)
def test_a_report_of_them_is_a_page(archive: Archive, asked: dict[str, str]) -> None:
    facts = gathered(archive, Selection(since=asked.get("since"), until=asked.get("until")))
    for code in ("fa", "en"):
        assert "</html>" in report_page(facts, PageLanguage(code), ())


def test_a_site_that_is_named_twice_counts_once(archive: Archive) -> None:
    twice = Selection(sites=("bamdad", "bamdad"))
    assert len(list(twice.lines(archive))) == len(DATES)
    assert len(list(twice.dates(archive))) == len(DATES)
