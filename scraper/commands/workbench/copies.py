"""baygan copies: which articles have the same text, who was first, and who came how much later."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import UsageError
from scraper.cluster.options import cluster_options
from scraper.console.bidi import fitting, isolated, padded, shown_width
from scraper.console.csv_rows import csv_row
from scraper.console.options import reading_option
from scraper.console.selecting import selection_options
from scraper.console.terminal import echo_data, safe_line, tell

if TYPE_CHECKING:
    from archive.copies.cluster import CopyCluster, TextCopy
    from archive.copies.clusters import CopyClusters
    from archive.folder import Archive
    from archive.select.selection import SelectedLine, Selection

_NOTHING = "-"
_SOURCE = 22
_NARROWEST_TITLE = 20
_CSV = (
    "cluster", "hours", "similarity", "credits_agency", "site", "id", "version", "published",
    "published_jalali", "fetched", "source", "agency", "title", "url",
)  # fmt: skip


@click.command()
@click.option(
    "--least",
    type=float,
    metavar="SHARE",
    help="How similar texts must be, from 0.3 to 1; 0.5 if not set.",
)
@click.option("--across", is_flag=True, help="Only texts that stand on several sites.")
@click.option("--csv", "as_csv", is_flag=True, help="A row for each article, with a header line.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each text.")
@selection_options(distinct=False)
@cluster_options("scraper.cluster.commands.comparing:copies_over")
@reading_option
def copies(
    least: float | None,
    across: bool,
    as_csv: bool,
    as_json: bool,
    selection: Selection,
    folder: Path,
) -> None:
    """Find articles with the same text, and who was first.

    \b
      baygan copies --since 1404-05 --until 1404-05
      baygan copies --across --least 0.8 --json > copies.jsonl

    Texts are the same if half of what stands in either of two stands in both, or more if --least
    says so: three words in a row are compared with three. Headlines, spellings, the opening
    «به گزارش …» and end markers do not count, and texts of two lines or less are left out. A row
    has the number of the text, the hours after its first publication, the similarity to it, the
    site, the agency that the page credits, and the title. ~ is before hours that are not sure,
    since a date of publication is not known: then the capture counts.

    Only articles of the selection are compared, so the first one is the first of these. It needs
    rensa: pip install 'baygan[copies]'.
    """
    from archive.folder import Archive

    check_form(as_csv, as_json)
    archive = Archive(folder)
    lines = selection.lines(archive)
    show_copies(lines, archive, least, across=across, as_csv=as_csv, as_json=as_json)


def check_form(as_csv: bool, as_json: bool) -> None:
    """UsageError for two forms of output at once."""
    if as_csv and as_json:
        raise UsageError("--csv and --json are two forms of the same rows. Choose one.")


def show_copies(
    lines: Iterable[SelectedLine],
    archive: Archive,
    least: float | None,
    *,
    across: bool,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Print the copies among `lines`, which are of sites of `archive`."""
    from archive.copies.clusters import LEAST, CopyClusters

    found = CopyClusters(lines, LEAST if least is None else least)
    clusters = (one for one in found if not across or one.sites > 1)
    if as_json:
        for number, cluster in enumerate(clusters, 1):
            echo_data(json.dumps(_object(number, cluster), ensure_ascii=False))
    elif as_csv:
        echo_data(csv_row(_CSV), nl=False)
        for row in _rows(clusters):
            echo_data(csv_row(row), nl=False)
    else:
        _print_table(clusters, archive.settings.sites, found)


def _object(number: int, cluster: CopyCluster) -> dict[str, Any]:
    told = [_article(one, cluster) for one in cluster.articles]
    return {
        "cluster": number,
        "articles": len(told),
        "sites": cluster.sites,
        "agency": cluster.agency,
        "first": told[0],
        "copies": told[1:],
    }


def _article(one: TextCopy, cluster: CopyCluster) -> dict[str, Any]:
    names = [field.name for field in fields(one) if field.name != "place"]
    told = {name: getattr(one, name) for name in names}
    return {**told, "credits_agency": cluster.credits(one)}


def _rows(clusters: Iterable[CopyCluster]) -> Iterator[list[object]]:
    for number, cluster in enumerate(clusters, 1):
        for one in cluster.articles:
            told = {**_article(one, cluster), "cluster": number, "agency": cluster.agency}
            told["credits_agency"] = "yes" if told["credits_agency"] else "no"
            yield [told[name] for name in _CSV]


def _print_table(
    clusters: Iterable[CopyCluster], sites: Iterable[str], found: CopyClusters
) -> None:
    """A row for each article; an empty line parts two texts."""
    width = max(map(len, sites), default=0)
    number = articles = 0
    for number, cluster in enumerate(clusters, 1):
        if number > 1:
            click.echo()
        for one in cluster.articles:
            articles += 1
            click.echo(_line(number, one, cluster, width))
    if number:
        tell(f"{articles} articles in {number} clusters; {len(found.texts)} were compared")
    else:
        tell(f"no copies among {found.articles} articles")


def _line(number: int, one: TextCopy, cluster: CopyCluster, width: int) -> str:
    """`12     +2.5 h   97 %  khabar  خبرگزاری نمونه  title`; of the first one the day, not the
    hours."""
    from archive.times.days import day_in_iran

    is_first = one is cluster.first
    begun = str(day_in_iran(one.published or one.fetched))
    sure = one.published and cluster.first.published
    when = begun if is_first else f"{'+' if sure else '~'}{one.hours:.1f} h"
    facts = [
        str(number).rjust(3),
        when.rjust(10),
        ("" if is_first else f"{one.similarity:.0%}".replace("%", " %")).rjust(5),
        padded(isolated(one.site), width),
        padded(isolated(fitting(safe_line(one.source or _NOTHING), _SOURCE)), _SOURCE),
    ]
    row = "  ".join(facts)
    room = max(_NARROWEST_TITLE, shutil.get_terminal_size().columns - shown_width(row) - 2)
    return f"{row}  {isolated(fitting(safe_line(one.title or '(no title)'), room))}"
