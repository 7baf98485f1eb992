"""baygan clean: a filter, HTML in, article out."""

from __future__ import annotations

import json
from typing import BinaryIO

import click

from scraper.terminal import safe_text


@click.command()
@click.argument("page", type=click.File("rb"), default="-")
@click.option("--url", metavar="URL", help="Where the page is from; helps with dates and links.")
@click.option("--json", "as_json", is_flag=True, help="Print the article as JSON.")
def clean(page: BinaryIO, url: str | None, as_json: bool) -> None:
    """Print the article in PAGE, an HTML file, without the furniture.

    Without PAGE it reads standard input:

      curl -s https://khabar.example/1405/02/karun/ | baygan clean
    """
    from archive.line import article_object
    from scraper.cleaners import clean_one

    article = clean_one(page.read(), url)
    if as_json:
        click.echo(json.dumps(article_object(article), ensure_ascii=False))
    else:
        parts = [part for part in (article.title, article.text) if part]
        click.echo(safe_text("\n\n".join(parts)))
