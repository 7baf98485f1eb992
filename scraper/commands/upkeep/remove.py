"""baygan remove: take a site out of the archive."""

from __future__ import annotations

from pathlib import Path

import click

from scraper.console.completions import site_names
from scraper.console.options import archive_option, quiet_option
from scraper.console.terminal import tell


@click.command()
@click.argument("site", shell_complete=site_names)
@quiet_option
@archive_option
def remove(site: str, folder: Path) -> None:
    """Take SITE out of the archive, and delete nothing.

    Its table goes out of sites.toml, and its folder to quarantine/. There it is an archive of its
    own, with this site alone, which every command reads with -C. A folder that sites.toml does
    not name any more can be moved, too.
    """
    from archive.folder import Archive
    from archive.upkeep.removed_site import remove_site

    place = remove_site(Archive(folder), site)
    if place is None:
        tell(f"removed [sites.{site}]; nothing was captured of it")
    else:
        tell(f"removed {site}; all of it is in {place}")
        tell(f"read it with: baygan export -C {place}")
