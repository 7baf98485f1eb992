"""baygan rename: give a site another name."""

from __future__ import annotations

from pathlib import Path

import click

from scraper.console.completions import site_names
from scraper.console.options import archive_option, quiet_option
from scraper.console.terminal import tell


@click.command()
@click.argument("site", shell_complete=site_names)
@click.argument("name")
@quiet_option
@archive_option
def rename(site: str, name: str, folder: Path) -> None:
    """Give SITE another NAME, its folder and articles too.

    An article that was khabar/post/12 is then NAME/post/12: whoever has noted the old IDs needs
    their new ones. Captures are not changed. The old folder moves to quarantine/; its WARC files
    are the same files there, so that takes no more room. If sites.toml has the new name already,
    its folder follows.
    """
    from archive.folder import Archive
    from archive.select.upkeep import keep_up
    from archive.upkeep.renamed_site import rename_site

    place = rename_site(Archive(folder), site, name)
    if place is None:
        tell(f"[sites.{site}] is now [sites.{name}]; nothing was captured of it yet")
        return
    keep_up(Archive(folder).sites((name,)))
    tell(f"{site} is now {name}; the old folder is in {place}")
