"""baygan search: find articles by their words."""

from __future__ import annotations

import json
import resource
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.console.bidi import isolated, shown_width
from scraper.console.options import reading_option
from scraper.console.selecting import selection_options
from scraper.console.terminal import echo_data, in_colour, safe_line, tell

if TYPE_CHECKING:
    from archive.jsonl.article_line import ArticleLine
    from archive.select.query import Spelling
    from archive.select.search import Search
    from archive.select.selection import Selection
    from archive.select.snippet import SnippetPiece

_INDENT = "    "
_ROWS = 2
_MOST = 20
_JSON_LENGTH = 200
_SMALL = {"and", "or", "not"}
_KEYS = ("id", "site", "version", "url", "title", "published", "published_jalali")


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option(
    "--by",
    "order",
    type=click.Choice(["rank", "date"]),
    default="rank",
    metavar="ORDER",
    help="rank: what fits best first (if not set); date: the newest.",
)
@click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    help="At most N, or 0 for all; 20 (with --json all) if not set.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each article.")
@selection_options(argument=False)
@reading_option
def search(
    words: tuple[str, ...],
    order: str,
    limit: int | None,
    as_json: bool,
    selection: Selection,
    folder: Path,
) -> None:
    """Find the articles with all these WORDS.

    \b
      baygan search باران سیل                 with both words
      baygan search 'باران OR سیل'            with one of them
      baygan search 'باران NOT سیل'           with the first, without the second
      baygan search '«سد کرج»' 'کتاب*'        a phrase; the beginning of a word

    Spellings do not count: other letters of Arabic keyboards, hamza, harakat, digits, and whether
    می, ها and the like stand alone, with a half-space or joined. A half-space in a word that you
    look for may be any of the three. Whoever looks for کتاب also finds کتاب‌خانه, but not کتابخانه:
    that is another word, or کتاب*.
    """
    from archive.folder import Archive
    from archive.select.hits import HitOrder
    from archive.select.search import Search

    _open_many_files()
    asked = replace(selection, match=" ".join(words))
    most = limit if limit is not None else 0 if as_json else _MOST
    with Search(Archive(folder), asked, HitOrder(order)) as found:
        shown = 0
        for hit in islice(found.lines(), most or None):
            shown += 1
            if as_json:
                echo_data(json.dumps(_object(hit.line, found.sought), ensure_ascii=False))
            else:
                _print(hit.line, found.sought)
        if not as_json:
            tell(_told(found, shown, shown == most, words))


def _open_many_files() -> None:
    """The search.db of each site is open at the same time, and it takes three files."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _told(found: Search, shown: int, cut: bool, words: tuple[str, ...]) -> str:
    """What a person wants to know of a list that may have been cut."""
    if not shown:
        small = _SMALL & {*" ".join(words).split()}
        hint = "; only in capitals AND, OR and NOT are no words to be found" if small else ""
        return f"nothing found{hint}"
    if not cut or (found.counted and shown == found.count):
        return f"{shown} found"
    many = f"{found.count:,}".replace(",", " ") if found.counted else "many"
    return f"the first {shown} of {many}; for all: --limit 0"


def _object(line: ArticleLine, sought: list[Spelling]) -> dict[str, Any]:
    """What programs get: `hits` are where in the snippet the words begin and end, in characters."""
    from archive.select.snippet import snippet

    pieces = snippet(line["text"], sought, _JSON_LENGTH)
    hits, at = [], 0
    for piece in pieces:
        if piece.hit:
            hits.append([at, at + len(piece.text)])
        at += len(piece.text)
    told: dict[str, Any] = {key: line[key] for key in _KEYS}  # type: ignore[literal-required]
    return {**told, "snippet": "".join(piece.text for piece in pieces), "hits": hits}


def _print(line: ArticleLine, sought: list[Spelling]) -> None:
    """The article on a line, and the place with the words on two. Both days are Iran's."""
    from archive.select.snippet import snippet
    from archive.times.days import day_in_iran

    published = line["published"]
    day = str(day_in_iran(published)) if published else ""
    facts = [line["id"], day, line["published_jalali"] or ""]
    title = line["title"] or "(no title)"
    told = [isolated(fact) for fact in facts if fact]
    shown = [_shown(piece.text, piece.hit) for piece in snippet(title, sought, len(title))]
    click.echo("  ".join([*told, isolated("".join(shown))]))
    width = shutil.get_terminal_size().columns - len(_INDENT)
    # A word that does not fit leaves room at the end of a row.
    pieces = snippet(line["text"], sought, _ROWS * width - width // 4)
    for row in _rows(pieces, width):
        click.echo(_INDENT + isolated(row))


def _rows(pieces: Iterable[SnippetPiece], width: int) -> Iterator[str]:
    """The pieces in rows of at most `width` columns, broken between words; hits in colour."""
    row: list[str] = []
    taken = 0
    for text, hit in _words(pieces):
        columns = shown_width(text)
        if row and taken + columns > width:
            yield "".join(row).rstrip()
            row, taken = [], 0
            text = text.lstrip()
            columns = shown_width(text)
        row.append(_shown(text, hit))
        taken += columns
    if row:
        yield "".join(row)


def _words(pieces: Iterable[SnippetPiece]) -> Iterator[tuple[str, bool]]:
    """Words with the blank before them; a hit is one, so that it is not broken."""
    for piece in pieces:
        if piece.hit:
            yield piece.text, True
            continue
        first, *others = piece.text.split(" ")
        yield first, False
        for word in others:
            yield f" {word}", False


def _shown(text: str, hit: bool) -> str:
    text = safe_line(text)
    return click.style(text, fg="green", bold=True) if hit and in_colour() else text
