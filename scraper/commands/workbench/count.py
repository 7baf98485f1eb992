"""baygan count: how many articles there are, by day, site, category and so on."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import UsageError
from scraper.console.bidi import fitting, isolated, padded, shown_width
from scraper.console.options import reading_option
from scraper.console.selecting import selection_options
from scraper.console.terminal import echo_data, safe_line

if TYPE_CHECKING:
    from archive.select.counts import CountRow
    from archive.select.selection import Selection

_BY = ["day", "month", "year", "site", "source", "category", "author"]
_NOTHING = "-"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# The last block of a bar, in eighths of a column.
_EIGHTHS = " ▏▎▍▌▋▊▉"
_WIDEST_NAME = 40


@click.command()
@click.option(
    "--by", required=True, type=click.Choice(_BY), metavar="WHAT", help=f"{', '.join(_BY)}."
)
@click.option("--jalali", is_flag=True, help="Days, months and years of the Jalali calendar.")
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated, with a header line.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each row.")
@selection_options()
@reading_option
def count(
    by: str, jalali: bool, as_csv: bool, as_json: bool, selection: Selection, folder: Path
) -> None:
    """Count articles by day, month, site, category and so on.

    \b
      baygan count --by month --jalali --since 1404
      baygan count --by category --match باران khabar

    Days are days in Iran, on which the articles were published. A day without an article counts 0,
    but more than 366 of them in a row are left out. An article with several categories or authors
    counts for each; `-`, in JSON null, is for articles without a date or a name.
    """
    from archive.folder import Archive
    from archive.select.counts import ArticleCounts, CountBy

    if as_csv and as_json:
        raise UsageError("--csv and --json are two forms of the same rows. Choose one.")
    if jalali and by not in ("day", "month", "year"):
        raise UsageError("--jalali is for days, months and years: baygan count --by month --jalali")
    counts = ArticleCounts(CountBy(by), jalali=jalali)
    counts.add_selected(Archive(folder), selection)
    rows = counts.rows()
    if as_json:
        for row in rows:
            echo_data(json.dumps({by: row.name, "articles": row.articles}, ensure_ascii=False))
    elif as_csv:
        echo_data(_as_csv(by, rows), nl=False)
    else:
        for line in _as_table(rows):
            click.echo(line)


def _as_csv(by: str, rows: list[CountRow]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow((by, "articles"))
    for row in rows:
        name = row.name or ""
        # To a spreadsheet a cell that begins like this is a formula.
        writer.writerow((f"'{name}" if name.startswith(_FORMULA) else name, row.articles))
    return out.getvalue()


def _as_table(rows: list[CountRow]) -> list[str]:
    """A line for each row: its name, its number, and a bar as long as the number is great."""
    names = [fitting(safe_line(row.name or _NOTHING), _WIDEST_NAME) for row in rows]
    numbers = [f"{row.articles:,}".replace(",", " ") for row in rows]
    widest = max(map(shown_width, names), default=0)
    longest = max(map(len, numbers), default=0)
    room = max(10, shutil.get_terminal_size().columns - widest - longest - 4)
    most = max((row.articles for row in rows), default=0)
    return [
        "  ".join(
            (padded(isolated(name), widest), number.rjust(longest), _bar(row.articles, most, room))
        ).rstrip()
        for row, name, number in zip(rows, names, numbers, strict=True)
    ]


def _bar(articles: int, most: int, room: int) -> str:
    """A bar of at most `room` columns; whatever is there at all has an eighth of one."""
    eighths = max(articles * room * 8 // most, 1) if articles else 0
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()
