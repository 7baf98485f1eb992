"""A run's WARC files: rotation, names that are never taken twice, the name while writing."""

from __future__ import annotations

import gzip
import hashlib
import random
import threading
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import FolderError
from archive.files.finish import finish
from archive.http.message import Message
from archive.layout import run_name
from archive.warc.reader import read_record
from archive.warc.records import WarcRecord, conversion_record, exchange_records, sha256
from archive.warc.writer import WarcSeries
from archive.writer.site_writer import SiteWriter
from tests.archive.material import HOME, archived, exchange, keep, site_folder
from tests.warc_reader import findings, read, read_folder

STARTED = datetime(2026, 11, 22, 0, 30, 4, 123000, UTC)


def record(text: str = "متن") -> WarcRecord:
    return conversion_record(HOME, text, "urn:uuid:00000000-0000-4000-8000-000000000000", STARTED)


def series(folder: Path, run: str = "0a0a0a0a") -> WarcSeries:
    return WarcSeries(
        folder, "text", run_name("khabar", STARTED, run), STARTED, lambda: {"software": "test"}
    )


def test_files_follow_each_other_at_the_limit(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    limit = 4000
    with SiteWriter(site, file_limit=limit) as writer:
        keep(writer, *range(1, 41))
    records = read_folder(site.path)
    assert findings(records) == []
    files = {r.file for r in records if r.file.startswith("warc/")}
    assert len(files) > 5
    assert sorted(name[-13:-8] for name in files) == [f"{n:05}" for n in range(len(files))]
    for file in files:
        *_, last = [r for r in records if r.file == file and r.kind == "response"]
        assert last.offset < limit, "the file was full before its last exchange"
    for line in site.articles():
        stored = read_record(site.path, line["warc"])
        assert stored.page() == b"<p>salaam</p>"


def test_the_name_while_writing_and_afterwards(tmp_path: Path) -> None:
    writer = series(tmp_path)
    assert list(tmp_path.iterdir()) == []
    [place] = writer.append([record()])
    [written] = tmp_path.rglob("*.gz.open")
    assert str(written.relative_to(tmp_path)) == place.file + ".open"
    writer.close()
    [finished] = tmp_path.rglob("*.gz*")
    assert str(finished.relative_to(tmp_path)) == place.file
    assert place.file == "text/2026/khabar-20261122T003004123Z-0a0a0a0a-00000.text.warc.gz"
    assert [r.offset for r in read(finished)][1] == place.offset


def test_a_name_that_is_there_is_never_written_to(tmp_path: Path) -> None:
    first, second = series(tmp_path), series(tmp_path)
    first.append([record("first")])
    [path] = tmp_path.rglob("*.open")
    before = path.read_bytes()
    with pytest.raises(FolderError, match="File exists"):
        second.append([record("second")])
    assert path.read_bytes() == before


def test_a_finished_file_is_never_replaced(tmp_path: Path) -> None:
    writing, finished = tmp_path / "a.warc.gz.open", tmp_path / "a.warc.gz"
    writing.write_bytes(b"new")
    finished.write_bytes(b"old")
    with pytest.raises(Exception, match="File exists"):
        finish(writing)
    assert (writing.read_bytes(), finished.read_bytes()) == (b"new", b"old")


def test_runs_that_start_at_the_same_instant_have_their_own_files(tmp_path: Path) -> None:
    sites = [site_folder(tmp_path) for _ in range(8)]
    ready = threading.Barrier(len(sites))

    def run(number: int) -> None:
        ready.wait()
        with SiteWriter(sites[number], wait=30) as writer:
            keep(writer, number + 1)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(sites))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    records = read_folder(sites[0].path)
    assert findings(records) == []
    assert len({r.file for r in records if r.kind == "response"}) == len(sites)
    assert {line["post_id"] for line in sites[0].articles()} == set(range(1, 9))


def test_a_night_without_an_exchange_leaves_no_file(tmp_path: Path) -> None:
    site = archived(tmp_path)
    assert not list(tmp_path.rglob("*.warc.gz*"))
    assert [run["new"] for run in site.runs()] == [0]


def test_an_exchange_is_never_split(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    with SiteWriter(site, file_limit=600) as writer:
        for number in range(3):
            writer.capture(exchange(number))
    kinds: dict[str, list[str]] = {}
    for each in read_folder(site.path):
        kinds.setdefault(each.file, []).append(each.kind)
    assert list(kinds.values()) == [["warcinfo", "response", "request", "metadata"]] * 3


@pytest.mark.parametrize("chunked", [False, True])
def test_a_packed_body_is_not_packed_again(chunked: bool) -> None:
    """It has more bytes than one stored block of a gzip stream may have."""
    packed = gzip.compress(random.Random(1405).randbytes(200_000), 1, mtime=0)
    told = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(packed)
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed) if chunked else packed
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n%s\r\n\r\n%s" % (told, body)
    one = replace(exchange(1), response=answer)
    message = Message.parse(answer)
    assert len(message.content() or b"") == 200_000
    response, *_ = exchange_records(one, message, sha256(message.payload), "urn:uuid:info")
    member = zlib.decompressobj(31)
    plain = member.decompress(response.member)
    assert member.eof and not member.unused_data
    assert plain == gzip.decompress(response.member)
    assert plain.endswith(b"\r\n\r\n" + answer + b"\r\n\r\n")
    assert body[:60_000] in response.member


def test_the_bytes_of_records_are_these() -> None:
    """Head, block and two line ends; nothing of an HTTP head is written anew."""
    answer = b"HTTP/1.1 200 OK\r\nx-odd:  \xff\xfe\r\nContent-Length: 2\r\n\r\nhi"
    started = datetime(2026, 11, 22, 0, 30, 4, 123456, UTC)
    asked = b"GET /?p=1 HTTP/1.1\r\n\r\n"
    one = replace(exchange(1), request=asked, response=answer, started=started, ended=started)
    response, request, notes = exchange_records(
        one, Message.parse(answer), sha256(b"hi"), "urn:uuid:info"
    )
    plain = zlib.decompress(response.member, 31)
    head, _, block = plain.partition(b"\r\n\r\n")
    assert block == answer + b"\r\n\r\n"
    assert head.decode().split("\r\n") == [
        "WARC/1.1",
        "WARC-Type: response",
        f"WARC-Record-ID: <{response.record_id}>",
        "WARC-Target-URI: http://khabar.example/?p=1",
        "WARC-Date: 2026-11-22T00:30:04.123456Z",
        "WARC-Warcinfo-ID: <urn:uuid:info>",
        "WARC-IP-Address: 192.0.2.7",
        "WARC-Protocol: http/1.1",
        f"WARC-Payload-Digest: sha256:{hashlib.sha256(b'hi').hexdigest()}",
        f"WARC-Block-Digest: sha256:{hashlib.sha256(answer).hexdigest()}",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(answer)}",
    ]
    assert zlib.decompress(request.member, 31).endswith(b"\r\n\r\n" + asked + b"\r\n\r\n")
    assert b"Payload-Digest" not in zlib.decompress(notes.member, 31)
    assert response.member == gzip_member(plain)


def gzip_member(plain: bytes) -> bytes:
    """`plain` at level 6, with a header without name and time."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(plain) + packer.flush()
