"""Confirms removals at the end of a run: only then we know whether its other sites could be read.

If many sites fail that could be read the run before, it is the network or the country. Then no
removal is confirmed in this run.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress

from archive.errors import ArchiveBusy
from archive.files.lock import Lock
from archive.folder import SiteFolder
from archive.jsonl.removals import Removal
from archive.layout import LOCK
from archive.outcomes import Verdict
from archive.writer.site_writer import SiteWriter

# If this share of a run's sites fails at once, nothing is confirmed.
SHARE = 0.3


def confirm(writers: Sequence[SiteWriter]) -> None:
    """Append to the ledgers what the `writers` of sites without a problem saw missing for a second
    time. All writers must be closed."""
    if is_outage(sum(map(fails_newly, writers)), len(writers)):
        return
    for writer in writers:
        enter(writer.folder, sure(writer))


def is_outage(failed: int, sites: int) -> bool:
    """Whether so many of a run's sites failed newly that nothing is to be confirmed."""
    return failed >= SHARE * sites


def sure(writer: SiteWriter) -> list[Removal]:
    """What is to be confirmed of a site, if the other sites are well."""
    sound = writer.failure is None and not writer.run.problems
    return writer.confirmations if sound else []


def enter(folder: SiteFolder, removals: Sequence[Removal]) -> None:
    """Append the confirmed `removals` to the ledger of the site in `folder`, under its lock."""
    if removals:
        # If another run holds the site already, it will see the same.
        with suppress(ArchiveBusy), closing(Lock(folder.path / LOCK)):
            folder.removals_ledger.append(removals)


def fails_newly(writer: SiteWriter) -> bool:
    """Whether the site failed in this run and not in the one before: a site that is gone for good
    says nothing about the others."""
    if writer.run.verdict != Verdict.FAILED:
        return False
    earlier = (run for run in writer.folder.latest_runs() if run["run"] != writer.run.run)
    before = next(earlier, None)
    return before is None or before["verdict"] != Verdict.FAILED
