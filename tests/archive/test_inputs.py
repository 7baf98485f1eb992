"""What a file that is given to an import may be: packed, broken, or no WARC at all."""

from __future__ import annotations

import gzip
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import UsageError
from archive.http.message import Message
from tests.foreign import address, arc, arc_begin, http, members, record, revisit, saved, wacz
from tests.taken import Taken


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_files_in_a_wacz(tmp_path: Path, packing: int) -> None:
    spoiled = bytearray(members([record(3), record(4), record(5)]))
    begin = len(members([record(3)]))
    spoiled[begin + 60 : begin + 90] = b"\xff" * 30
    content = wacz(
        {
            "datapackage.json": b"{}",
            "archive/b.warc.gz": bytes(spoiled),
            "archive/a.warc": record(1),
            "../../archive/c.warc.gz": members([record(2)]),
            "indexes/index.cdx.gz": gzip.compress(b"x"),
        },
        packing,
    )
    taken = Taken(saved(tmp_path / "khabar.wacz", content))
    assert set(taken.pages) == {address(number) for number in (1, 2, 3, 5)}
    [gap] = taken.left_out.torn
    assert f"khabar.wacz/archive/b.warc.gz: bytes {begin} to " in gap
    assert [path.name for path in tmp_path.iterdir()] == ["khabar.wacz"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (wacz({"pages/pages.jsonl": b"{}"}), "without a WARC file"),
        (wacz({"one.wacz": wacz({"archive/a.warc": record(1)})}), "holds other WACZ files"),
        (wacz({"archive/a.warc": record(1)})[:-30], "that is broken"),
        (b"PK\3\4", "that is broken"),
        (b"\x28\xb5\x2f\xfd" + bytes(20), "Unpack it first: zstd -d"),
        (b"\x5d\x2a\x4d\x18\x40\0\0\0" + bytes(64), "its own dictionary, in its first 72 bytes"),
        (b"\x5d\x2a\x4d\x18", "its own dictionary"),
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"<!DOCTYPE html>", "is no WARC file"),
        (gzip.compress(b"<!DOCTYPE html>", mtime=0), "is no WARC file"),
        (b"\x1f\x8b", "is no WARC file"),
        (b"\x1f", "is no WARC file"),
    ],
    ids=range(13),
)
def test_files_that_are_no_warc(tmp_path: Path, content: bytes, words: str) -> None:
    wrong = saved(tmp_path / "wrong", content)
    with pytest.raises(UsageError, match=words):
        Taken(wrong)
    taken = Taken(wrong, saved(tmp_path / "file.warc.gz", members([record(1)])))
    assert list(taken.pages) == [address(1)]
    [told] = taken.left_out.unread
    assert words in told and str(wrong) in told


def test_a_file_damaged_all_over_is_told_in_few_sentences(tmp_path: Path) -> None:
    junk = b"junk".join(members([record(number)]) for number in range(60))
    taken = Taken(saved(tmp_path / "file.warc.gz", junk))
    assert len(taken.exchanges) == 60
    assert len(taken.left_out.torn) == 21 and "39 other places" in taken.left_out.torn[-1]


BASES = [
    members([record(1), revisit(2, of=1), record(3, http(status=b"HTTP/2 200"))]),
    record(1) + revisit(2, of=1) + record(3),
    gzip.compress(arc_begin() + arc(1) + arc(2)),
    wacz({"archive/a.warc.gz": members([record(1), record(2)]), "archive/b.warc": record(3)}),
    wacz({"archive/b.warc": record(3) * 3}, zipfile.ZIP_DEFLATED),
]


@given(st.sampled_from(BASES), st.randoms(use_true_random=False), st.integers(1, 6))
@settings(max_examples=300, deadline=None)
def test_no_bytes_are_an_error(
    tmp_path_factory: pytest.TempPathFactory, base: bytes, chance: random.Random, changes: int
) -> None:
    content = bytearray(base)
    for _ in range(changes):
        begin = chance.randrange(len(content) + 1)
        end = begin + chance.choice([0, 1, 40, 600])
        content[begin:end] = chance.choice([b"", bytes(40), chance.randbytes(end - begin)])
    file = saved(tmp_path_factory.getbasetemp() / "spoiled", bytes(content))
    try:
        taken = Taken(file)
    except UsageError:
        return
    for exchange in taken.exchanges:
        assert exchange.url.isascii() and Message.parse(exchange.response).status in (200, 304)
