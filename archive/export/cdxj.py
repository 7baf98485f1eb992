"""CDXJ: a line for every capture. With it replay tools find a page in the WARC files.

    example,khabar)/?p=1 20261122003004 {"url": "http://khabar.example/?p=1", "mime": …}

The lines are those that cdxj-indexer writes; a test compares them. The fields are described at
https://specs.webrecorder.net/cdxj/.
"""

from __future__ import annotations

import json
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.errors import Damaged, FolderError
from archive.export.surt import surt
from archive.http.message import Message
from archive.warc.members import Member, members
from archive.warc.stored_record import StoredRecord, parse_record

_MIME_END = re.compile(r"[;\s]")


def captures(files: Iterable[Path]) -> Iterator[str]:
    """The lines of all captures in `files`, sorted by their bytes. Damaged if a file is broken;
    FolderError if one cannot be read or there is no room to sort.

    They are sorted on the disk, in TMPDIR: an archive can have millions.
    """
    database = sqlite3.connect("", isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("CREATE TABLE lines (line TEXT PRIMARY KEY) WITHOUT ROWID")
        database.execute("BEGIN")
        for file in files:
            lines = ((line,) for line in _captures(file))
            database.executemany("INSERT OR IGNORE INTO lines VALUES (?)", lines)
        for (line,) in database.execute("SELECT line FROM lines ORDER BY line"):
            yield line
    except sqlite3.OperationalError as error:
        raise FolderError(
            f"cannot sort the captures: {error}. Nothing was changed. They are sorted in a file in"
            f" {tempfile.gettempdir()}; name a folder with more room in TMPDIR."
        ) from None
    finally:
        database.close()


def _captures(path: Path) -> Iterator[str]:
    try:
        for member in members(path):
            if not isinstance(member, Member):
                raise Damaged(
                    f"{path} is broken at byte {member.offset}. Nothing was changed."
                    " See how much of it with: baygan check"
                )
            record = parse_record(member.raw)
            if record.field("WARC-Type") in ("response", "revisit"):
                yield _line(record, member, path.name)
    except OSError as error:
        raise FolderError(f"cannot read {path}: {error.strerror}. Nothing was changed.") from None


def _line(record: StoredRecord, member: Member, file: str) -> str:
    url, date = record.field("WARC-Target-URI") or "", record.field("WARC-Date") or ""
    message = Message.parse(record.block)
    revisit = record.field("WARC-Type") == "revisit"
    mime = "warc/revisit" if revisit else message.header("content-type")
    fields = {
        "url": url,
        "mime": _MIME_END.split(mime, maxsplit=1)[0] if mime else mime,
        "status": str(message.status) if message.status else None,
        "digest": record.field("WARC-Payload-Digest"),
        "length": str(member.length),
        "offset": str(member.offset),
        "filename": file,
    }
    said = json.dumps({name: value for name, value in fields.items() if value is not None})
    return f"{surt(url)} {re.sub('[^0-9]', '', date)[:14]} {said}"
