"""`baygan import` of files that are not as they should be: what becomes of them for a person."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.request import urlopen

import brotli
import pytest

from tests.foreign import http, members, record, revisit, saved, wacz
from tests.newsroom.newsroom import Newsroom
from tests.process import Baygan, Outcome

TEN = 10


@pytest.fixture
def urls(newsroom: Newsroom) -> list[str]:
    return [newsroom.site.url(post) for post in newsroom.posts]


@pytest.fixture
def blocks(urls: list[str]) -> list[bytes]:
    """Whole responses of the newsroom's pages."""
    found = []
    for url in urls[:TEN]:
        with urlopen(url) as answer:
            found.append(http(answer.read()))
    return found


@pytest.fixture
def records(urls: list[str], blocks: list[bytes]) -> list[bytes]:
    return [record(n, block, url=urls[n]) for n, block in enumerate(blocks)]


def imported(baygan: Baygan, *files: Path) -> Outcome:
    return baygan("import", *map(str, files), "--site", "news", "--json")


def titles(baygan: Baygan) -> list[str]:
    files = sorted((baygan.folder / "news" / "articles").glob("*.jsonl"))
    return [json.loads(line)["title"] for path in files for line in path.read_bytes().splitlines()]


def assert_sound(baygan: Baygan) -> None:
    done = baygan("check")
    assert (done.code, done.err) == (0, ""), done.out
    done = baygan("rebuild", "--dry-run", "--json")
    assert done.code == 0
    assert done.lines[0]["same"] == len(titles(baygan))


def test_one_damaged_member_of_ten(baygan: Baygan, records: list[bytes], tmp_path: Path) -> None:
    packed = [members([one]) for one in records]
    begin, middle = sum(map(len, packed[:4])), len(packed[4]) // 2
    packed[4] = packed[4][:middle] + b"\xff" * 40 + packed[4][middle + 40 :]
    file = saved(tmp_path / "crawl.warc.gz", b"".join(packed))
    done = baygan("import", str(file), "--site", "news", terminal=True)
    assert done.code == 3
    assert "news: 9 new of 9 pages\n" in done.err
    assert f"{file}: bytes {begin} to {begin + len(packed[4])} were passed over" in done.err
    assert "All else was taken" in done.err
    assert len(titles(baygan)) == 9
    assert_sound(baygan)
    better = saved(tmp_path / "better.warc.gz", members(records))
    done = imported(baygan, better)
    assert (done.code, done.err, done.lines[0]["new"]) == (0, "", 1)


def test_all_that_is_odd_and_readable(
    baygan: Baygan, urls: list[str], blocks: list[bytes], tmp_path: Path
) -> None:
    pages = [block.partition(b"\r\n\r\n")[2] for block in blocks]
    odd = [
        record(0, http(pages[0], b"HTTP/2 200"), url=urls[0], date="20190301100000"),
        record(1, http(pages[1], b"HTTP/3 200"), url=f"<{urls[1]}>", date="2019-03-01 10:00:00"),
        record(2, http(pages[2], b"http/1.1 200 OK"), url=urls[2], date="2019-03-01"),
        record(3, http(pages[3], b"HTTP 200 Document follows"), url=urls[3], end=b"\n"),
        record(4, blocks[4], url=urls[4], length=str(len(blocks[4]) - 50)),
        record(5, blocks[5], url=urls[5], length=str(len(blocks[5]) + 50)),
        record(
            6, http(brotli.compress(pages[6]), b"HTTP/2.0 200", b"Content-Encoding: br"),
            url=urls[6], date="Fri, 01 Mar 2019 10:00:00 GMT",
        ),
    ]  # fmt: skip
    file = saved(tmp_path / "crawl.warc.gz", members(odd) + b"\0" * 512)
    done = imported(baygan, file)
    assert (done.code, done.err) == (0, "")
    [counts] = done.lines
    assert counts["new"] == 7
    assert counts["left_out"]["mended"] == 2 and not counts["left_out"]["reasons"]
    assert_sound(baygan)
    again = imported(baygan, file)
    assert (again.code, again.lines[0]["left_out"]["known"], again.lines[0]["new"]) == (0, 7, 0)


def test_what_is_left_out_is_told(
    baygan: Baygan, urls: list[str], records: list[bytes], tmp_path: Path
) -> None:
    harmless = [
        record(20, http(b"", b"HTTP/1.1 301 Moved"), url=urls[1]),
        record(21, http(b"", b"HTTP/1.1 404 Not Found"), url=urls[2]),
        record(22, url="http://elsewhere.example/"),
    ]
    first = saved(tmp_path / "1.warc.gz", members([records[0], *harmless]))
    done = baygan("import", str(first), "--site", "news", terminal=True)
    assert done.code == 0
    told = "left out: error 1, redirect 1; 1 captures of other sites left out"
    assert f"news: 1 new of 1 pages; {told}\n" in done.err
    losses = [record(23, url=urls[1], date="soon"), record(24, b"?", url=urls[2])]
    second = saved(tmp_path / "2.warc.gz", members([*losses, revisit(25, of=99, url=urls[3])]))
    done = baygan("import", str(second), "--site", "news", terminal=True)
    assert done.code == 3
    assert "left out: bad-date 1, dangling 1, no-http 1" in done.err
    assert "may have been articles and are none: bad-date 1, dangling 1, no-http 1" in done.err
    assert "1 revisits refer to captures that are in none of the files" in done.err


def test_a_coding_without_a_decoder_is_named_and_the_page_is_kept(
    baygan: Baygan, urls: list[str], records: list[bytes], tmp_path: Path
) -> None:
    packed = http(b"\x28\xb5\x2f\xfd" + bytes(99), b"HTTP/2 200", b"Content-Encoding: zstd")
    file = saved(tmp_path / "1.warc.gz", members([records[0], record(1, packed, url=urls[1])]))
    done = imported(baygan, file)
    assert done.code == 3
    assert done.lines[0]["refused"] == {"coding-zstd": 1}
    assert "coding-zstd 1" in done.err
    warcs = (baygan.folder / "news").glob("warc/*/*.warc.gz")
    assert any(bytes(99) in gzip.decompress(path.read_bytes()) for path in warcs)


def test_revisits_over_files_and_imports(
    baygan: Baygan, newsroom: Newsroom, urls: list[str], records: list[bytes], tmp_path: Path
) -> None:
    second = urls[0].replace("127.0.0.1", "www.127.0.0.1")
    again = revisit(30, of=0, url=second, block=http(b"", b"HTTP/2 200"))
    files = [
        saved(tmp_path / "1.warc.gz", members([again, records[1]])),
        saved(tmp_path / "2.warc.gz", members([records[0]])),
    ]
    done = imported(baygan, *files)
    assert (done.code, done.err, done.lines[0]["pages"]) == (0, "", 3)
    later = saved(tmp_path / "3.warc.gz", members([revisit(31, of=1, url=urls[1])]))
    done = imported(baygan, later)
    assert (done.code, done.err, done.lines[0]["unchanged"]) == (0, "", 1)
    assert sorted(titles(baygan)) == sorted(post.title for post in newsroom.posts[:2])
    assert_sound(baygan)


def test_a_wacz_of_baygan_s_own(baygan: Baygan, tmp_path: Path) -> None:
    assert baygan("crawl").code == 0
    assert baygan("export", "--wacz", str(tmp_path / "news.wacz")).code == 0
    other = Baygan(tmp_path / "other")
    other.folder.mkdir()
    shutil.copy(baygan.folder / "sites.toml", other.folder)
    done = imported(other, tmp_path / "news.wacz")
    assert (done.code, done.err) == (0, "")
    assert sorted(titles(other)) == sorted(titles(baygan))
    assert_sound(other)


def test_files_that_are_no_warc_do_not_sink_the_others(
    baygan: Baygan, records: list[bytes], tmp_path: Path
) -> None:
    good = saved(tmp_path / "good.warc.gz", members(records[:1]))
    page = saved(tmp_path / "page.html", b"<!DOCTYPE html>")
    empty = saved(tmp_path / "empty.wacz", wacz({"pages/pages.jsonl": b""}))
    done = imported(baygan, page, empty, good)
    assert done.code == 3
    assert f"{page} is no WARC file, or a broken one; nothing of it was taken." in done.err
    assert f"{empty} is a ZIP file without a WARC file" in done.err
    assert len(titles(baygan)) == 1
    done = imported(baygan, tmp_path)
    assert done.code == 2 and "Traceback" not in done.err


@pytest.mark.skipif(not shutil.which("zstd"), reason="there is no zstd here")
@pytest.mark.parametrize("packed", [False, True], ids=["dictionary as it is", "dictionary packed"])
def test_a_file_with_its_own_dictionary_is_read_after_what_the_words_say(
    baygan: Baygan, records: list[bytes], tmp_path: Path, packed: bool
) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    words = saved(folder / "words", records[0])
    saved(folder / "file.warc", b"".join(records[:3]))
    zstd(["zstd", "-q", "-D", "words", "file.warc", "-o", "frames"], folder)
    if packed:
        zstd(["zstd", "-q", "--rm", "words", "-o", "packed"], folder)
        words = folder / "packed"
    content = words.read_bytes()
    frame = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    file = saved(folder / "file.warc.zst", frame + (folder / "frames").read_bytes())
    done = imported(baygan, file)
    assert (done.code, done.out) == (2, "")
    assert "brings its own dictionary" in done.err
    told = re.search("Unpack it first: (.*)", " ".join(done.err.split()))
    assert told
    subprocess.run(told[1], shell=True, check=True, cwd=folder)
    done = imported(baygan, folder / "unpacked.warc")
    assert (done.code, done.err, done.lines[0]["new"]) == (0, "", 3)


def zstd(command: Iterable[str], folder: Path) -> None:
    subprocess.run(list(command), check=True, cwd=folder)
