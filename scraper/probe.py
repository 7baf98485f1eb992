"""A look at sites: where its articles are, how many there are, how long a first crawl takes, and
one of them as a sample.

It crawls a page or two of the site into a temporary archive, which is deleted at the end.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from archive.errors import BayganError, NotWordPress
from archive.folder import Archive, SiteFolder
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.runs import Run
from archive.layout import LOGS
from archive.sites import Settings, Site
from archive.sites_toml import check_url
from archive.writer.open_sites import OpenSites
from scraper.console.log import begin_log
from scraper.console.report import Report
from scraper.console.terminal import safe_text
from scraper.crawl import Crawl, CrawlOptions
from spiders.site_run import CrawlProgress

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
        lines = [f"source    {self.source_told()}", f"cost      {self._cost()}"]
        if self.sample:
            day = self.sample["published_jalali"] or "no date"
            text = " ".join(self.sample["text"].split())
            lines.append(f"sample    «{self.sample['title']}» {day}, {len(text)} characters")
            lines.append(f"          {text[:_SAMPLE_LETTERS]} …")
        lines += [f"problem   {problem}" for problem in self.problems]
        return safe_text("\n".join(lines))

    def to_object(self) -> dict[str, Any]:
        """As a JSON object. `seconds` is what a first crawl takes at least; `sample` is null, or
        the line of an article."""
        return {
            "site": self.site.name,
            "url": self.site.url,
            "source": self.source,
            "totals": self.totals,
            "listed": self.listed,
            "listings": self.listings,
            "seconds": round(self._seconds()),
            "sample": self.sample,
            "problems": self.problems,
        }

    def toml(self) -> str:
        """The site's table for sites.toml."""
        private = "allow_private = true\n" if self.site.allow_private else ""
        return f"[sites.{self.site.name}]\nurl = {json.dumps(self.site.url)}\n{private}"

    def source_told(self) -> str:
        """Where the articles are, and how many, in a few words."""
        if self.source == "rest":
            counted = ", ".join(
                f"{'an untold number' if total is None else total} of type {kind}"
                for kind, total in self.totals.items()
            )
            return f"WordPress REST: {counted}"
        return f"{_SOURCES[self.source or 'sitemap']}: about {_many(self.listed, 'address', 'es')}"

    def _cost(self) -> str:
        pages, listings = _many(self.listed, "page"), _many(self.listings, "listing")
        return (
            f"a first crawl asks for {pages} and {listings}, about {_span(self._seconds())} at one"
            f" request in {self.site.delay:g} s"
        )

    def _seconds(self) -> float:
        return (self.listed + self.listings) * self.site.delay


def probe_site(url: str, name: str, about: Settings, *, allow_private: bool = False) -> Findings:
    """Look at the site at `url`.

    Unreachable if it does not answer, NotWordPress if nothing says that WordPress does.
    """
    found = probe_sites({name: url}, about, allow_private=allow_private)[name]
    if isinstance(found, BayganError):
        raise found
    return found


def probe_sites(
    urls: Mapping[str, str], about: Settings, *, allow_private: bool = False
) -> dict[str, Findings | BayganError]:
    """Look at several sites side by side, each at its own pace; `urls` has their addresses by name.
    For a site that cannot be looked at, the error that `probe_site` would raise. SettingsError if
    one of them is no web address."""
    private = allow_private
    for name, url in urls.items():
        check_url(url, f"[sites.{name}]")
    sites = {name: Site(name=name, url=url, allow_private=private) for name, url in urls.items()}
    with tempfile.TemporaryDirectory(prefix="baygan-probe-") as folder:
        archive = Archive.create(folder)
        archive.settings = replace(about, sites=sites)
        log = begin_log(archive.path / LOGS)
        workers = min(len(sites), os.cpu_count() or 1)
        options = CrawlOptions(
            probe=True, limit=_SAMPLES, workers=workers, clean_seconds=SAMPLE_SECONDS
        )
        crawl = Crawl(archive, options, Report(quiet=True), log)
        opened = OpenSites(archive.sites())
        opened.begin()
        runs = crawl.run(opened)
        return {
            run.site: progress.problem or _findings(archive.site(run.site), progress, run)
            for run, progress in zip(runs, crawl.progress, strict=True)
        }


def _findings(folder: SiteFolder, progress: CrawlProgress, run: Run) -> Findings | BayganError:
    found, site = progress.discovered, folder.site
    if found is None or not found.source:
        return NotWordPress(f"{site.url} could not be looked at. Nothing was changed.")
    lines = list(folder.articles())
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
