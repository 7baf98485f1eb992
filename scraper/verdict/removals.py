"""Removals are confirmed when a run is over: only then is known how all its sites fared.

Where many sites fail that answered the night before, it is the network or the country, and
what one of them does not list is believed another night.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress

from archive.errors import ArchiveBusy
from archive.files.lock import Lock
from archive.writer.site_writer import Night

# With so many sites of a run failing at once, nothing is confirmed.
SHARE = 0.3


def confirm(nights: Sequence[Night]) -> None:
    """Enter what the healthy ones of `nights` saw missing for a second time; all are closed."""
    if sum(map(_fails_newly, nights)) >= SHARE * len(nights):
        return
    for night in nights:
        if night.confirmations and night.failure is None and not night.run.problems:
            # Another run that is quicker will see the same.
            with suppress(ArchiveBusy), closing(Lock(night.folder.path / ".lock")):
                night.folder.removals.append(night.confirmations)


def _fails_newly(night: Night) -> bool:
    """Whether the site failed this night and not the one before: a site that is gone for good
    says nothing of the others."""
    if night.run.verdict != "failed":
        return False
    earlier = [run for run in night.folder.runs() if run["run"] != night.run.run]
    return not earlier or earlier[-1]["verdict"] != "failed"
