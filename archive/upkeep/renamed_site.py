"""Gives a site another name: in sites.toml, to its folder, and in the IDs of its articles.

In this order, so that a kill between two steps loses nothing:

    1  .renaming-NEW/   a folder with the new name inside is made beside the old one
    2  NEW/             it is renamed; sites.toml still names the old folder
    3  sites.toml       names the new one
    4  quarantine/      has the old folder
"""

from __future__ import annotations

import shutil
import uuid
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from archive.errors import FolderError, SettingsError
from archive.files.append_file import sync_folder
from archive.files.failpoint import passing
from archive.files.lock import Lock
from archive.folder import Archive, SiteFolder
from archive.jsonl.runs import Run
from archive.layout import LOCK, RENAMED, RENAMING, SITES_TOML, open_files
from archive.sites import Site
from archive.sites_toml import check_name
from archive.storage.stored_files import only_stored, storage_of
from archive.upkeep.relabelled_copy import name_before, relabel
from archive.upkeep.set_aside import move_there, new_place
from archive.upkeep.site_tables import only, read_text, renamed, write_text
from archive.warc.warcinfo import about
from archive.writer.opening import open_site


def rename_site(archive: Archive, old: str, new: str) -> Path | None:
    """Call the site `old` `new`; return the archive in quarantine/ that has the old folder, or None
    if nothing was ever captured. If a person changed the name in sites.toml already, the folder
    follows.

    UnknownSite if there is no such site, SettingsError if the new name is taken or no name,
    ArchiveBusy if a run holds the site. If it is killed, do it again and it goes on.
    """
    check_name(new)
    sites, target = archive.settings.sites, archive.path / new
    strangers = {folder.site.name for folder in archive.unnamed()}
    by_hand = old in strangers and new in sites
    if not by_hand:
        archive.settings.site(old)
        if new in sites:
            raise SettingsError(
                f"sites.toml has a site [sites.{new}] already; nothing was changed. Choose another"
                " name."
            )
    begun = name_before(target) == old
    if target.exists() and not begun:
        raise FolderError(
            f"the folder {target} is there already; nothing was changed. Move it away, or choose"
            " another name."
        )
    toml = archive.path / SITES_TOML
    if not (archive.path / old).is_dir():
        write_text(toml, renamed(read_text(toml), old, new))
        return None
    folder = SiteFolder(archive, Site(name=old, url=sites[new if by_hand else old].url))
    lock = Lock(folder.path / LOCK)
    try:
        if not (begun and by_hand):
            _settle(folder)
            if begun:
                # It was made from what is made anew now; but nothing that has a name is deleted.
                text = only(renamed(read_text(toml), old, new), {new})
                move_there(target, new_place(archive.path, new, "unfinished", text))
            _copy(folder, target)
        return _change_over(archive, folder, new, by_hand)
    finally:
        lock.close()


def _settle(folder: SiteFolder) -> None:
    """Put in order what a dead run left. FolderError if it captured pages that are not kept yet:
    cleaning them is the next crawl's work."""
    if away := only_stored(folder.path):
        raise FolderError(
            f"{len(away)} files of {folder.site.name} are only in {storage_of(folder.path)}, under"
            " its old name. Nothing was changed. Bring them back first, then rename it."
        )
    run = Run(run=uuid.uuid4().hex[:8], site=folder.site.name, started=datetime.now(UTC))
    info = partial(about, folder.archive.settings, folder.site)
    index, _ = open_site(folder, run, info)
    index.close()
    if open_files(folder.path):
        raise FolderError(
            f"a run of {folder.site.name} was killed and left pages that are not cleaned yet."
            f" Nothing was changed. First: baygan crawl {folder.site.name}"
        )


def _copy(folder: SiteFolder, target: Path) -> None:
    stage = target.with_name(f"{RENAMING}{target.name}")
    shutil.rmtree(stage, ignore_errors=True)
    relabel(folder, stage, target.name)
    try:
        passing("rename.made")
        stage.rename(target)
        sync_folder(target.parent)
        passing("rename.placed")
    except OSError as error:
        raise FolderError(
            f"cannot make {target}: {error.strerror}. Nothing of the site was changed."
        ) from None


def _change_over(archive: Archive, folder: SiteFolder, new: str, by_hand: bool) -> Path:
    """Let sites.toml name the new folder, and move the old one to quarantine."""
    toml, old = archive.path / SITES_TOML, folder.site.name
    text = read_text(toml)
    if by_hand:
        place = new_place(archive.path, old, "renamed", only(renamed(text, new, old), {old}))
    else:
        place = new_place(archive.path, old, "renamed", only(text, {old}))
        write_text(toml, renamed(text, old, new))
    move_there(folder.path, place)
    (archive.path / new / RENAMED).unlink()
    return place
