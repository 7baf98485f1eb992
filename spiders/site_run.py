"""One run over one site, as the spiders see it: the writer, and how far the crawl is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from archive.errors import BayganError
from archive.folder import SiteFolder
from archive.index.index import Index
from archive.jsonl.removals import Removal
from archive.jsonl.runs import Run
from archive.sites import Site


class RunWriter(Protocol):
    """What discovery and the assets need of archive.writer.site_writer.SiteWriter; each is
    described there."""

    site: Site
    folder: SiteFolder
    index: Index
    run: Run
    confirmations: list[Removal]

    def enter(self, removals: Sequence[Removal]) -> None: ...

    def refuse_unasked(self, url: str, reason: str) -> None: ...

    def note_asset(self, url: str) -> None: ...


@dataclass(slots=True)
class Discovered:
    """What discovery found out about a site.

    `source` is where the articles were found (`rest`, `sitemap`, `feed` or `lists`; None: nowhere
    yet). `stopped` tells that the time was over before all listings were read. `totals` are the
    site's own counts by post type (None: it tells none that can be believed). `whole` tells that
    REST listed every post. After a look, `listings` is how many listing requests a first crawl
    needs. `problems` are sentences for a person.
    """

    source: str | None = None
    stopped: bool = False
    totals: dict[str, int | None] = field(default_factory=dict)
    whole: bool = False
    listings: int = 0
    site_name: str | None = None
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class CrawlProgress:
    """How far the crawl of one site is. The spider and the pipeline write it; the report, the
    verdict and the probe read it.

    `run` is the account of the run. `requested` counts the pages that were asked for, `settled`
    those that are done, `held` those that wait until the site's layout is learnt, `expected` how
    many there will be (0: not known yet). `due` are the
    addresses that are listed by a dry run. `discovered` is None until discovery begins; `problem`
    is the error that ended it.
    """

    run: Run
    requested: int = 0
    settled: int = 0
    held: int = 0
    expected: int = 0
    due: list[str] = field(default_factory=list)
    discovered: Discovered | None = None
    problem: BayganError | None = None
