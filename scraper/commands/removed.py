"""The ledger as `status --removed` prints it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from scraper.console.terminal import safe_line

if TYPE_CHECKING:
    from archive.folder import SiteFolder
    from archive.jsonl.removals import Removal


def print_removed(folders: list[SiteFolder], as_json: bool) -> None:
    """A line for each post that a site lists no more, the latest last; as JSON those that came
    back as well."""
    for folder in folders:
        entries = folder.removals_ledger.entries().values()
        for removal in sorted(entries, key=lambda removal: removal.first_missed):
            if as_json:
                click.echo(json.dumps(removal.to_object(), ensure_ascii=False))
            elif removal.returned is None:
                click.echo(safe_line(_line(removal)))


def _line(removal: Removal) -> str:
    since = f"{removal.first_missed.astimezone():%Y-%m-%d %H:%M}"
    sure = "confirmed" if removal.confirmed else "seen once"
    return f"{since}   {removal.kind:11}   {sure}   {removal.id}   {removal.url}"
