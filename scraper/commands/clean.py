"""baygan clean: a filter that reads HTML and prints articles."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

import click

from archive.errors import UsageError
from scraper.console.terminal import echo_data, safe_text, tell

if TYPE_CHECKING:
    from archive.model import Article
    from scraper.offline.html_files import Source


@click.command()
@click.argument("pages", nargs=-1, metavar="[PAGE]...")
@click.option("--url", metavar="URL", help="Where the page is from; helps with dates and links.")
@click.option("--json", "as_json", is_flag=True, help="Print the article as JSON.")
@click.option("--jsonl", "as_lines", is_flag=True, help="Print a line of JSON for each page.")
@click.option(
    "--list",
    "listing",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="Read the names of pages from FILE (- is stdin): on each line a path, or a JSON object"
    " with path and url.",
)
def clean(
    pages: tuple[str, ...], url: str | None, as_json: bool, as_lines: bool, listing: TextIO | None
) -> None:
    """Print the article in PAGE, an HTML file, as clean text.

    Without PAGE it reads standard input. For several pages it prints a line of JSON for each, in
    their order. A page that gives no article has a key refused or failed; then the exit status is
    3, or 1 if no page gives an article.

    \b
      curl -s https://khabar.example/1405/02/karun/ | baygan clean
      baygan clean saved/*.html > articles.jsonl
    """
    many = len(pages) > 1 or listing is not None or as_lines
    if url and (len(pages) > 1 or listing):
        raise UsageError("--url speaks of one page. Give several theirs in a --list of objects.")
    if pages and listing:
        raise UsageError("The pages are named, or they are in a --list; not both.")
    if many:
        _print_lines(pages or ("-",), url, listing)
    else:
        _print_one(_article(pages[0] if pages else "-", url), as_json)


def _article(path: str, url: str | None) -> Article:
    from scraper.offline.html_files import read_page
    from scraper.workers import clean_one

    if path == "-" and sys.stdin.isatty():
        tell("Reading a page from standard input; Ctrl-D ends it.")
    return clean_one(read_page(path), url)


def _print_one(article: Article, as_json: bool) -> None:
    from archive.jsonl.article_line import article_object, encode

    if as_json:
        echo_data(encode(article_object(article)).decode(), nl=False)
    else:
        parts = [part for part in (article.title, article.text) if part]
        click.echo(safe_text("\n\n".join(parts)))


def _print_lines(paths: Iterable[str], url: str | None, listing: TextIO | None) -> None:
    from archive.jsonl.article_line import encode
    from scraper.offline.html_files import Source, clean_all, sources

    named: Iterable[Source] = (Source(path, url) for path in paths)
    if listing is not None:
        named = sources(listing, listing.name)
    counts = [0, 0]
    for found in clean_all(named):
        counts["text" in found] += 1
        echo_data(encode(found).decode(), nl=False)
    others, articles = counts
    if others:
        tell(f"{others} of {others + articles} pages gave no article; see refused and failed.")
        raise SystemExit(3 if articles else 1)
