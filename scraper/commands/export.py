"""baygan export: print articles or captures for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import UsageError
from scraper.console.options import archive_option
from scraper.console.selecting import selection_options
from scraper.console.terminal import echo_data

if TYPE_CHECKING:
    from archive.folder import SiteFolder
    from archive.select.selection import Selection

# To a spreadsheet a cell that begins like this is a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_BOM = "\ufeff"


@click.command()
@selection_options()
@click.option("--fields", metavar="NAMES", help="Only these keys, such as id,title,published.")
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated, with a header line.")
@click.option("--bom", is_flag=True, help="With --csv: begin with a byte order mark, for Excel.")
@click.option("--cdxj", is_flag=True, help="Print no articles but an index of the captures (CDXJ).")
@click.option(
    "--wacz",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the captures with their index to FILE (WACZ), for ReplayWeb.page.",
)
@archive_option
def export(
    selection: Selection,
    fields: str | None,
    as_csv: bool,
    bom: bool,
    cdxj: bool,
    wacz: Path | None,
    folder: Path,
) -> None:
    """Print articles, the newest version of each, as JSON lines.

    An option with several values, such as --category NAME --category NAME, takes what has one of
    them; several options take what has all.

    DATE is a day in Iran in either calendar, or a whole month or year: --since 1404-05
    --until 1404-05 is that month. Articles without a date are then left out.

    In CSV a cell that a spreadsheet would take for a formula begins with '. Excel shows Persian
    wrong unless the file begins with a byte order mark; most other programs want none:

      baygan export --csv --bom > for-excel.csv
    """
    from archive.folder import Archive
    from archive.select.selection import Selection

    archive = Archive(folder)
    if cdxj or wacz:
        filtered = selection != Selection(sites=selection.sites)
        if filtered or fields or as_csv or bom or (cdxj and wacz):
            raise UsageError("--cdxj and --wacz stand alone: they take all captures of the sites.")
        _export_captures(archive.sites(selection.sites), wacz, archive.settings.title)
        return
    if bom and not as_csv:
        raise UsageError("--bom is for CSV: baygan export --csv --bom")
    names = fields.split(",") if fields else None
    writer = None
    for found in selection.lines(archive):
        chosen = _chosen(found.line, names)
        if not as_csv:
            echo_data(json.dumps(chosen, ensure_ascii=False))
            continue
        writer = writer or _header(list(chosen), bom=bom)
        echo_data(_row([_cell(value) for value in chosen.values()]), nl=False)


def _export_captures(sites: list[SiteFolder], wacz: Path | None, title: str | None) -> None:
    from archive.export.cdxj import captures
    from archive.export.wacz import write_wacz
    from archive.layout import finished_warcs

    if wacz:
        write_wacz(wacz, sites, title or ", ".join(site.site.name for site in sites))
        return
    for line in captures(path for s in sites for path in finished_warcs(s.path)):
        echo_data(line)


def _chosen(line: Mapping[str, Any], names: list[str] | None) -> Mapping[str, Any]:
    if names is None:
        return line
    unknown = [name for name in names if name not in line]
    if unknown:
        raise UsageError(f"no key '{unknown[0]}' in a line. Keys: {', '.join(line)}")
    return {name: line[name] for name in names}


def _header(names: list[str], *, bom: bool) -> bool:
    echo_data((_BOM if bom else "") + _row(names), nl=False)
    return True


def _row(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, list):
        return _cell("; ".join(str(item) for item in value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
