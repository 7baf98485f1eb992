"""Opens a site's files for a run, after what a dead run left is put in order."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from archive.index.index import Index
from archive.jsonl import json_lines
from archive.jsonl.runs import Run
from archive.layout import open_files
from archive.rebuild.staging import put_in_place
from archive.warc.text_records import OwedTexts
from archive.warc.writer import Info
from archive.writer.batch import BATCH
from archive.writer.pending_pages import PendingPages
from archive.writer.recovery import cut_warcs

if TYPE_CHECKING:
    from archive.folder import SiteFolder

_REPLAY_BATCH = 2000


def open_site(
    folder: SiteFolder, run: Run, info: Info, batch_limit: int = BATCH
) -> tuple[Index, PendingPages]:
    """Open the files of `folder` for `run`, under the site's lock; `info` goes into new files.
    A run that died had batches of at most `batch_limit` articles.

    Returns the index, which then knows every line, and the pages that were captured but not kept.
    A broken index is made anew from the lines; then `run.problems` says so.
    """
    put_in_place(folder)
    index = Index(folder.index_path, write=True, quarantine=folder.quarantine)
    if index.renewed:
        run.problems.append(
            f"index.db was broken; it was made anew from the lines. The old one is in"
            f" {folder.quarantine}. Is the disk in order?"
        )
    try:
        died = bool(open_files(folder.path))
        folder.lines.cut_torn_ends(folder.quarantine, index.marks(), batch_limit if died else 0)
        opened = cut_warcs(folder.path, folder.quarantine, folder.lines.named)
        pending = PendingPages(folder.path, opened)
        json_lines.cut_torn_end(folder.runs_path, folder.quarantine)
        folder.removals_ledger.cut_torn_end(folder.quarantine)
        _replay(folder, index, OwedTexts(folder.path, run.started, info))
        index.miss(folder.removals_ledger.open())
        pending.look(index, folder.lines)
    except BaseException:
        index.close()
        raise
    return index, pending


def _replay(folder: SiteFolder, index: Index, texts: OwedTexts) -> None:
    """Bring the lines into the index that it does not have: those of a run that died, or all if
    index.db was deleted. Write the text records that a dead run did not write any more."""
    behind = folder.lines.since(index.marks())
    while batch := list(islice(behind, _REPLAY_BATCH)):
        texts.write(batch)
        index.record_all(batch)
    texts.close()
