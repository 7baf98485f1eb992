"""text/: a WARC conversion record for every line, its title and text and nothing else.

The files stand apart from the captures, as Common Crawl's WET files do: replay tools would
take a conversion record for another capture of the page.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from archive.line import Line
from archive.record import Record, conversion_record
from archive.stored import records


def text_record(line: Line) -> Record:
    """The conversion record of `line`; it refers to the response the line was made from."""
    text = f"{line['title']}\n\n{line['text']}" if line["title"] else line["text"]
    return conversion_record(line["url"], text, line["warc"]["record_id"], datetime.now(UTC))


class Told:
    """Which lines have their text record: `line in Told(site_folder)`.

    Lines come run by run, so it keeps what one run's text files refer to, no more.
    """

    def __init__(self, site_folder: Path) -> None:
        self._site_folder = site_folder
        self._run = ""
        self._references: set[str] = set()

    def __contains__(self, line: Line) -> bool:
        run = run_of(line["warc"]["file"])
        if run != self._run:
            self._run, self._references = run, self._referred(run)
        return f"<{line['warc']['record_id']}>" in self._references

    def _referred(self, run: str) -> set[str]:
        found: set[str] = set()
        for path in self._site_folder.glob(f"text/*/{run}-*.text.warc.gz"):
            found.update(record.field("WARC-Refers-To") or "" for record in records(path))
        return found


def run_of(file: str) -> str:
    """The part of a WARC file's name that all files of its run share.

    >>> run_of("warc/2026/khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz")
    'khabar-20261122T003004123Z-4f1c09ab'
    """
    return Path(file).name.rpartition("-")[0]
