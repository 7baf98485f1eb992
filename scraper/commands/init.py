"""baygan init: make an archive."""

from __future__ import annotations

import click

from scraper.console.terminal import tell


@click.command()
@click.argument("folder", default=".")
def init(folder: str) -> None:
    """Make a new archive in FOLDER.

    Writes a sites.toml whose comments explain its keys. Files that are there already are not
    changed.
    """
    from archive.folder import Archive

    Archive.create(folder)
    tell(f"made {folder.rstrip('/')}/sites.toml")
