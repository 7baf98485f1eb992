"""What the crawl of one site says of itself to the head, which makes one account of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from archive.folder import Archive
from archive.jsonl.removals import Removal
from archive.jsonl.runs import Run
from scraper.verdict.problems import is_unreached
from scraper.verdict.removals import enter, fails_newly, sure

if TYPE_CHECKING:
    from archive.writer.site_writer import SiteWriter
    from spiders.site_run import CrawlProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAccount:
    """The `run` over a site, and what only all sites together decide.

    `unreached`: it could not be reached, which may be the network's fault. `fails_newly`: the run
    before could read it. `confirmations` are the lines of removals that are to be entered if the
    other sites are well. `told` is false if its end is an error, which says enough.
    """

    run: Run
    unreached: bool
    fails_newly: bool
    confirmations: tuple[dict[str, Any], ...]
    told: bool

    @classmethod
    def of(cls, writer: SiteWriter, progress: CrawlProgress) -> Self:
        """The account of a crawl that has ended, its writer closed."""
        return cls(
            run=writer.run,
            unreached=is_unreached(progress),
            fails_newly=fails_newly(writer),
            confirmations=tuple(removal.to_object() for removal in sure(writer)),
            told=writer.failure is None,
        )

    def to_object(self) -> dict[str, Any]:
        """The JSON object that the head reads."""
        return {
            "run": self.run.to_object(),
            "known_before": self.run.known_before,
            "unreached": self.unreached,
            "fails_newly": self.fails_newly,
            "confirmations": self.confirmations,
            "told": self.told,
        }

    @classmethod
    def from_object(cls, told: Mapping[str, Any]) -> Self:
        """The account of which `to_object` made `told`."""
        return cls(
            run=Run.from_object(told["run"], told["known_before"]),
            unreached=told["unreached"],
            fails_newly=told["fails_newly"],
            confirmations=tuple(told["confirmations"]),
            told=told["told"],
        )


def confirm_over(archive: str, site: str, confirmations: tuple[dict[str, Any], ...]) -> None:
    """Enter these removals into the ledger of `site`; a worker does it."""
    removals = [Removal.from_object(told) for told in confirmations]
    enter(Archive(archive).site(site), removals)
