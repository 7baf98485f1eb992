"""A copy of a site's folder, to try something in: the folder itself stays as it is.

>>> with trial_copy(site) as copy:
...     Import(copy, files, workers).run()

Finished WARC files are hard links, since nobody changes them; all else is copied.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import FolderError
from archive.files.lock import Lock
from archive.folder import Archive, SiteFolder
from archive.layout import INDEX, INDEX_FILES, LOCK, OPEN, SITES_TOML, TEXT, TRIAL, WARC


@contextmanager
def trial_copy(folder: SiteFolder) -> Iterator[SiteFolder]:
    """The copy, in a folder of the same archive that is deleted at the end. Meanwhile no run can
    begin. ArchiveBusy if one has the site; FolderError if the disk refuses or has no hard links.
    """
    archive, name = folder.archive.path, folder.site.name
    lock = Lock(folder.path / LOCK) if folder.path.is_dir() else None
    # Who holds the lock may take away what a dead process left; another site's copy may be in use.
    path = archive / (f"{TRIAL}{name}" if lock else f"{TRIAL}{name}.{secrets.token_hex(4)}")
    try:
        try:
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
            shutil.copy2(archive / SITES_TOML, path / SITES_TOML)
            if lock:
                _copy(folder, path / name)
        except OSError as error:
            raise FolderError(
                f"cannot make a copy of {folder.path} to try it in: {error.strerror}. Nothing was"
                " changed."
            ) from None
        yield Archive(path).site(name)
    finally:
        shutil.rmtree(path, ignore_errors=True)
        if lock:
            lock.close()


def _copy(folder: SiteFolder, copy: Path) -> None:
    for there, _, files in os.walk(folder.path):
        place = copy / Path(there).relative_to(folder.path)
        place.mkdir()
        for file in files:
            if file in (*INDEX_FILES, LOCK):
                continue
            captured = place.parent.name in (WARC, TEXT) and not file.endswith(OPEN)
            (os.link if captured else shutil.copy2)(Path(there) / file, place / file)
    if folder.index_path.exists():
        with folder.reading() as index:
            if index:
                index.copy_to(copy / INDEX)
