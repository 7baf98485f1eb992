"""baygan probe: look at a site without an archive."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scraper.console.options import archive_option
from scraper.console.terminal import echo_data, tell


@click.command()
@click.argument("url")
@click.option("--allow-private", is_flag=True, help="Allow 127.0.0.1, 10.… and the like.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one JSON line.")
@archive_option
def probe(url: str, allow_private: bool, as_json: bool, folder: Path) -> None:
    """Look at the site at URL and describe it for sites.toml.

    Shows where its articles are found, how many there are, how long a first crawl takes, and
    one article. The lines for sites.toml go to stdout, the rest to stderr:

      baygan probe https://khabar.example/ >> sites.toml
    """
    from archive.folder import Archive
    from archive.sites import Settings
    from scraper.probe import probe_site
    from scraper.site_list import name_of

    settings = Archive(folder).settings if (folder / "sites.toml").exists() else Settings()
    name = name_of(url, settings.sites)
    tell(f"looking at {url} with a few requests, a second apart ...")
    findings = probe_site(url, name, settings, allow_private=allow_private)
    if as_json:
        echo_data(json.dumps(findings.to_object(), ensure_ascii=False))
        return
    click.echo(findings.describe(), err=True)
    echo_data(findings.toml(), nl=False)
