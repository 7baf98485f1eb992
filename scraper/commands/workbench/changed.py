"""What was rewritten after it was published: a line for each version that replaced another."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from scraper.console.bidi import isolated
from scraper.console.terminal import echo_data, safe_line

if TYPE_CHECKING:
    from archive.folder import SiteFolder
    from archive.select.edits import Edit


def print_edits(folders: Iterable[SiteFolder], since: date | None, *, as_json: bool) -> None:
    """Print what was found rewritten on the day `since` (in Iran) or later, site by site, the
    latest last."""
    from archive.select.edits import edits_of
    from archive.times.day_range import DayRange

    begin = DayRange.of(since).begin
    for folder in folders:
        for edit in edits_of(folder, begin):
            if as_json:
                echo_data(json.dumps(_object(edit), ensure_ascii=False))
            else:
                click.echo(_line(edit))


def _object(edit: Edit) -> dict[str, Any]:
    gone, new = edit.word_counts()
    before, after = edit
    return {
        "id": after["id"],
        "site": after["site"],
        "url": after["url"],
        "title": after["title"],
        "published": after["published"],
        "version": after["version"],
        "before": before["version"],
        "fetched": after["fetched"],
        "fetched_before": before["fetched"],
        "modified": after["modified"],
        "silent": edit.is_silent,
        "title_before": before["title"],
        "words_gone": gone,
        "words_new": new,
    }


def _line(edit: Edit) -> str:
    """`2026-11-22 04:00  silent  khabar/post/12  version 2  -3 +5 words  title`"""
    gone, new = edit.word_counts()
    line = edit.after
    facts = [
        f"{datetime.fromisoformat(line['fetched']).astimezone():%Y-%m-%d %H:%M}",
        "silent" if edit.is_silent else "edited",
        line["id"],
        f"version {line['version']}",
        f"-{gone} +{new} words",
        safe_line(line["title"] or "(no title)"),
    ]
    return "  ".join(map(isolated, facts))
