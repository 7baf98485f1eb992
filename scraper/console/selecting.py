"""The options by which a command selects articles: the same for every command.

@click.command()
@selection_options()
@archive_option
def count(selection: Selection, folder: Path) -> None:
    for found in selection.lines(Archive(folder)): …
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from archive.outcomes import Flag
from scraper.console.completions import site_names
from scraper.console.options import Day

Option = Callable[[Callable[..., None]], Callable[..., None]]

_MATCH = "With these words, as `search` finds them."
_REMOVED = "Articles that sites do not list any more."
_DISTINCT = "Only the first of articles with the same text."


def selection_options(*, argument: bool = True, distinct: bool = True) -> Option:
    """Add the options of a selection; the command gets them together as `selection`.

    The sites are the command's arguments, `[SITE]...`. Without `argument`, for a command whose
    arguments are words to search for, they are the option --site, and there is no --match.
    Without `distinct` there is no --distinct, for a command that tells of the copies.
    """
    sites: Option = (
        click.argument("sites", nargs=-1, metavar="[SITE]...", shell_complete=site_names)
        if argument
        else click.option("--site", "sites", multiple=True, metavar="NAME", help="Of this site.")
    )
    words: list[Option] = (
        [click.option("--match", metavar="WORDS", help=_MATCH)] if argument else []
    )
    options: list[Option] = [sites, *_days(), *_keys(), *words, *_states()]
    if distinct:
        options.append(click.option("--distinct", is_flag=True, help=_DISTINCT))

    def add(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def call(**values: Any) -> None:
            from archive.select.selection import Selection

            names = [name for name in Selection.__dataclass_fields__ if name in values]
            told = {name: values.pop(name) for name in names}
            command(selection=Selection(**told), **values)

        called: Callable[..., None] = call
        for option in reversed(options):
            called = option(called)
        return called

    return add


def _days() -> list[Option]:
    return [
        click.option("--since", type=Day(), metavar="DATE", help="Published on DATE or later."),
        click.option(
            "--until", type=Day(last=True), metavar="DATE", help="Published on DATE or earlier."
        ),
    ]


def _keys() -> list[Option]:
    """What is asked of the keys of a line."""
    return [
        _names("category", "categories", "NAME", "In this category."),
        _names("tag", "tags", "NAME", "With this tag."),
        _names("author", "authors", "NAME", "By this author."),
        _names("source", "sources", "NAME", "That credit this agency."),
        _names("type", "types", "NAME", "Of this post type."),
        _names("language", "languages", "CODE", "In this language, such as fa."),
        click.option(
            "--flag",
            "flags",
            multiple=True,
            metavar="FLAG",
            type=click.Choice([flag.value for flag in Flag]),
            help="With this flag, such as short.",
        ),
    ]


def _states() -> list[Option]:
    """What became of an article later."""
    return [
        click.option("--changed", is_flag=True, help="Articles that have several versions."),
        click.option("--removed", is_flag=True, help=_REMOVED),
        click.option(
            "--versions",
            type=click.Choice(["newest", "all"]),
            default="newest",
            metavar="WHICH",
            help="newest (if not set) or all versions of each.",
        ),
    ]


def _names(option: str, name: str, metavar: str, text: str) -> Option:
    return click.option(f"--{option}", name, multiple=True, metavar=metavar, help=text)
