"""text/: a WARC conversion record for every line, with its title and text and nothing else.

They are not in the files of the captures, as Common Crawl's WET files are not: replay tools would
take a conversion record for another capture of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.jsonl.article_line import ArticleLine
from archive.jsonl.manifest import read_seals
from archive.layout import MANIFEST, TEXT, run_of
from archive.storage.stored_files import text_files
from archive.warc.reader import records
from archive.warc.records import WarcRecord, conversion_record
from archive.warc.writer import Info, WarcSeries

if TYPE_CHECKING:
    from archive.jsonl.articles import LinePlace


def text_record(line: ArticleLine) -> WarcRecord:
    """The conversion record of `line`; it refers to the response the line was made from."""
    record_id = line["warc"]["record_id"]
    return conversion_record(line["url"], plain_text(line), record_id, datetime.now(UTC))


def plain_text(line: ArticleLine) -> str:
    """What a text record holds: the title, if there is one, a blank line, the text."""
    return f"{line['title']}\n\n{line['text']}" if line["title"] else line["text"]


class OwedTexts:
    """Writes the text records that a dead run did not write for its lines.

    They go into one more file of that run. So the files of a run tell which records are missing,
    however often the index is made anew. The lines must come run by run: only the record IDs of
    one run are held in memory.

    A run seals its lines when all their texts are durable. So the texts of a run are read only for
    lines that are not sealed, or if the run has none at all.
    """

    def __init__(self, site_folder: Path, started: datetime, info: Info) -> None:
        self._site_folder = site_folder
        self._started = started
        self._info = info
        self._run = ""
        self._paths: list[Path] = []
        self._told: set[str] | None = None
        self._sealed: dict[str, int] | None = None
        self._series: WarcSeries | None = None

    def write(self, lines: Iterable[tuple[LinePlace, ArticleLine]]) -> None:
        """Write the text record of each of `lines` that has none, durably."""
        for place, line in lines:
            self._turn_to(run_of(line["warc"]["file"]))
            if self._paths and self._is_sealed(place):
                continue
            if f"<{line['warc']['record_id']}>" not in self._texts():
                assert self._series is not None
                self._series.append([text_record(line)])
        if self._series:
            self._series.sync()

    def close(self) -> None:
        """Finish the file that was written, if one was."""
        if self._series:
            self._series.close()

    def _turn_to(self, run: str) -> None:
        if run == self._run:
            return
        self.close()
        self._paths = text_files(self._site_folder, run)
        self._run = run
        self._told = None
        self._series = WarcSeries(
            self._site_folder, TEXT, run, self._started, self._info, serial=len(self._paths)
        )

    def _texts(self) -> set[str]:
        """The records of which this run has the texts."""
        if self._told is None:
            self._told = {
                placed.record.field("WARC-Refers-To") or ""
                for path in self._paths
                for placed in records(path)
            }
        return self._told

    def _is_sealed(self, place: LinePlace) -> bool:
        if self._sealed is None:
            seals = read_seals(self._site_folder / MANIFEST)
            self._sealed = {Path(seal.file).name: seal.end for seal in seals}
        return place.offset + place.length <= self._sealed.get(place.file, 0)
