"""A payload that is stored already becomes a revisit, which leads to the first one."""

from __future__ import annotations

import base64
import gzip
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from archive.model import Exchange
from archive.warc.reader import read_record, response_of
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, archived, article, exchange, ids, kill, site_folder
from tests.warc_reader import Record, findings, read_folder

NOISE = random.Random(1405).randbytes(900).hex()
BODY = f"<p>دولت از برنامه‌ای تازه خبر داد.</p><!-- {NOISE} -->".encode()
PACKED = gzip.compress(BODY, mtime=0)


def chunked(number: int, body: bytes, size: int) -> Exchange:
    """The same answer in chunks of `size` bytes."""
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    framed = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    return replace(exchange(number), response=head + framed)


def plain(number: int) -> Exchange:
    return exchange(number, PACKED, "Content-Encoding: gzip\r\n")


def kinds(folder: Path) -> list[str]:
    return [r.kind for r in read_folder(folder) if r.kind in ("response", "revisit")]


def revisits(folder: Path) -> list[Record]:
    return [record for record in read_folder(folder) if record.kind == "revisit"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (plain(1), plain(1)),
        (plain(1), plain(2)),
        (chunked(1, PACKED, 7), chunked(1, PACKED, 100)),
        (chunked(1, PACKED, 9), plain(1)),
        (plain(1), chunked(1, PACKED, 8)),
    ],
    ids=["same", "other-address", "other-chunks", "chunks-then-none", "none-then-chunks"],
)
def test_the_same_payload_again(tmp_path: Path, first: Exchange, second: Exchange) -> None:
    site = site_folder(tmp_path)
    with SiteWriter(site) as writer:
        writer.capture(first)
    with SiteWriter(site) as writer:
        writer.keep(address(2), article(2), writer.capture(second))
    assert findings(read_folder(site.path)) == []
    [revisit] = revisits(site.path)
    head = second.response.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    if b"chunked" in first.response[:200] and b"chunked" not in second.response[:200]:
        assert revisit.block == b""
    if revisit.block:
        assert revisit.block == head
    else:
        notes = b"".join(r.block for r in read_folder(site.path) if r.kind == "metadata")
        kept = re.search(rb"response-head-base64: (\S+)", notes)
        assert kept and base64.b64decode(kept[1]) == head
    [line] = site.articles()
    record = read_record(site.path, line["warc"])
    assert record.field("WARC-Type") == "revisit"
    assert response_of(site.path, record).page() == BODY


def test_never_to_a_record_that_is_not_safely_on_disk(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    with SiteWriter(site) as writer:
        writer.capture(plain(1))
        writer.capture(plain(1))
        writer.flush()
        writer.capture(plain(1))
    assert kinds(site.path) == ["response", "response", "revisit"]
    site = site_folder(tmp_path / "killed")
    writer = SiteWriter(site)
    writer.capture(plain(1))
    kill(writer)
    with SiteWriter(site) as writer:
        writer.capture(plain(1))
    assert kinds(site.path) == ["response", "response"]


def test_what_is_cut_small_or_no_page_is_stored_whole(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    cut = replace(plain(1), truncated="disconnect")
    gone = replace(plain(2), response=plain(2).response.replace(b"200 OK", b"404 Not Found"))
    for _ in range(2):
        with SiteWriter(site) as writer:
            for each in (cut, gone, exchange(3)):
                writer.capture(each)
    assert kinds(site.path) == ["response"] * 6


def test_a_lost_original_is_stored_anew(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    with SiteWriter(site) as writer:
        writer.capture(plain(1))
    [path] = site.path.glob("warc/*/*.warc.gz")
    path.rename(tmp_path / "elsewhere")
    with SiteWriter(site) as writer:
        writer.capture(plain(1))
    assert kinds(site.path) == ["response"]


def test_digests_are_learned_from_the_warc_files(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    with SiteWriter(site) as writer:
        writer.capture(plain(1))
    for path in site.path.glob("index.db*"):
        path.unlink()
    with SiteWriter(site) as writer:
        writer.index.digests.learn(site.path)
        writer.capture(chunked(1, PACKED, 50))
    assert kinds(site.path) == ["response", "revisit"]
    assert findings(read_folder(site.path)) == []


def test_an_article_that_comes_again_is_unchanged(tmp_path: Path) -> None:
    site = archived(tmp_path, 1, 2)
    with SiteWriter(site) as writer:
        writer.capture(replace(plain(1), url=address(1)))
        writer.flush()
        outcome = writer.keep(address(1), article(1), writer.capture(plain(1)))
    assert (outcome, len(ids(site)), len(site.versions("khabar/post/1"))) == ("unchanged", 2, 1)
