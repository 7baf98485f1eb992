"""The tables of an SQLite file: articles and their versions, runs and removals.

articles ── id ──▶ versions ── (site, run) ──▶ runs
    ▲── article ── removals
"""

from __future__ import annotations

from functools import cache

from archive.tables.column import Column, ColumnType, ForeignKey, Table
from archive.tables.line_columns import line_columns

_TEXT, _INTEGER, _INSTANT = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.INSTANT

ARTICLES = Table(
    "articles",
    "A row for each article.",
    (
        Column("id", _TEXT, "The article's ID, such as khabar/post/12345."),
        Column("site", _TEXT, "The site's name in sites.toml."),
        Column("post_type", _TEXT, "WordPress's type of the post."),
        Column("post_id", _INTEGER, "WordPress's number of the post; null if not known.", True),
        Column("versions", _INTEGER, "How many versions of it are in this file."),
        Column("newest", _INTEGER, "The number of the newest version in this file."),
        Column("first_fetched", _INSTANT, "When the oldest version in this file was captured."),
    ),
    ("id",),
)

RUNS = Table(
    "runs",
    "A row for each run over a site, from runs.jsonl.",
    (
        Column("site", _TEXT, "The site's name in sites.toml."),
        Column("run", _TEXT, "The run's eight hex digits, also in the names of its files."),
        Column("started", _INSTANT, "When the run began."),
        Column("ended", _INSTANT, "When the run ended.", True),
        Column("verdict", _TEXT, "complete, incomplete, unprovable or failed."),
        Column("found", _INTEGER, "How many articles the site lists.", True),
        Column("new", _INTEGER, "How many articles this run kept first.", True),
        Column("changed", _INTEGER, "Of how many articles it kept another version.", True),
        Column("silent", _INTEGER, "How many of these changed without a modification date.", True),
        Column("gone", _INTEGER, "How many posts or pages were not there any more.", True),
        Column("refused", _INTEGER, "How many pages are no article, or may not be read.", True),
        Column("failed", _INTEGER, "How many pages could not be had, with the gone ones.", True),
        Column("requests", _INTEGER, "How many requests were sent.", True),
        Column("bytes", _INTEGER, "How many bytes were received.", True),
        Column("coverage", ColumnType.JSON, "What the site lists against what became of it.", True),
        Column("problems", ColumnType.TEXTS, "Sentences on what was wrong; empty if all was well."),
        Column("notes", ColumnType.TEXTS, "Sentences worth knowing that are no problem."),
    ),
    ("site", "run"),
)

REMOVALS = Table(
    "removals",
    "A row for each post that its site ever ceased to list, from removals.jsonl.",
    (
        Column("id", _TEXT, "The ID of the post, as in articles."),
        Column("site", _TEXT, "The site's name in sites.toml."),
        Column("article", _TEXT, "The same ID if this file has the article, else null.", True),
        Column("post_type", _TEXT, "WordPress's type of the post."),
        Column("post_id", _INTEGER, "WordPress's number of the post."),
        Column("url", _TEXT, "The address at which the site last listed it."),
        Column("kind", _TEXT, "erased, unpublished or redirected."),
        Column("first_missed", _INSTANT, "When a run first missed it, by the site's clock."),
        Column("confirmed", _INSTANT, "When a run a day later missed it, too.", True),
        Column("last_seen", _INSTANT, "The last complete run that listed it.", True),
        Column("returned", _INSTANT, "When it was listed again; null if it is still gone.", True),
        Column("evidence", ColumnType.JSON, "Where the answer that said so is stored."),
    ),
    ("id",),
    (ForeignKey(("article",), "articles", ("id",)),),
)


@cache
def versions() -> Table:
    """The table of versions: the columns of a line, and the run that captured it."""
    run = Column(
        "run", _TEXT, "The run that captured it; null if runs.jsonl does not have it.", True
    )
    return Table(
        "versions",
        "A row for each version of an article; the keys of its line are the columns.",
        (*line_columns(), run),
        ("id", "version"),
        (
            ForeignKey(("id",), "articles", ("id",)),
            ForeignKey(("site", "run"), "runs", ("site", "run")),
        ),
    )


def tables() -> tuple[Table, ...]:
    """All tables, those that others refer to first."""
    return (ARTICLES, RUNS, versions(), REMOVALS)
