"""Files of other programs are read record by record, also behind damage; what was passed over is
said with its place."""

from __future__ import annotations

import gzip
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import Damaged
from archive.foreign.sift import Gap, Walked, sift
from archive.warc.reader import walk
from tests.foreign import arc, arc_begin, http, members, record

RECORDS = [record(number) for number in range(1, 6)]
LENGTH = len(http())
ARCS = [arc_begin(), *(arc(number) for number in range(1, 5))]
PACKINGS: dict[str, Callable[[list[bytes]], bytes]] = {
    "members": members,
    "plain": b"".join,
    "one-member": lambda records: gzip.compress(b"".join(records)),
    "cut-anywhere": lambda records: _blocks(b"".join(records)),
}


def _blocks(plain: bytes) -> bytes:
    """As bgzip packs: a member for so many bytes, wherever a record begins."""
    return members(plain[at : at + 700] for at in range(0, len(plain), 700))


def read(content: bytes) -> tuple[list[int], list[Gap], int]:
    """The numbers of the pages that were found whole, the gaps, and how many were mended."""
    found = list(sift(io.BytesIO(content)))
    records = [one for one in found if isinstance(one, Walked)]
    pages = [one for one in records if one.whole and one.record.field("WARC-Type") == "response"]
    targets = [one.record.field("WARC-Target-URI") or "" for one in pages]
    for one in pages:
        assert one.record.block == http()
    gaps = [one for one in found if isinstance(one, Gap)]
    return [int(url.split("/")[-2]) for url in targets], gaps, sum(one.mended for one in records)


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("end", [b"\r\n", b"\n"], ids=["crlf", "lf"])
def test_every_packing_and_line_end(packing: str, end: bytes) -> None:
    records = [record(number, end=end) for number in range(1, 6)]
    assert read(PACKINGS[packing](records)) == ([1, 2, 3, 4, 5], [], 0)


@pytest.mark.parametrize("packing", PACKINGS)
def test_arc_files(packing: str) -> None:
    assert read(PACKINGS[packing](ARCS)) == ([1, 2, 3, 4], [], 0)


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("place", [1, 4])
@pytest.mark.parametrize(
    "length",
    [*(str(LENGTH + wrong) for wrong in (-50, -1, 1, 2, 4, 5, 50, 900, 10**6, 10**12)),
     "9" * 5000, "-5", "", "many"],
    ids=lambda text: text[:14],
)  # fmt: skip
def test_a_wrong_length_costs_nothing(packing: str, place: int, length: str) -> None:
    records = list(RECORDS)
    records[place] = record(place + 1, length=length)
    assert read(PACKINGS[packing](records)) == ([1, 2, 3, 4, 5], [], 1)


def test_a_length_and_a_digest_that_are_both_wrong_are_damage() -> None:
    more = [("WARC-Block-Digest", "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")]
    wrong = record(2, more=more, length=str(LENGTH - 9))
    pages, [gap], _ = read(members([RECORDS[0], wrong, *RECORDS[2:]]))
    assert pages == [1, 3, 4, 5] and "digest" in gap.why


def _flipped(member: bytes) -> bytes:
    middle = len(member) // 2
    return member[:middle] + b"\xff" * 20 + member[middle + 20 :]


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("flipped", _flipped),
        ("checksum", lambda member: member[:-7] + b"\0" + member[-6:]),
        ("cut", lambda member: member[:60]),
        ("no magic", lambda member: b"XXXX" + member[4:]),
        ("all gone", lambda member: b"\xa7" * len(member)),
    ],
)
@pytest.mark.parametrize("place", range(5))
def test_one_damaged_member_costs_itself(
    name: str, spoil: Callable[[bytes], bytes], place: int
) -> None:
    packed = [members([one]) for one in RECORDS]
    before = sum(map(len, packed[:place]))
    packed[place] = spoil(packed[place])
    pages, gaps, _ = read(b"".join(packed))
    assert pages == [n for n in range(1, 6) if n != place + 1]
    assert [(gap.start, gap.end) for gap in gaps] == [(before, before + len(packed[place]))]


def test_a_member_that_is_stored_and_cut_is_not_taken_for_plain_records() -> None:
    cut = gzip.compress(RECORDS[0], 0)[:400]
    pages, [gap], _ = read(cut + members(RECORDS[1:]))
    assert (pages, gap.start, gap.end) == ([2, 3, 4, 5], 0, 400)


@pytest.mark.parametrize("packing", ["members", "plain"])
def test_what_lies_between_records(packing: str) -> None:
    first, rest = PACKINGS[packing](RECORDS[:1]), PACKINGS[packing](RECORDS[1:])
    padded = first + b"\0" * 3_000_000 + rest + b"\0" * 4096 + b"\r\n"
    assert read(padded) == ([1, 2, 3, 4, 5], [], 0)
    for content, place in (
        (b"junk \x1f\x8b\n" * 9 + first + rest, 0),
        (first + b"junk \x1f\x8b\n" * 9 + rest, len(first)),
        (first + rest + b"junk \x1f\x8b\n" * 9, len(first) + len(rest)),
    ):
        pages, [gap], _ = read(content)
        assert pages == [1, 2, 3, 4, 5]
        assert (gap.start, gap.end) == (place, place + 72)


@pytest.mark.parametrize(("packing", "cut"), [("members", 3), ("members", 90), ("plain", 300)])
def test_a_file_that_breaks_off(packing: str, cut: int) -> None:
    content = PACKINGS[packing](RECORDS)[:-cut]
    pages, [gap], _ = read(content)
    assert pages == [1, 2, 3, 4]
    assert gap.end == len(content) and "middle" in gap.why


def test_a_plain_record_without_its_head_is_passed_over() -> None:
    spoiled = [*RECORDS[:2], b"\xff" * 40 + RECORDS[2][40:], *RECORDS[3:]]
    pages, [gap], _ = read(b"".join(spoiled))
    assert pages == [1, 2, 4, 5]
    assert (gap.start, gap.end) == (len(RECORDS[0]) * 2, len(RECORDS[0]) * 3)


def test_a_block_that_is_too_long_is_passed_over_in_little_memory() -> None:
    long = record(2, http(bytes(34 << 20)))
    for content in (members([RECORDS[0], long, *RECORDS[2:]]), b"".join([RECORDS[0], long])):
        found = list(sift(io.BytesIO(content)))
        second = found[1]
        assert isinstance(second, Walked) and not second.whole
        assert len(second.record.block) <= 1 << 16
        assert all(isinstance(one, Walked) and one.whole for one in found[2:])


def test_our_own_files_may_have_none_of_it(tmp_path: Path) -> None:
    wrong = [RECORDS[0], record(2, length="9"), RECORDS[2]]
    for content in (members(wrong), members(RECORDS[:2]) + b"junk", members(RECORDS)[:-20]):
        (tmp_path / "file.warc.gz").write_bytes(content)
        with pytest.raises(Damaged, match="is broken at byte"):
            list(walk(tmp_path / "file.warc.gz"))


BASES = [pack(records) for pack in PACKINGS.values() for records in (RECORDS, ARCS)]


@given(st.sampled_from(BASES), st.randoms(use_true_random=False), st.integers(1, 6))
@settings(max_examples=300, deadline=None)
def test_no_bytes_are_an_error(base: bytes, chance: random.Random, changes: int) -> None:
    content = bytearray(base)
    for _ in range(changes):
        begin = chance.randrange(len(content) + 1)
        end = begin + chance.choice([0, 1, 40, 600])
        piece = chance.choice([b"", bytes(40), content[:500], chance.randbytes(end - begin)])
        content[begin:end] = piece
    reached = 0
    for found in sift(io.BytesIO(content)):
        if isinstance(found, Gap):
            assert reached <= found.start <= found.end <= len(content)
            reached = found.end
