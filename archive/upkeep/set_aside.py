"""Moves a site's folder to quarantine/, as an archive of its own that every command can read.

quarantine/khabar/removed-20261130T013000Z/
    sites.toml      as it was, with this site alone
    khabar/         the site's folder
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from archive.errors import FolderError
from archive.files.append_file import make_folder, sync_folder
from archive.files.failpoint import passing
from archive.layout import QUARANTINE, SITES_TOML
from archive.upkeep.site_tables import write_text


def new_place(archive: Path, site: str, why: str, text: str) -> Path:
    """Make the place for the folder of `site`, with `text` as its sites.toml. FolderError if the
    disk refuses. `why` is the first word of its name."""
    path = archive / QUARANTINE / site / f"{why}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    make_folder(path)
    write_text(path / SITES_TOML, text)
    return path


def move_there(folder: Path, place: Path) -> None:
    """Move the site's `folder` into `place`, durably. FolderError if that cannot be done; then the
    folder is where it was."""
    try:
        passing("site.move")
        folder.rename(place / folder.name)
        sync_folder(place)
        sync_folder(folder.parent)
    except OSError as error:
        raise FolderError(
            f"cannot move {folder} to {place}: {error.strerror}. Nothing in it was changed. Make"
            " both writable, and give the command once more."
        ) from None
