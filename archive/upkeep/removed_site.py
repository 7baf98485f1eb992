"""Takes a site out of an archive: its table out of sites.toml, its folder to quarantine/."""

from __future__ import annotations

from pathlib import Path

from archive.files.lock import Lock
from archive.folder import Archive, SiteFolder
from archive.http.urls import resolve
from archive.layout import LOCK, SITES_TOML
from archive.sites import Site
from archive.sites_toml import is_name
from archive.upkeep.set_aside import move_there, new_place
from archive.upkeep.site_tables import only, read_text, without, write_text


def remove_site(archive: Archive, name: str) -> Path | None:
    """Remove the site called `name`; return the archive in quarantine/ that has it now, or None if
    nothing was ever captured of it. A folder that sites.toml does not name any more can be removed,
    too.

    UnknownSite if there is neither, ArchiveBusy if a run holds the site. If it is killed in the
    middle, do it again and it goes on.
    """
    named = name in archive.settings.sites
    folder = archive.path / name
    there = is_name(name) and folder.is_dir()
    if not named and name not in {stranger.site.name for stranger in archive.unnamed()}:
        archive.settings.site(name)
    toml = archive.path / SITES_TOML
    if not there:
        write_text(toml, without(read_text(toml), name))
        return None
    lock = Lock(folder / LOCK)
    try:
        text = read_text(toml)
        if not named:
            table = _table(SiteFolder(archive, Site(name=name, url="")))
            place = new_place(archive.path, name, "removed", f"{only(text, ())}\n{table}")
        else:
            place = new_place(archive.path, name, "removed", only(text, {name}))
            # Before the folder goes: a site without a folder would be crawled from the start.
            write_text(toml, without(text, name))
        move_there(folder, place)
    finally:
        lock.close()
    return place


def _table(folder: SiteFolder) -> str:
    """A table for a site that sites.toml does not have any more: its address is that of its newest
    article."""
    newest = folder.lines.latest(1)
    home = resolve("/", newest[0]["url"]) if newest else f"https://{folder.site.name}.invalid/"
    return f'[sites.{folder.site.name}]\nurl = "{home}"\n'
