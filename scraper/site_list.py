"""A list of sites to add: an address on each line, or CSV with a column of addresses.

    url,name
    https://khabar.example/,khabar
    https://sedaye.example/,

A line that begins with # is a comment.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive.errors import BayganError, UsageError
from archive.folder import Archive
from archive.sites_toml import check_name, check_url

_MOST = 5000


@dataclass(slots=True)
class Choice:
    """What of a list is to be looked at: `urls` by the names that the sites get. `known` are
    addresses that sites.toml has already, `refused` others with the reason."""

    urls: dict[str, str] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def read_list(lines: Iterable[str]) -> list[tuple[str, str | None]]:
    """The addresses in `lines`, each with its name or None. UsageError if there is no address, or
    if it is no text.

    >>> read_list(["https://khabar.example/", "# later", "https://sedaye.example/"])
    [('https://khabar.example/', None), ('https://sedaye.example/', None)]
    """
    try:
        rows = [row for row in csv.reader(_told(lines)) if any(cell.strip() for cell in row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"the list is no text: {error}. Nothing was changed.") from None
    names = [cell.strip().lower() for cell in rows[0]] if rows else []
    url_at, name_at = 0, None
    if "url" in names:
        url_at, rows = names.index("url"), rows[1:]
        name_at = names.index("name") if "name" in names else None
    entries = [(_cell(row, url_at), _cell(row, name_at) or None) for row in rows]
    if not 0 < len(entries) <= _MOST:
        raise UsageError(
            f"the list has {len(entries)} addresses; give between 1 and {_MOST}, each on a line of"
            " its own. Nothing was changed."
        )
    return entries


def chosen(archive: Archive, entries: Iterable[tuple[str, str | None]]) -> Choice:
    """What of a list can be added to `archive`."""
    choice = Choice()
    here = {site.url for site in archive.settings.sites.values()}
    for url, name in entries:
        taken = {*archive.settings.sites, *choice.urls}
        if url in here:
            choice.known.append(url)
            continue
        try:
            check_url(url, "the list")
            named = check_name(name) if name else name_of(url, taken)
            if named in taken:
                raise UsageError(f"the name '{named}' is taken")
        except BayganError as error:
            choice.refused[url] = str(error)
            continue
        here.add(url)
        choice.urls[named] = url
    return choice


def name_of(url: str, taken: Container[str]) -> str:
    """A name for the site at `url`, from its host: `khabar` for https://www.khabar.example/."""
    host = (urlsplit(url).hostname or "site").removeprefix("www.")
    labels = host.split(".")
    base = host if host.replace(".", "").isdigit() or ":" in host else labels[0]
    base = re.sub("[^a-z0-9]+", "-", base.lower()).strip("-") or "site"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def _told(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        told = line.lstrip("\ufeff")
        if not told.lstrip().startswith("#"):
            yield told


def _cell(row: list[str], at: int | None) -> str:
    return row[at].strip() if at is not None and at < len(row) else ""
