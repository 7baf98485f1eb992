"""A site's lines, text records and index, made anew beside the old ones.

    khabar/.rebuild/                    under way: nothing in it counts yet
    khabar/.rebuilt-20261123T013000Z/   complete: its files take the places of the old ones

The rename from one to the other decides. If the process dies before it, nothing is changed. If it
dies after it, the next process that holds the site's lock does the rest.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.epochs import Epochs, write_epochs
from archive.errors import FolderError
from archive.files.append_file import make_folder, sync_folder
from archive.files.failpoint import passing
from archive.files.torn_tails import move_aside
from archive.index.index import Index
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.articles import ArticleLines, LinePlace
from archive.jsonl.manifest import renew
from archive.layout import (
    ARTICLES,
    EPOCHS,
    INDEX,
    INDEX_FILES,
    REBUILDING,
    REBUILT,
    SEARCH_FILES,
    TEXT,
    article_files,
    run_of,
)
from archive.storage.stored_files import text_files
from archive.warc.records import WarcRecord
from archive.warc.warcinfo import about
from archive.warc.writer import WarcSeries

if TYPE_CHECKING:
    from archive.folder import SiteFolder

# In this order: without an index nobody looks for lines.
_OLD = (*INDEX_FILES, ARTICLES, TEXT, EPOCHS)
_NEW = (ARTICLES, TEXT, EPOCHS, INDEX)


class Staging:
    """New files for the site of `folder`, in the new folder `path`. With `dry` only the index is
    made: it is needed to decide what is a version. If several layouts may have made the lines, that
    takes the lines, too (`has_lines`)."""

    def __init__(self, folder: SiteFolder, path: Path, *, dry: bool = False) -> None:
        self._folder = folder
        self.path = path
        make_folder(path)
        self.lines = ArticleLines(path / ARTICLES)
        self.index = Index(path / INDEX, write=True)
        self._dry = dry
        self.has_lines = not dry
        self._run = ""
        self._texts: WarcSeries | None = None
        self.kept = 0

    def keep(
        self, line: ArticleLine, captured: datetime, text: WarcRecord, *, unknown: bool = False
    ) -> None:
        """Append `line`, and its `text` record to the file of the run that captured the page. With
        `unknown` the line is one of those that `Index.enter` has told of."""
        self.kept += 1
        place = LinePlace("", self.kept, 0)
        place = self.lines.append(line, captured) if self.has_lines else place
        self.index.record(line, place, unknown=unknown)
        if self._dry:
            return
        self._turn_to(run_of(line["warc"]["file"]))
        assert self._texts
        self._texts.append([text])

    def learn(self, epochs: Epochs) -> None:
        """Write what the site's pages taught, if that is anything."""
        self.has_lines = not self._dry or epochs.several
        if not self._dry and (epochs != Epochs() or (self._folder.path / EPOCHS).exists()):
            write_epochs(self.path, epochs)

    def complete(self) -> None:
        """Make all new files durable, then rename the folder: from now on the new files count."""
        self.close()
        for name in (ARTICLES, TEXT):
            make_folder(self.path / name)
        folders = [path for path in self.path.rglob("*") if path.is_dir()]
        for path in [self.path / INDEX, *folders, self.path]:
            _sync(path)
        passing("rebuild.complete")
        self.path.rename(self.path.with_name(f"{REBUILT}{datetime.now(UTC):%Y%m%dT%H%M%SZ}"))
        passing("rebuild.completed")
        sync_folder(self._folder.path)

    def close(self) -> None:
        """Finish the files; closing twice does nothing."""
        if self._texts:
            self._texts.close()
            self._texts = None
        self.lines.close()
        self.index.close()

    def _turn_to(self, run: str) -> None:
        """Text records stand in files named after the run whose captures they were made from."""
        if run == self._run and self._texts:
            return
        if self._texts:
            self._texts.close()
        self._run = run
        serial = len(text_files(self.path, run))
        self._texts = WarcSeries(self.path, TEXT, run, _begun(run), self._info, serial=serial)

    def _info(self) -> dict[str, str]:
        return about(self._folder.archive.settings, self._folder.site)


def start_over(folder: SiteFolder) -> Path:
    """The path for a new Staging; what a dead rebuild had begun is deleted."""
    path = folder.path / REBUILDING
    shutil.rmtree(path, ignore_errors=True)
    return path


def put_in_place(folder: SiteFolder) -> Path | None:
    """Move the old files to quarantine and complete new files to their places. Call it under the
    site's lock. Return where the old files are now; None if there was nothing to do.

    If a process died in the middle of this, the rest is done. New files that are not complete are
    deleted.
    """
    start_over(folder)
    new = next(iter(folder.path.glob(f"{REBUILT}*")), None)
    if new is None:
        return None
    with suppress(OSError):  # it would be noticed that it has other lines
        for name in SEARCH_FILES:
            (folder.path / name).unlink(missing_ok=True)
    aside = folder.quarantine / f"before-rebuild-{new.name.removeprefix(REBUILT)}"
    for name in _OLD:
        # A file that is not in the new folder any more has its place already.
        if (new / name.partition("-")[0]).exists():
            move_aside(folder.path / name, aside, "was rebuilt; the old one")
    try:
        for name in _NEW:
            if (new / name).exists():
                passing("rebuild.move")
                (new / name).rename(folder.path / name)
                sync_folder(folder.path)
        _seal(folder, aside)
        shutil.rmtree(new)
        sync_folder(folder.path)
    except OSError as error:
        raise FolderError(
            f"cannot put the rebuilt files of {folder.path} in place: {error.strerror}. They are"
            f" whole, in {new}. Make the folder writable and run it again."
        ) from None
    return aside


def _seal(folder: SiteFolder, aside: Path) -> None:
    """Let the manifest name the new files, and the old ones no more."""
    names = {
        str(path.relative_to(top))
        for top in (folder.path, aside)
        for path in [*text_files(top), *article_files(top / ARTICLES)]
    }
    renew(folder.path, sorted(names))


def _begun(run: str) -> datetime:
    """The instant in a run's name; if it has none, now."""
    for part in run.split("-"):
        try:
            return datetime.strptime(part[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            continue
    return datetime.now(UTC)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
