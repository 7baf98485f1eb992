"""baygan copies --cluster: workers read and select the lines, the head compares them.

Copies stand on several sites, so no worker can find them alone. The lines of the selection come to
a folder of the head that is gone at the end: the archive of an export.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from archive.copies.candidates import need_rensa
from archive.folder import Archive
from archive.layout import ARTICLES, SITES_TOML
from archive.select.selection import SelectedLine, Selection
from scraper.cluster.exported import exported
from scraper.cluster.options import ClusterPlace
from scraper.commands.workbench.copies import check_form, show_copies
from scraper.console.given_options import passed_options

_OURS = ("cluster", "pin", "folder", "least", "across", "as_csv", "as_json")
_FILE = "lines.jsonl"


def copies_over(
    place: ClusterPlace,
    *,
    least: float | None,
    across: bool,
    as_csv: bool,
    as_json: bool,
    selection: Selection,
    folder: Path,
) -> None:
    """As `baygan copies`, with a task for each site."""
    check_form(as_csv, as_json)
    need_rensa()
    archive = Archive(folder)
    with tempfile.TemporaryDirectory(prefix="baygan-") as name:
        scratch = _scratch(Path(name), archive)
        for done in exported(place, archive, selection, *passed_options(_OURS), "--quiet"):
            lines = scratch.site(done.site).path / ARTICLES
            lines.mkdir(parents=True)
            with (lines / _FILE).open("wb") as file:
                shutil.copyfileobj(done.out, file)
        found = _lines(scratch, selection)
        show_copies(found, archive, least, across=across, as_csv=as_csv, as_json=as_json)


def _scratch(folder: Path, archive: Archive) -> Archive:
    """An archive at `folder` with the same sites, and nothing else of sites.toml."""
    tables = (
        f"[sites.{site.name}]\nurl = {json.dumps(site.url)}\n"
        for site in archive.settings.sites.values()
    )
    (folder / SITES_TOML).write_text("".join(tables))
    return Archive(folder)


def _lines(archive: Archive, selection: Selection) -> Iterator[SelectedLine]:
    for folder in archive.sites(selection.sites):
        for place, line in folder.lines.since({}):
            yield SelectedLine(folder, place, line)
