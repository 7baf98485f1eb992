"""Removals are confirmed when a run is over: only then is known how all its sites fared.

Where many sites fail that answered the night before, it is the network or the country, and
what one of them does not list is believed another night.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress

from archive.errors import ArchiveBusy
from archive.files.lock import Lock
from archive.layout import LOCK
from archive.outcomes import Verdict
from archive.writer.site_writer import SiteWriter

# With so many sites of a run failing at once, nothing is confirmed.
SHARE = 0.3


def confirm(writers: Sequence[SiteWriter]) -> None:
    """Enter what the healthy ones of `writers` saw missing for a second time; all are closed."""
    if sum(map(_fails_newly, writers)) >= SHARE * len(writers):
        return
    for writer in writers:
        if writer.confirmations and writer.failure is None and not writer.run.problems:
            # Another run that is quicker will see the same.
            with suppress(ArchiveBusy), closing(Lock(writer.folder.path / LOCK)):
                writer.folder.removals_ledger.append(writer.confirmations)


def _fails_newly(writer: SiteWriter) -> bool:
    """Whether the site failed this night and not the one before: a site that is gone for good
    says nothing of the others."""
    if writer.run.verdict != Verdict.FAILED:
        return False
    earlier = [run for run in writer.folder.runs() if run["run"] != writer.run.run]
    return not earlier or earlier[-1]["verdict"] != Verdict.FAILED
