"""A run's WARC files: every run begins a new file, and another one at 1 GiB.

    warc/2026/khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz.open   while it is written
    warc/2026/khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz        finished

Every record is a gzip member of its own (WARC 1.1, annex D). So its offset is enough to read it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from archive.files.append_file import AppendFile, make_folder
from archive.files.finish import finish
from archive.layout import OPEN, suffix_of
from archive.record_place import RecordPlace
from archive.warc.records import WarcRecord, warcinfo_record

GIBIBYTE = 1 << 30
Info = Callable[[], dict[str, str]]
"""Returns the fields of the warcinfo record; called when a file is begun."""


class WarcSeries:
    """The files of one run of one kind: `warc` (exchanges) or `text` (conversion records).

    `name` begins their names (archive.layout, `run_name`), `started` is when the run began;
    `serial` is the first one's number. Nothing is on the disk before the first `append`. `sync`
    makes what was appended durable; `close` syncs, gives the last file its final name and syncs
    the folder.
    """

    def __init__(
        self,
        folder: Path,
        kind: str,
        name: str,
        started: datetime,
        info: Info,
        limit: int = GIBIBYTE,
        serial: int = 0,
    ) -> None:
        self._site_folder = folder
        self._folder = folder / kind / f"{started:%Y}"
        self._name = name
        self._suffix = suffix_of(kind)
        self._started = started
        self._info = info
        self._limit = limit
        self._serial = serial
        self._file: AppendFile | None = None
        self._place = self.warcinfo_id = ""

    def append(self, records: Sequence[WarcRecord]) -> list[RecordPlace]:
        """Write `records` one after the other into the same file; return their places."""
        file = self._roomy()
        offset = file.write(b"".join(record.member for record in records))
        places = []
        for record in records:
            places.append(RecordPlace(self._place, offset, len(record.member)))
            offset += len(record.member)
        return places

    def open(self) -> None:
        """Begin a file if none is open, so that `warcinfo_id` is known."""
        self._roomy()

    def sync(self) -> None:
        """Bring what was appended to the disk."""
        if self._file:
            self._file.sync()

    def close(self) -> None:
        """Finish the open file under its final name; closing twice does nothing."""
        if not self._file:
            return
        _finish(self._file)
        self._file = None

    def drop(self) -> None:
        """Leave the open file as it is, for the next run to put in order."""
        if self._file:
            self._file.close()
            self._file = None

    def _roomy(self) -> AppendFile:
        full = self._file if self._file and self._file.size >= self._limit else None
        if not self._file or full:
            make_folder(self._folder)
            name = f"{self._name}-{self._serial:05}{self._suffix}"
            self._serial += 1
            self._file = AppendFile(self._folder / (name + OPEN), new=True)
            info = warcinfo_record(name, self._started, self._info())
            self._file.write(info.member)
            self._place = str((self._folder / name).relative_to(self._site_folder))
            self.warcinfo_id = info.record_id
        if full:
            # Only after the next file is begun: so a run that is not over always has an open file.
            _finish(full)
        return self._file


def _finish(file: AppendFile) -> None:
    file.sync()
    file.close()
    finish(file.path)
