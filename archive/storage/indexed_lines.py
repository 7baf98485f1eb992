"""Brings lines that were fetched from a store into the site's index."""

from __future__ import annotations

from itertools import islice

from archive.files.append_file import make_folder
from archive.folder import SiteFolder
from archive.index.index import Index

_BATCH = 1000


def index_lines(folder: SiteFolder) -> None:
    """Enter every line of the site that its index does not have; without an index, all."""
    make_folder(folder.path)
    index = Index(folder.index_path, write=True)
    try:
        behind = folder.lines.since(index.marks())
        while batch := list(islice(behind, _BATCH)):
            index.record_all(batch)
        index.miss(folder.removals_ledger.open())
    finally:
        index.close()
