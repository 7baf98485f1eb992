"""The one reader of gzip members: whole ones, broken ones, very many, and records behind damage."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from archive.errors import Damaged
from archive.warc.members import BrokenMember, Member, member_at, members
from archive.warc.reader import read_member, records, walk
from archive.warc.records import conversion_record
from tests.archive.material import HOME
from tests.archive.test_warc import STARTED

ID = "urn:uuid:00000000-0000-4000-8000-000000000000"


def written(path: Path, *texts: str) -> list[bytes]:
    packed = [conversion_record(HOME, text, ID, STARTED).member for text in texts]
    path.write_bytes(b"".join(packed))
    return packed


def test_members_lie_one_behind_the_other(tmp_path: Path) -> None:
    path = tmp_path / "file.warc.gz"
    # One is larger than what is read at a time.
    packed = written(path, "یک", "".join(map(str, range(400_000))), "سه")
    assert max(map(len, packed)) > 1 << 19
    offset = 0
    for member, data in zip(members(path), packed, strict=True):
        assert isinstance(member, Member)
        assert (member.offset, member.length) == (offset, len(data))
        assert member.raw == gzip.decompress(data)
        assert member_at(path, offset) == member
        assert read_member(path, offset).raw == member.raw
        offset += len(data)
    short = list(members(path, offset - 1))
    assert short[2] == BrokenMember(offset - len(packed[2]), "the gzip member has no end", True)


def test_very_many_empty_members_take_no_longer_each(tmp_path: Path) -> None:
    """600,000 of them take seconds; with a copy of the rest for each it would be hours."""
    path = tmp_path / "file.warc.gz"
    path.write_bytes(gzip.compress(b"") * 600_000)
    assert sum(isinstance(member, Member) for member in members(path)) == 600_000
    assert list(records(path)) == []


# In the header and in the trailer: a bit inside the packed data may make it as long as the file,
# and the record's ID is another each time.
@pytest.mark.parametrize("at", [0, 3, -8, -1])
def test_a_record_behind_a_broken_one_is_found_and_nothing_is_taken_for_whole(
    tmp_path: Path, at: int
) -> None:
    path = tmp_path / "file.warc.gz"
    first, second, third = written(path, "یک", gzip.compress(b"a page").hex(), "سه")
    broken = bytearray(second)
    broken[at] ^= 0xFF
    path.write_bytes(first + bytes(broken) + third)
    one, wrong, other = members(path)
    assert isinstance(one, Member) and isinstance(other, Member)
    assert isinstance(wrong, BrokenMember) and wrong.offset == len(first) and not wrong.torn
    assert other.raw == gzip.decompress(third)
    assert [placed.place for placed in records(path)] == [(0, len(first))]
    with pytest.raises(Damaged, match=f"broken at byte {len(first)}"):
        list(walk(path))
    with pytest.raises(Damaged, match=f"byte {len(first)}, cannot be read"):
        read_member(path, len(first))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no record",
        b"WARC/1.1\r\n\r\n",
        b"WARC/1.1\r\nContent-Length: 3\r\n\r\nab\r\n\r\n",
        b"WARC/1.1\r\nContent-Length: 1\r\n\r\nab\r\n\r\n",
        "WARC/1.1\r\nContent-Length: ²\r\n\r\nab\r\n\r\n".encode(),
        b"WARC/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nab\r\n\r\n",
        b"WARC/1.1\r\nContent-Length: 2\r\n\r\nab\r\n\r\n" * 2,
    ],
)
def test_a_member_that_is_no_record_of_its_own_is_damage(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "file.warc.gz"
    path.write_bytes(gzip.compress(raw))
    with pytest.raises(Damaged, match="no record, or its length is wrong"):
        list(walk(path))
