"""baygan add: look at a site, or at many, and add them to sites.toml."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from archive.errors import UsageError
from scraper.console.options import archive_option, quiet_option
from scraper.console.terminal import echo_data, tell, tell_error

if TYPE_CHECKING:
    from archive.errors import BayganError
    from archive.folder import Archive
    from scraper.probe import Findings


@click.command()
@click.argument("url", required=False)
@click.option("--name", metavar="NAME", help="What to call the site: a-z, 0-9 and '-'.")
@click.option(
    "--list",
    "listed",
    metavar="FILE",
    type=click.File(encoding="utf-8"),
    help="Add all sites in FILE.",
)
@click.option("--allow-private", is_flag=True, help="Allow 127.0.0.1, 10.… and the like.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each site.")
@quiet_option
@archive_option
def add(
    url: str | None,
    name: str | None,
    listed: TextIO | None,
    allow_private: bool,
    as_json: bool,
    folder: Path,
) -> None:
    """Look at the site at URL and add it to sites.toml.

    The name is made from the address if you give none. If the site does not answer, or is not
    made with WordPress, nothing is written.

    FILE has an address on each line, or is CSV with a column `url` and perhaps one `name`; - is
    stdin. Its sites are looked at side by side. Those that cannot be added are told, each with
    the reason, and all others are added; then the exit status is 3. The same list may be given
    again: what is in sites.toml already is passed over.

      baygan add --list sites.csv
    """
    from archive.folder import Archive

    if (url is None) == (listed is None) or (listed and name):
        raise UsageError(
            "give one address, or a file of addresses: baygan add https://khabar.example/, or"
            " baygan add --list sites.csv. --name is for one address. Nothing was changed."
        )
    archive = Archive(folder)
    if listed:
        from scraper.site_list import read_list

        _add_all(archive, read_list(listed), allow_private, as_json)
    elif url:
        _add_one(archive, url, name, allow_private, as_json)


def _add_one(
    archive: Archive, url: str, name: str | None, allow_private: bool, as_json: bool
) -> None:
    from scraper.probe import probe_site
    from scraper.site_list import name_of

    name = name or name_of(url, archive.settings.sites)
    archive.check_new(name, url)
    tell(f"looking at {url} with a few requests, a second apart ...")
    findings = probe_site(url, name, archive.settings, allow_private=allow_private)
    archive.add(name, url, allow_private=allow_private)
    if as_json:
        echo_data(json.dumps(findings.to_object(), ensure_ascii=False))
        return
    tell(findings.describe())
    tell(f"added [sites.{name}]; fetch its articles with: baygan crawl {name}")


def _add_all(
    archive: Archive, entries: list[tuple[str, str | None]], allow_private: bool, as_json: bool
) -> None:
    from scraper.probe import probe_sites
    from scraper.site_list import chosen

    choice = chosen(archive, entries)
    for known in choice.known:
        tell(f"{known} is in sites.toml already")
    looked: dict[str, Findings | BayganError] = {}
    if choice.urls:
        count = len(choice.urls)
        tell(f"looking at {count} site{'s' * (count > 1)}, a few requests each, a second apart ...")
        looked = probe_sites(choice.urls, archive.settings, allow_private=allow_private)
    added = 0
    for name, found in looked.items():
        added += _added(archive, name, found, allow_private, as_json)
    refused = {**choice.refused}
    refused |= {choice.urls[n]: str(e) for n, e in looked.items() if isinstance(e, Exception)}
    for url, why in refused.items():
        tell_error(f"not added: {url}: {why}")
        if as_json:
            echo_data(json.dumps({"url": url, "problems": [why]}, ensure_ascii=False))
    tell(f"{added} added, {len(choice.known)} there already, {len(refused)} not added")
    if refused:
        raise SystemExit(3 if added or choice.known else 1)


def _added(
    archive: Archive, name: str, found: Findings | BayganError, allow_private: bool, as_json: bool
) -> bool:
    """Add the site if it was found, and say so."""
    if isinstance(found, Exception):
        return False
    archive.add(name, found.site.url, allow_private=allow_private)
    if as_json:
        echo_data(json.dumps(found.to_object(), ensure_ascii=False))
    else:
        tell(f"added [sites.{name}]: {found.source_told()}")
    return True
