"""What a site's own listing told of a post's text: REST's `content.rendered`, which WordPress makes
of the post without the theme around it.

    >>> content_of(Path("persian-news/khabar"), hints)
    ListedContent(html='<p>باران از بامداد …', is_current=True)

It is not stored a second time: the listing's answer lies in the WARC, and the page's notes tell
where (`Hints.content_place`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from archive.errors import Damaged
from archive.http.json_body import json_of
from archive.layout import find_warc
from archive.model import Hints
from archive.record_place import RecordPlace
from archive.text.fold import well_formed
from archive.times.rest_date import read_gmt
from archive.warc.reader import read_member, response_of

_LISTINGS = 2
"""Neighbours in a crawl come of one listing, or of two."""


class ListedContent(NamedTuple):
    """A post's content as HTML; `is_current` is False if the post was edited since it was told."""

    html: str
    is_current: bool


def content_of(site_folder: Path, hints: Hints) -> ListedContent | None:
    """The content of the post that `hints` are of; None if no listing told it, or what told it
    cannot be read any more."""
    if hints.content_place is None or hints.post_id is None:
        return None
    try:
        told = _contents(site_folder, hints.content_place).get(hints.post_id)
    except Damaged:
        # Not remembered: a file that is not there may be brought back.
        return None
    if told is None:
        return None
    html, modified = told
    return ListedContent(html, None in (modified, hints.modified) or modified == hints.modified)


@lru_cache(maxsize=_LISTINGS)
def _contents(site_folder: Path, place: RecordPlace) -> Mapping[int, tuple[str, datetime | None]]:
    """The contents, by the posts' IDs, that the listing at `place` told, and when each was
    modified; Damaged if there is no such record."""
    record = read_member(find_warc(site_folder, place.file), place.offset)
    answer = json_of(response_of(site_folder, record).page())
    found = {}
    for entry in answer if isinstance(answer, list) else [answer]:
        number, html = _field(entry, "id"), _field(_field(entry, "content"), "rendered")
        if type(number) is int and isinstance(html, str):
            found[number] = well_formed(html), read_gmt(_field(entry, "modified_gmt"))
    return found


def _field(entry: object, name: str) -> object:
    return entry.get(name) if isinstance(entry, dict) else None
