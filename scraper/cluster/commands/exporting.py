"""baygan export --cluster: each site's lines come from a worker, printed in the order of the sites.

What makes one file out of all sites needs all their files at one place, and is refused here.
"""

from __future__ import annotations

from pathlib import Path

from archive.errors import UsageError
from archive.folder import Archive
from archive.select.selection import Selection
from scraper.cluster.exported import exported
from scraper.cluster.options import ClusterPlace
from scraper.commands.export_form import field_names, form_of, into_a_file
from scraper.console.csv_rows import BOM
from scraper.console.given_options import passed_options
from scraper.console.terminal import echo_data

_OURS = ("cluster", "pin", "folder", "bom")


def export_over(
    place: ClusterPlace,
    *,
    selection: Selection,
    fields: str | None,
    as_csv: bool,
    bom: bool,
    urls_only: bool,
    anonymous: bool,
    cdxj: bool,
    folder: Path,
    **files: Path | None,
) -> None:
    """As `baygan export`, with a task for each site."""
    names = field_names(fields)
    form = form_of({**files, "csv": as_csv, "cdxj": cdxj}, selection, names, bom=bom)
    if form not in ("jsonl", "csv") or urls_only or anonymous:
        raise UsageError(
            f"--{form} makes one thing out of all sites, so --cluster does not help it. Leave"
            " --cluster out where all sites can be read, or print JSON lines or --csv with it."
        )
    if selection.distinct:
        raise UsageError(
            "--distinct compares the texts of all sites, so --cluster does not help it. Leave one"
            " of the two out, or see who copied whom with: baygan copies --cluster"
        )
    archive = Archive(folder)
    begun = False
    options = (*passed_options(_OURS), "--quiet")
    for done in exported(place, archive, selection, *options, quiet=not into_a_file()):
        for line in done.rows(header=as_csv and begun):
            if bom and not begun:
                line = BOM + line
            echo_data(line, nl=False)
            begun = True
