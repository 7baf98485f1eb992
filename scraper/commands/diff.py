"""baygan diff: compare two versions of an article word by word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import UsageError
from scraper.console.completions import article_ids
from scraper.console.options import reading_option
from scraper.console.terminal import echo_data, in_colour, safe_text

if TYPE_CHECKING:
    from archive.jsonl.article_line import ArticleLine
    from archive.text.diff import Piece

_PAGE = """<!DOCTYPE html>
<html lang="{language}" dir="rtl">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 1.1rem/1.9 Vazirmatn, Tahoma, sans-serif; max-width: 44rem; margin: 2rem auto; }}
article {{ white-space: pre-wrap; }}
header, a {{ color: #555; }}
del {{ background: #fdd; }}
ins {{ background: #dfd; text-decoration: none; }}
</style>
</head>
<body>
<header dir="ltr">{about}</header>
<h1>{headline}</h1>
<article>{text}</article>
</body>
</html>"""


@click.command()
@click.argument("article", metavar="ID|URL", shell_complete=article_ids)
@click.argument("old", type=click.IntRange(min=1), required=False, metavar="[A]")
@click.argument("new", type=click.IntRange(min=1), required=False, metavar="[B]")
@click.option("--html", "as_html", is_flag=True, help="A page for a browser, right to left.")
@reading_option
def diff(article: str, old: int | None, new: int | None, as_html: bool, folder: Path) -> None:
    """Show what changed between two versions, word by word.

    Marks the words that are gone since version A of the article, and those that are new in
    version B. Without A and B it compares the last two versions, with only A that one and the
    last. Words that differ only in spelling (another ye, a half-space, digits, a tatweel) count
    as the same. `baygan show --versions ID` lists the versions.

    On a terminal gone words are red and new ones green; elsewhere they are marked
    [-gone-]{+new+}.
    """
    from archive.folder import Archive
    from archive.text.diff import compare

    _, versions = Archive(folder).find(article)
    before, after = _chosen(versions, old, new)
    titles = compare(before["title"] or "", after["title"] or "")
    text = compare(before["text"], after["text"])
    if as_html:
        echo_data(_as_page(before, after, titles, text))
        return
    click.echo(f"--- {safe_text(_about(before))}\n+++ {safe_text(_about(after))}")
    mark = _coloured if in_colour() else _marked
    click.echo("\n".join(("", _shown(titles, mark), "", _shown(text, mark))))


def _chosen(
    versions: list[ArticleLine], old: int | None, new: int | None
) -> tuple[ArticleLine, ArticleLine]:
    """The two versions asked for, or the last two; UsageError if they are not there."""
    numbered = {int(line["version"]): line for line in versions}
    newest = max(numbered)
    name = versions[-1]["id"]
    if len(numbered) == 1:
        raise UsageError(
            f"{name} has one version, fetched {versions[-1]['fetched']}: nothing to compare."
            " A run that finds other words on its page keeps another version."
        )
    after = new or newest
    before = old or max(number for number in numbered if number < newest)
    for number in (before, after):
        if number not in numbered:
            raise UsageError(
                f"{name} has no version {number}; it has {', '.join(map(str, sorted(numbered)))}."
                f" See: baygan show --versions {name}"
            )
    if before == after:
        raise UsageError(f"version {after} and version {after} are the same. Name two versions.")
    return numbered[before], numbered[after]


def _about(line: ArticleLine) -> str:
    """`khabar/post/1 version 2, fetched …, modified …, silent_edit`"""
    facts = [f"{line['id']} version {line['version']}", f"fetched {line['fetched']}"]
    if line["modified"]:
        facts.append(f"modified {line['modified']}")
    return ", ".join((*facts, *line["flags"]))


def _shown(pieces: Iterable[Piece], mark: Callable[[str, str], str]) -> str:
    return "".join(mark(piece.kind, safe_text(piece.text)) for piece in pieces)


def _marked(kind: str, text: str) -> str:
    """The words with the marks of wdiff."""
    return {"gone": f"[-{text}-]", "new": f"{{+{text}+}}"}.get(kind, text)


def _coloured(kind: str, text: str) -> str:
    if kind == "same":
        return text
    gone = kind == "gone"
    return click.style(text, fg="red" if gone else "green", strikethrough=gone)


def _tagged(kind: str, text: str) -> str:
    tag = {"gone": "del", "new": "ins"}.get(kind)
    return f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text)


def _as_page(
    before: ArticleLine, after: ArticleLine, titles: list[Piece], text: list[Piece]
) -> str:
    return _PAGE.format(
        language=escape(after["language"] or "fa"),
        title=escape(safe_text(after["title"] or after["id"])),
        about="<br>".join(escape(safe_text(_about(line))) for line in (before, after)),
        headline=_shown(titles, _tagged),
        text=_shown(text, _tagged),
    )
