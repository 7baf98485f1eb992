"""articles/*.jsonl: one file a month of capture (UTC), append only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.errors import Damaged
from archive.files.append_file import AppendFile, make_folder
from archive.files.torn_tails import cut_tail, last_whole_line
from archive.jsonl.article_line import Line, encode
from archive.layout import article_file, article_files


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Where a line lies: its file's name in articles/, and its bytes there."""

    file: str
    offset: int
    length: int


class ArticleLines:
    """The lines of one site. Reading needs no lock; only the run that holds it appends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: AppendFile | None = None

    def append(self, line: Line, captured: datetime) -> LinePlace:
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
        """Close without another try to sync: a write has failed before."""
        if self._file:
            self._file.close()
            self._file = None

    def read(self, place: LinePlace) -> Line:
        """The line at `place`; Damaged if there is none."""
        path = self.folder / place.file
        try:
            with path.open("rb") as file:
                file.seek(place.offset)
                return _decode(file.read(place.length), path, place.offset)
        except FileNotFoundError:
            raise Damaged(f"{path} is missing. index.db names a line in it.") from None

    def since(self, marks: dict[str, int]) -> Iterator[tuple[LinePlace, Line]]:
        """Every line behind `marks` (file name → bytes already known), oldest file first.

        Damaged if a file is shorter than its mark: acknowledged lines are gone.
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
            offset = marks.get(path.name, 0)
            with path.open("rb") as file:
                file.seek(offset)
                for data in file:
                    yield LinePlace(path.name, offset, len(data)), _decode(data, path, offset)
                    offset += len(data)

    def named(self, file: str) -> int:
        """The end of the last record of the WARC `file` that a line names; 0 if none does."""
        quoted = json.dumps(file).encode()
        ends = [0]
        for path in article_files(self.folder):
            with path.open("rb") as lines:
                for data in lines:
                    if quoted in data:
                        warc = _decode(data, path, 0)["warc"]
                        ends += [warc["offset"] + warc["length"]] if warc["file"] == file else []
        return max(ends)

    def salvage(self, quarantine: Path, marks: dict[str, int], batch: int = 0) -> None:
        """Cut torn last lines off every file, into `quarantine`; those before `marks` (file
        name → bytes already acknowledged) were whole once and are not touched.

        With a `batch` a run died, and so many lines behind a broken one may not be synced.
        """
        for path in article_files(self.folder):
            end = last_whole_line(path, marks.get(path.name, 0), max(0, batch - 1))
            cut_tail(path, end, quarantine)


def _decode(data: bytes, path: Path, offset: int) -> Line:
    try:
        line = json.loads(data)
    except ValueError:
        line = None
    if not isinstance(line, dict) or not data.endswith(b"\n"):
        raise Damaged(f"{path}: no whole line at byte {offset}. Nothing was changed.")
    return line
