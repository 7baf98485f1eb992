"""baygan report: one page of HTML that says what an archive holds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.console.given_options import given_options
from scraper.console.options import reading_option
from scraper.console.selecting import selection_options
from scraper.console.terminal import echo_data, tell

if TYPE_CHECKING:
    from archive.select.selection import Selection


@click.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the page to FILE; to stdout if not set.",
)
@click.option(
    "--page-language",
    type=click.Choice(["fa", "en"]),
    default="fa",
    metavar="CODE",
    help="fa (if not set): Persian, right to left; en: English.",
)
@selection_options()
@reading_option
def report(out: Path | None, page_language: str, selection: Selection, folder: Path) -> None:
    """Make a page of HTML that says what the archive holds.

    \b
      baygan report --out report.html
      baygan report --page-language en --since 1404 --out 1404.html

    It has the articles by day and month with the gaps, sites, agencies, lengths of texts, edits
    with the words that changed, silent edits, removals with their evidence, the result of each
    night, problems that stand, and the versions of the rules.

    The page is one file of at most 2 MB. It holds no script and asks nothing of anybody, so it may
    be sent, printed or published. Long lists are cut, and it says how much more there is.

    It needs jinja2: pip install 'baygan[report]'.
    """
    from archive.files.replaced_file import replaced
    from archive.folder import Archive
    from scraper.report.facts import gathered
    from scraper.report.page import need_jinja2, report_page
    from scraper.report.page_language import PageLanguage

    need_jinja2()
    facts = gathered(Archive(folder), selection)
    chosen = (*selection.sites, *given_options(asdict(selection)))
    page = report_page(facts, PageLanguage(page_language), chosen)
    if out is None:
        echo_data(page)
        return
    with replaced(out) as part:
        part.write_text(f"{page}\n", encoding="utf-8")
    tell(f"Look at it in a browser: {out}")
