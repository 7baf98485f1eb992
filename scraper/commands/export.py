"""baygan export: print articles or captures for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import UsageError
from scraper.cluster.options import cluster_options
from scraper.commands.export_form import field_names, form_of, into_a_file
from scraper.console.csv_rows import BOM, csv_row
from scraper.console.given_options import given_options
from scraper.console.options import quiet_option, reading_option
from scraper.console.progress import growing_bar
from scraper.console.selecting import selection_options
from scraper.console.terminal import echo_data, tell

if TYPE_CHECKING:
    from archive.folder import Archive, SiteFolder
    from archive.jsonl.article_line import ArticleLine
    from archive.select.selection import Selection

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@selection_options()
@click.option("--fields", metavar="NAMES", help="Only these keys, such as id,title,published.")
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated, with a header line.")
@click.option("--bom", is_flag=True, help="With --csv: begin with a byte order mark, for Excel.")
@click.option("--parquet", type=_FILE, metavar="FILE", help="Write a typed table to FILE.")
@click.option(
    "--sqlite",
    type=_FILE,
    metavar="FILE",
    help="Write articles, versions, runs and removals to FILE, and for Datasette what its columns"
    " are beside it.",
)
@click.option(
    "--dataset",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a data set to DIR: a table, a card, and metadata (Croissant).",
)
@click.option("--urls-only", is_flag=True, help="With --dataset: addresses and digests, no text.")
@click.option("--anonymous", is_flag=True, help="With --dataset: without the authors.")
@click.option("--cdxj", is_flag=True, help="Print no articles but an index of the captures (CDXJ).")
@click.option(
    "--wacz",
    type=_FILE,
    metavar="FILE",
    help="Write the captures with their index to FILE (WACZ), for ReplayWeb.page.",
)
@quiet_option
@cluster_options("scraper.cluster.commands.exporting:export_over")
@reading_option
def export(
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
    """Print articles, the newest version of each, as JSON lines.

    An option with several values, such as --category NAME --category NAME, takes what has one of
    them; several options take what has all.

    DATE is a day in Iran in either calendar, or a whole month or year: --since 1404-05
    --until 1404-05 is that month. Articles without a date are then left out.

    In CSV a cell that a spreadsheet would take for a formula begins with '. Excel shows Persian
    wrong unless the file begins with a byte order mark; most other programs want none:

      baygan export --csv --bom > for-excel.csv

    For pandas, polars, R and duckdb take --parquet, and for Datasette or SQL:

    \b
      baygan export --sqlite news.db --versions all
      datasette news.db -m news.metadata.json

    --parquet and --dataset need duckdb: pip install 'baygan[table]'. --distinct needs rensa, which
    `baygan copies --help` tells of: pip install 'baygan[copies]'.
    """
    from archive.folder import Archive

    names = field_names(fields)
    form = form_of({**files, "csv": as_csv, "cdxj": cdxj}, selection, names, bom=bom)
    if (urls_only or anonymous) and form != "dataset":
        raise UsageError("--urls-only and --anonymous are for --dataset DIR.")
    archive = Archive(folder)
    target = files.get(form)
    if form in ("cdxj", "wacz"):
        _export_captures(archive.sites(selection.sites), target, archive.settings.title)
    elif form == "dataset" and target:
        _export_dataset(archive, selection, target, urls_only, anonymous)
    elif target:
        _export_table(archive, selection, form, target)
    else:
        with growing_bar("exporting", shown=into_a_file()) as bar:
            _print(bar.each(_lines(archive, selection)), names, as_csv=as_csv, bom=bom)


def _lines(archive: Archive, selection: Selection) -> Iterator[ArticleLine]:
    found = selection.lines(archive)
    return (one.line for one in found)


def _print(
    lines: Iterator[ArticleLine], names: list[str] | None, *, as_csv: bool, bom: bool
) -> None:
    from archive.jsonl.article_line import LINE_KEYS
    from archive.tables.line_columns import complete

    if as_csv:
        keys = names or LINE_KEYS
        # Also of no article: a program reads an empty table, and no empty file.
        echo_data((BOM if bom else "") + csv_row(keys), nl=False)
        for line in lines:
            echo_data(csv_row(map(line.get, keys)), nl=False)
        return
    for line in lines:
        whole = complete(line)
        chosen = {name: whole[name] for name in names} if names else whole
        echo_data(json.dumps(chosen, ensure_ascii=False))


def _export_table(archive: Archive, selection: Selection, form: str, target: Path) -> None:
    if form == "parquet":
        from archive.tables.line_columns import line_columns
        from archive.tables.parquet import write_parquet

        with growing_bar("exporting") as bar:
            write_parquet(target, bar.each(_lines(archive, selection)), line_columns())
        return
    from archive.tables.sqlite import metadata_path, write_sqlite

    sites, title = archive.sites(selection.sites), archive.settings.title or ""
    with growing_bar("exporting") as bar:
        write_sqlite(target, bar.each(_lines(archive, selection)), sites, title)
    tell(f"Look at it in a browser: datasette {target} -m {metadata_path(target)}")


def _export_dataset(
    archive: Archive, selection: Selection, target: Path, urls_only: bool, anonymous: bool
) -> None:
    from archive.dataset.about import Form
    from archive.dataset.dataset import write_dataset

    form = Form(
        urls_only=urls_only,
        anonymous=anonymous,
        selection=(
            *selection.sites,
            *given_options(asdict(selection), ("authors",) if anonymous else ()),
        ),
    )
    sites = archive.sites(selection.sites)
    with growing_bar("exporting") as bar:
        lines = bar.each(_lines(archive, selection))
        write_dataset(target, lines, sites, archive.settings, form)
    tell(f"Fill in what only you know: grep -rn 'FILL IN' {target}")


def _export_captures(sites: list[SiteFolder], wacz: Path | None, title: str | None) -> None:
    from archive.export.cdxj import captures
    from archive.export.wacz import write_wacz
    from archive.storage.stored_files import finished_warcs, size_of

    if wacz:
        size = 0
        for path in (path for s in sites for path in finished_warcs(s.path)):
            with suppress(OSError):  # what cannot be read is told by what reads it
                size += size_of(path)
        with growing_bar("packing", size, in_bytes=True) as bar:
            names = ", ".join(site.site.name for site in sites)
            write_wacz(wacz, sites, title or names, bar.step)
        return
    for line in captures(path for s in sites for path in finished_warcs(s.path)):
        echo_data(line)
