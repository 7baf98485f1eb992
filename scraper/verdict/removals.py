"""Confirms removals at the end of a run: only then we know whether its other sites could be read.

If many sites fail that could be read the run before, it is the network or the country. Then no
removal is confirmed in this run.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress

from archive.errors import ArchiveBusy
from archive.files.lock import Lock
from archive.layout import LOCK
from archive.outcomes import Verdict
from archive.writer.site_writer import SiteWriter

# If this share of a run's sites fails at once, nothing is confirmed.
SHARE = 0.3


def confirm(writers: Sequence[SiteWriter]) -> None:
    """Append to the ledgers what the `writers` of sites without a problem saw missing for a second
    time. All writers must be closed."""
    if sum(map(_fails_newly, writers)) >= SHARE * len(writers):
        return
    for writer in writers:
        if writer.confirmations and writer.failure is None and not writer.run.problems:
            # If another run holds the site already, it will see the same.
            with suppress(ArchiveBusy), closing(Lock(writer.folder.path / LOCK)):
                writer.folder.removals_ledger.append(writer.confirmations)


def _fails_newly(writer: SiteWriter) -> bool:
    """Whether the site failed in this run and not in the one before: a site that is gone for good
    says nothing about the others."""
    if writer.run.verdict != Verdict.FAILED:
        return False
    earlier = (run for run in writer.folder.latest_runs() if run["run"] != writer.run.run)
    before = next(earlier, None)
    return before is None or before["verdict"] != Verdict.FAILED
