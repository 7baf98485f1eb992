"""Reads our own WARC files: one record by its place, or all records of a file in their order.

>>> for placed in walk(Path("khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz")):
...     print(placed.place, placed.record.field("WARC-Type"))
(0, 412) warcinfo
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from archive.errors import Damaged
from archive.layout import final_name, find_warc
from archive.storage.stored_files import warc_files
from archive.warc.members import BrokenMember, member_at, members
from archive.warc.stored_record import StoredRecord, parse_record


class PlacedRecord(NamedTuple):
    """A record, and `place`: the offset and length of its gzip member in the file."""

    record: StoredRecord
    place: tuple[int, int]


def read_record(site_folder: Path, warc: Mapping[str, Any]) -> StoredRecord:
    """The record that a line's `warc` key names; Damaged if it is not there as written."""
    path = find_warc(site_folder, warc["file"])
    record = read_member(path, warc["offset"])
    if record.field("WARC-Record-ID") != f"<{warc['record_id']}>":
        raise Damaged(
            f"{path}, byte {warc['offset']}: the record there is not {warc['record_id']}."
            " Nothing was changed."
        )
    return record


def response_of(site_folder: Path, record: StoredRecord) -> StoredRecord:
    """The response that holds the body: `record` itself or, if that is a `revisit`, the response
    that it refers to. Damaged if it is not there."""
    if record.field("WARC-Type") != "revisit":
        return record
    name = record.field("WARC-Refers-To-Filename") or ""
    paths = [path for path in warc_files(site_folder) if name in (path.name, final_name(path).name)]
    offset = record.field("WARC-Refers-To-File-Offset") or ""
    if not name or not paths or not offset.isdecimal():
        raise Damaged(
            f"record {record.field('WARC-Record-ID')} refers to {name or 'a file'}, which is not"
            f" in {site_folder / 'warc'}. Nothing was changed. Restore it from a copy."
        )
    response = read_member(paths[0], int(offset))
    if response.field("WARC-Record-ID") != record.field("WARC-Refers-To"):
        raise Damaged(
            f"{paths[0]}, byte {offset}: the record there is not"
            f" {record.field('WARC-Refers-To')}. Nothing was changed."
        )
    return response


def read_member(path: Path, offset: int) -> StoredRecord:
    """The record whose gzip member begins at `offset`; Damaged if there is no whole record."""
    try:
        member = member_at(path, offset)
    except OSError as error:
        raise _unreadable(path, offset, str(error)) from None
    if isinstance(member, BrokenMember):
        raise _unreadable(path, offset, member.what)
    return parse_record(member.raw)


def _unreadable(path: Path, offset: int, why: str) -> Damaged:
    return Damaged(f"{path}, byte {offset}, cannot be read: {why}. Nothing was changed.")


def walk(path: Path, start: int = 0) -> Iterator[PlacedRecord]:
    """The records of the file at `path` from the byte `start` on; Damaged at the first one that
    is not as it was written."""
    for member in members(path, start=start):
        if isinstance(member, BrokenMember):
            raise _broken(path, member.offset, member.what)
        record = parse_record(member.raw)
        if not record.is_whole():
            raise _broken(path, member.offset, "no record, or its length is wrong")
        yield PlacedRecord(record, (member.offset, member.length))


def records(path: Path, start: int = 0) -> Iterator[PlacedRecord]:
    """The records of the file at `path` up to the first one that is not whole."""
    with suppress(Damaged):
        yield from walk(path, start)


def _broken(path: Path, offset: int, what: str) -> Damaged:
    return Damaged(f"{path} is broken at byte {offset}: {what}. Nothing was changed.")
