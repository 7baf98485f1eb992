"""A site's folder once more, under another name: the same WARC files, and lines with new IDs.

The WARC files are hard links to the same bytes (copies where the disk has no hard links). Lines,
ledger and index hold the site's name, so they are written anew.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from archive.errors import FolderError
from archive.files.append_file import AppendFile, make_folder, sync_folder
from archive.folder import SiteFolder
from archive.index.index import Index
from archive.jsonl import json_lines
from archive.jsonl.articles import ArticleLines
from archive.jsonl.manifest import renew
from archive.layout import (
    ARTICLES,
    EPOCHS,
    INDEX,
    MANIFEST,
    REMOVALS,
    RENAMED,
    RUNS,
    TEXT,
    WARC,
    article_files,
)

_BATCH = 1000


def relabel(folder: SiteFolder, path: Path, name: str) -> None:
    """Make the folder `path` for the site of `folder`, which is called `name` there, and bring all
    of it to the disk. The file `.renamed` in it tells the name before.

    Call it under the site's lock, with nothing left of a dead run. FolderError or WriteFailed if
    the disk refuses, Damaged if a line is broken; `folder` is never changed.
    """
    make_folder(path)
    try:
        _link(folder.path, path)
        for file in (EPOCHS, MANIFEST):
            if (folder.path / file).exists():
                shutil.copy2(folder.path / file, path / file)
        _lines(folder, path, name)
        for file in (REMOVALS, RUNS):
            _objects(folder.path / file, path / file, folder.site.name, name)
        made = [f"{ARTICLES}/{file.name}" for file in article_files(path / ARTICLES)]
        made += [file for file in (REMOVALS, RUNS) if (path / file).exists()]
        size = renew(path, made)
        index = Index(path / INDEX, write=True)
        index.crawl_state.manifest_size = size
        index.close()
        with AppendFile(path / RENAMED) as marker:
            marker.write(folder.site.name.encode())
            marker.sync()
        _sync(path)
    except OSError as error:
        raise FolderError(
            f"cannot write {path}: {error.strerror}. Nothing of the site was changed. See that the"
            " disk has room, and give the command once more."
        ) from None


def name_before(path: Path) -> str | None:
    """The name that the site of the folder `path` had before, as long as the renaming is not at
    its end; else None."""
    marker = path / RENAMED
    return marker.read_text() if marker.is_file() else None


def _link(before: Path, after: Path) -> None:
    for kind in (WARC, TEXT):
        for file in sorted((before / kind).glob("*/*")):
            place = after / file.relative_to(before)
            make_folder(place.parent)
            try:
                os.link(file, place)
            except OSError:
                shutil.copy2(file, place)


def _lines(folder: SiteFolder, path: Path, name: str) -> None:
    """Write every line anew, into a file of the same name, and an index that knows it there."""
    with folder.reading() as before:
        if before is None:
            return
        before.copy_to(path / INDEX)
    lines, index = ArticleLines(path / ARTICLES), Index(path / INDEX, write=True)
    try:
        behind = folder.lines.since({})
        while batch := list(islice(behind, _BATCH)):
            with index.transaction():
                for place, line in batch:
                    known = line["id"]
                    line["id"], line["site"] = _id(known, folder.site.name, name), name
                    month = datetime.strptime(place.file, "%Y-%m.jsonl")
                    index.relabel(known, line, lines.append(line, month))
        lines.close()
    finally:
        lines.drop()
        index.close()


def _objects(before: Path, after: Path, old: str, new: str) -> None:
    """The JSON lines of a ledger, with the new name where they have the old one."""

    def relabelled() -> Iterator[dict[str, Any]]:
        for _, told in json_lines.objects(before):
            if "site" in told:
                told["site"] = new
            if "id" in told:
                told["id"] = _id(told["id"], old, new)
            yield told

    objects = relabelled()
    while batch := list(islice(objects, _BATCH)):
        json_lines.append(after, batch)


def _id(known: str, old: str, new: str) -> str:
    """The article ID `old/post/12` as `new/post/12`."""
    return new + known.removeprefix(old) if known.startswith(f"{old}/") else known


def _sync(path: Path) -> None:
    """Bring all files and folders below `path` to the disk: copies are not there yet."""
    for folder, _, files in os.walk(path, topdown=False):
        for file in files:
            descriptor = os.open(Path(folder) / file, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        sync_folder(Path(folder))
