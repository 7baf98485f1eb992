"""baygan add: look at a site and add it to sites.toml."""

from __future__ import annotations

from pathlib import Path

import click

from scraper.console.options import archive_option
from scraper.console.terminal import tell


@click.command()
@click.argument("url")
@click.option("--name", metavar="NAME", help="What to call the site: a-z, 0-9 and '-'.")
@click.option("--allow-private", is_flag=True, help="Allow 127.0.0.1, 10.… and the like.")
@archive_option
def add(url: str, name: str | None, allow_private: bool, folder: Path) -> None:
    """Look at the site at URL and add it to sites.toml.

    The name is made from the address if you give none. If the site does not answer, or is not
    made with WordPress, nothing is written.
    """
    from archive.folder import Archive
    from scraper.probe import name_of, probe_site

    archive = Archive(folder)
    name = name or name_of(url, archive.settings.sites)
    archive.check_new(name, url)
    tell(f"looking at {url} with a few requests, a second apart ...")
    findings = probe_site(url, name, archive.settings, allow_private=allow_private)
    archive.add(name, url, allow_private=allow_private)
    tell(findings.describe())
    tell(f"added [sites.{name}]; fetch its articles with: baygan crawl {name}")
