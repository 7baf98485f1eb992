"""All that a report tells of a selection."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from archive.dataset.tally import LineTally
from archive.folder import Archive
from archive.select.counts import ArticleCounts, CountBy, CountRow
from archive.select.edits import edits_of
from archive.select.selection import Selection
from archive.times.days import day_in_iran
from scraper.report.lengths import TextLengths
from scraper.report.nights import Nights
from scraper.report.published import PublishedDays
from scraper.report.removed_posts import RemovedPosts
from scraper.report.shortened import Shortened
from scraper.report.shown_edits import ShownEdits

_MOST_SOURCES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """The facts. `every_version` is true if versions were counted and not articles."""

    title: str | None
    made: datetime
    every_version: bool
    tally: LineTally
    published: PublishedDays
    sources: Shortened[CountRow]
    unsourced: int
    lengths: TextLengths
    edits: ShownEdits
    removed: RemovedPosts
    nights: Nights


def gathered(archive: Archive, selection: Selection) -> ReportFacts:
    """What `archive` tells of the selection. Each line is read once; memory holds counts, the IDs
    of the articles, and what the page shows.

    Edits and removals are those of the selected articles; nights and problems those of the sites.
    UsageError and UnknownSite as `Selection.lines` raises them; Damaged for a file that is.
    """
    folders = archive.sites(selection.sites)
    tally, lengths = LineTally(), TextLengths()
    days, sources = ArticleCounts(CountBy.DAY), ArticleCounts(CountBy.SOURCE)
    for line in tally.counting(found.line for found in selection.lines(archive)):
        lengths.see(line["text"])
        days.add_line(line)
        sources.add_line(line)
    newest = replace(selection, versions="newest")
    filtered = newest != Selection(sites=selection.sites)
    titles = {
        found.line["id"]: found.line["title"]
        for found in replace(newest, removed=True).lines(archive)
    }
    changed: Container[str] | None = None
    if filtered:
        changed = {found.line["id"] for found in replace(newest, changed=True).lines(archive)}
    named = [row for row in sources.rows() if row.name is not None]
    return ReportFacts(
        title=archive.settings.title,
        made=datetime.now(UTC),
        every_version=selection.versions == "all",
        tally=tally,
        published=_published(days.rows(), tally.fetched.last),
        sources=Shortened.first(named, _MOST_SOURCES),
        unsourced=sum(row.articles for row in sources.rows() if row.name is None),
        lengths=lengths,
        edits=ShownEdits.of(edit for folder in folders for edit in edits_of(folder, ids=changed)),
        removed=RemovedPosts.of(folders, titles, titles if filtered else None),
        nights=Nights.of(folders),
    )


def _published(rows: list[CountRow], fetched: str | None) -> PublishedDays:
    """From the rows of `count --by day`, and the instant of the last capture."""
    articles = {date.fromisoformat(row.name): row.articles for row in rows if row.name}
    undated = sum(row.articles for row in rows if row.name is None)
    captured = day_in_iran(fetched) if fetched else date.max
    return PublishedDays.of(articles, undated, captured)
