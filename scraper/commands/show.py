"""baygan show: print one article, as text or as it was captured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import UsageError
from scraper.console.completions import article_ids
from scraper.console.options import reading_option
from scraper.console.terminal import echo_data, echo_raw, safe_text, tell

if TYPE_CHECKING:
    from archive.folder import SiteFolder
    from archive.jsonl.article_line import ArticleLine


@click.command()
@click.argument("article", metavar="ID|URL", shell_complete=article_ids)
@click.option("--html", "form", flag_value="html", help="The page as the site sent it, decoded.")
@click.option("--warc", "form", flag_value="warc", help="The WARC record of the response.")
@click.option("--json", "form", flag_value="json", help="The article's line.")
@click.option("--versions", "form", flag_value="versions", help="A line for each version.")
@click.option(
    "--cite",
    type=click.Choice(["bibtex", "csl", "text"]),
    metavar="FORM",
    help="A citation of the capture: bibtex, csl (JSON) or text.",
)
@reading_option
def show(article: str, form: str | None, cite: str | None, folder: Path) -> None:
    """Print the article with this ID or at this URL as plain text.

    A citation names the capture by its digest, its WARC record and, if `contact` in sites.toml has
    a domain, a PWID:

      baygan show --cite bibtex khabar/post/12345 >> sources.bib
    """
    from archive.folder import Archive

    if form and cite:
        raise UsageError(f"--{form} and --cite do not go together. Show it once for each.")
    site, versions = Archive(folder).find(article)
    line = versions[-1]
    if cite:
        _cite(site, line, cite)
    elif form == "json":
        echo_data(json.dumps(line, ensure_ascii=False, indent=2))
    elif form == "versions":
        for version in versions:
            click.echo(safe_text(_about(version)))
        if len(versions) > 1:
            tell(f"What changed: baygan diff {versions[-1]['id']}")
    elif form == "html":
        echo_raw(site.page(line))
    elif form == "warc":
        from archive.warc.reader import read_record

        echo_raw(read_record(site.path, line["warc"]).raw)
    else:
        click.echo(safe_text(_as_text(line)))


def _cite(site: SiteFolder, line: ArticleLine, form: str) -> None:
    from archive.citation.citation import cite
    from archive.citation.forms import FORMS

    citation = cite(site, line)
    echo_data(FORMS[form](citation))
    if not citation.pwid:
        tell('For a PWID set contact in sites.toml, as in: contact = "archive@example.org"')


def _about(line: ArticleLine) -> str:
    """A version on one line: number, fetched, modified (`-` if not known), flags, title."""
    facts = (line["version"], line["fetched"], line["modified"] or "-", ",".join(line["flags"]))
    return "  ".join((*(str(fact) or "-" for fact in facts), _title(line)))


def _title(line: ArticleLine) -> str:
    return line["title"] or "(no title)"


def _as_text(line: ArticleLine) -> str:
    """Title, a line with its source and dates, the text."""
    facts = [", ".join(line["authors"]), line["source"], line["published"]]
    if line["published_jalali"]:
        facts.append(line["published_jalali"])
    about = " · ".join(fact for fact in facts if fact)
    return "\n\n".join(part for part in (_title(line), about, line["text"]) if part)
