"""A look at a site: where its articles are, how many there are, how long a first crawl takes, and
one of them as a sample.

It crawls a page or two of the site into a temporary archive, which is deleted at the end.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Container
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from archive.errors import NotWordPress
from archive.folder import Archive
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.runs import Run
from archive.layout import LOGS
from archive.sites import Settings, Site
from archive.writer.open_sites import open_sites
from scraper.console.log import begin_log
from scraper.console.report import Report
from scraper.console.terminal import safe_text
from scraper.crawl import Crawl, CrawlOptions
from spiders.site_run import Discovered

_SAMPLE_LETTERS = 160
# The newest page may give no article (it asks for a password, say).
_SAMPLES = 2
SAMPLE_SECONDS = 8
"""What cleaning one of them may take: somebody is waiting."""
_SOURCES = {"sitemap": "sitemap", "feed": "paged feed", "lists": "pages that list articles"}


@dataclass(frozen=True, slots=True)
class Findings:
    """What the probe found. `totals` are the posts by type (None if the site tells no total);
    without REST it is empty and `listed` is an estimate. `listings` is how many requests are
    needed to list all of them, `sample` the line of one article."""

    site: Site
    source: str | None
    totals: dict[str, int | None]
    listed: int
    listings: int
    sample: ArticleLine | None
    problems: list[str]

    def describe(self) -> str:
        """The findings in a few lines, for a person."""
        lines = [f"source    {self._source()}", f"cost      {self._cost()}"]
        if self.sample:
            day = self.sample["published_jalali"] or "no date"
            text = " ".join(self.sample["text"].split())
            lines.append(f"sample    «{self.sample['title']}» {day}, {len(text)} characters")
            lines.append(f"          {text[:_SAMPLE_LETTERS]} …")
        lines += [f"problem   {problem}" for problem in self.problems]
        return safe_text("\n".join(lines))

    def toml(self) -> str:
        """The site's table for sites.toml."""
        private = "allow_private = true\n" if self.site.allow_private else ""
        return f"[sites.{self.site.name}]\nurl = {json.dumps(self.site.url)}\n{private}"

    def _source(self) -> str:
        if self.source == "rest":
            counted = ", ".join(
                f"{'an untold number' if total is None else total} of type {kind}"
                for kind, total in self.totals.items()
            )
            return f"WordPress REST: {counted}"
        return f"{_SOURCES[self.source or 'sitemap']}: about {_many(self.listed, 'address', 'es')}"

    def _cost(self) -> str:
        pages = self.listed
        seconds = (pages + self.listings) * self.site.delay
        return (
            f"a first crawl asks for {_many(pages, 'page')} and {_many(self.listings, 'listing')},"
            f" about {_span(seconds)} at one request in {self.site.delay:g} s"
        )


def probe_site(url: str, name: str, about: Settings, *, allow_private: bool = False) -> Findings:
    """Look at the site at `url`.

    Unreachable if it does not answer, NotWordPress if nothing says that WordPress does.
    """
    with tempfile.TemporaryDirectory(prefix="baygan-probe-") as folder:
        archive = Archive.create(folder)
        site = archive.add(name, url, allow_private=allow_private)
        archive.settings = replace(about, sites={name: site})
        log = begin_log(archive.path / LOGS)
        options = CrawlOptions(probe=True, limit=_SAMPLES, workers=1, clean_seconds=SAMPLE_SECONDS)
        crawl = Crawl(archive, options, Report(quiet=True), log)
        [run] = crawl.run(open_sites(archive.sites()).open)
        [progress] = crawl.progress
        if progress.problem:
            raise progress.problem
        return _findings(site, progress.discovered, run, archive)


def name_of(url: str, taken: Container[str]) -> str:
    """A name for the site at `url`, from its host: `khabar` for https://www.khabar.example/."""
    host = (urlsplit(url).hostname or "site").removeprefix("www.")
    labels = host.split(".")
    base = host if host.replace(".", "").isdigit() or ":" in host else labels[0]
    base = re.sub("[^a-z0-9]+", "-", base.lower()).strip("-") or "site"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def _findings(site: Site, found: Discovered | None, run: Run, archive: Archive) -> Findings:
    if found is None or not found.source:
        raise NotWordPress(f"{site.url} could not be looked at. Nothing was changed.")
    lines = list(archive.sites()[0].articles())
    return Findings(
        site=site,
        source=found.source,
        totals=found.totals,
        listed=run.counts.found,
        listings=found.listings,
        sample=lines[-1] if lines else None,
        problems=run.problems,
    )


def _many(count: int, thing: str, ending: str = "s") -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}{ending}"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
