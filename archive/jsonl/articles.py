"""articles/*.jsonl: one file for each month of capture (UTC); lines are only appended."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from archive.errors import Damaged
from archive.files.append_file import AppendFile, make_folder
from archive.jsonl import json_lines
from archive.jsonl.article_line import ArticleLine, encode
from archive.layout import article_file, article_files

_LATEST = 1 << 20


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Where a line is: the name of its file in articles/, and its bytes there."""

    file: str
    offset: int
    length: int


class ArticleLines:
    """The lines of one site. Only the run that holds the lock appends; reading needs no lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: AppendFile | None = None

    def append(self, line: ArticleLine, captured: datetime) -> LinePlace:
        """Append `line` to the file of the month it was `captured` in."""
        name = article_file(captured)
        if not self._file or self._file.path.name != name:
            self.close()
            make_folder(self.folder)
            self._file = AppendFile(self.folder / name)
        data = encode(line)
        return LinePlace(name, self._file.write(data), len(data))

    def sync(self) -> None:
        """Bring what was appended to the disk."""
        if self._file:
            self._file.sync()

    def close(self) -> None:
        """Sync and close; closing twice does nothing."""
        if self._file:
            self._file.sync()
            self._file.close()
            self._file = None

    def drop(self) -> None:
        """Close without a sync, after a write that failed."""
        if self._file:
            self._file.close()
            self._file = None

    def read(self, place: LinePlace) -> ArticleLine:
        """The line at `place`; Damaged if there is none."""
        [(_, line)] = self.read_each([place])
        return line

    def read_each(self, places: Iterable[LinePlace]) -> Iterator[tuple[LinePlace, ArticleLine]]:
        """Each of `places` with its line, in their order; Damaged where there is none.

        Nothing else is read, and a file stays open while the next place is in it.
        """
        file = None
        try:
            for place in places:
                path = self.folder / place.file
                if file is None or file.name != str(path):
                    if file:
                        file.close()
                    file = _opened(path)
                # os.pread reads these bytes alone; a buffered file would read 8 kB for each.
                data = os.pread(file.fileno(), place.length, place.offset)
                found = json_lines.object_in(data)
                yield place, _article(json_lines.JsonLine(place.offset, data, found), path)
        finally:
            if file:
                file.close()

    def since(
        self, marks: Mapping[str, int], ends: Mapping[str, int] | None = None
    ) -> Iterator[tuple[LinePlace, ArticleLine]]:
        """Every line after the `marks` (file name → bytes already known), oldest file first; with
        `ends`, also bytes of each file, only those before them.

        Damaged if a file is shorter than its mark: then acknowledged lines are gone.
        """
        for name, known in sorted(marks.items()):
            path = self.folder / name
            size = path.stat().st_size if path.exists() else 0
            if size < known:
                raise Damaged(
                    f"{path} has lost lines: {known} bytes were acknowledged, {size} are there."
                    " Nothing was changed. Restore it from a copy, or move index.db away"
                    " to fetch the lost articles anew."
                )
        for path in article_files(self.folder):
            for line in json_lines.read(path, marks.get(path.name, 0)):
                place = LinePlace(path.name, line.offset, len(line.data))
                if ends is not None and place.offset + place.length > ends.get(path.name, 0):
                    break
                yield place, _article(line, path)

    def latest(self, count: int) -> list[ArticleLine]:
        """The last lines, the newest first: at most `count`, of those in the last bytes of the
        newest file. It is for suggestions and takes no longer in a big archive."""
        files = article_files(self.folder)
        if not files:
            return []
        start = max(0, files[-1].stat().st_size - _LATEST)
        # The first line of a piece of a file may be a part of one.
        whole = [line for line in json_lines.read(files[-1], start) if line.found and line.whole]
        return [_article(line, files[-1]) for line in reversed(whole[-count:])]

    def named(self, file: str) -> int:
        """The end in bytes of the last record in the WARC `file` that a line names; 0 if none
        does."""
        quoted = json.dumps(file).encode()
        ends = [0]
        for path in article_files(self.folder):
            with path.open("rb") as lines:
                for data in lines:
                    found = json_lines.object_in(data) if quoted in data else None
                    if found and found["warc"]["file"] == file:
                        ends.append(found["warc"]["offset"] + found["warc"]["length"])
        return max(ends)

    def cut_torn_ends(self, quarantine: Path, marks: dict[str, int], batch: int = 0) -> None:
        """Cut torn last lines off every file, into `quarantine`. Lines before the `marks` (file
        name → bytes already acknowledged) were whole once and are not touched.

        `batch` is 0, or after a run that died the number of lines that may not be synced.
        """
        for path in article_files(self.folder):
            json_lines.cut_torn_end(path, quarantine, marks.get(path.name, 0), max(0, batch - 1))


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb", buffering=0)
    except FileNotFoundError:
        raise Damaged(f"{path} is missing. index.db names a line in it.") from None


def _article(line: json_lines.JsonLine, path: Path) -> ArticleLine:
    if line.found is None or not line.whole:
        raise Damaged(f"{path}: no whole line at byte {line.offset}. Nothing was changed.")
    return cast("ArticleLine", line.found)
