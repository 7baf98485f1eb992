"""`baygan import`: WARC files of other programs, made by those programs where they are here."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import brotli
import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.warc.reader import read_record
from tests.archive.material import tree
from tests.newsroom.newsroom import Newsroom
from tests.process import Baygan, Outcome
from tests.warc_reader import findings, read_folder

# warcio leaves its temporary files to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <function SpooledTemp"),
]


@pytest.fixture
def wget(tmp_path: Path, newsroom: Newsroom) -> Path:
    """A crawl of the whole newsroom by wget, which writes WARC/1.0 and `<>` around addresses."""
    if not shutil.which("wget"):
        pytest.skip("there is no wget here")
    folder = tmp_path / "wget"
    folder.mkdir()
    pages = "\n".join(newsroom.site.url(post) for post in newsroom.site.listed())
    (folder / "pages").write_text(pages)
    command = ["wget", "-q", "-i", "pages", "--warc-file=wget", "-O", "/dev/null"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "wget.warc.gz"


def imported(baygan: Baygan, *files: Path) -> Outcome:
    return baygan("import", *map(str, files), "--site", "news", "--json")


def lines(baygan: Baygan) -> list[dict[str, object]]:
    files = sorted((baygan.folder / "news" / "articles").glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_bytes().splitlines()]


def told(baygan: Baygan) -> dict[object, tuple[object, ...]]:
    """What readers of the articles see."""
    return {line["id"]: (line["title"], line["text"], line["url"]) for line in lines(baygan)}


def assert_sound(baygan: Baygan) -> None:
    site = baygan.folder / "news"
    assert findings(read_folder(site)) == []
    for line in lines(baygan):
        warc = line["warc"]
        assert isinstance(warc, dict)
        assert b"<html" in read_record(site, warc).page()
    done = baygan("check")
    assert (done.code, done.err) == (0, ""), done.out


def test_a_crawl_by_wget(baygan: Baygan, newsroom: Newsroom, wget: Path) -> None:
    before = wget.read_bytes()
    newsroom.server.forget()
    done = imported(baygan, wget)
    assert (done.code, done.err) == (0, "")
    assert newsroom.exchanges == []
    [counts] = done.lines
    assert counts["new"] == len(newsroom.site.listed())
    assert wget.read_bytes() == before
    assert_sound(baygan)
    with wget.open("rb") as file:
        theirs = {record.headers["WARC-Date"] for record in FastIterator(file)}
    assert {line["fetched"] for line in lines(baygan)} <= theirs


def test_a_dry_run_says_what_an_import_does_and_does_nothing(
    baygan: Baygan, newsroom: Newsroom, wget: Path
) -> None:
    """On an empty site, on one that was crawled and edited since, and after the import itself."""
    for at_first in (True, False):
        if not at_first:
            shutil.rmtree(baygan.folder / "news")
            assert baygan("crawl", "--limit", "5").code == 0
            edited = next(line for line in lines(baygan))
            newsroom.site.edit(int(str(edited["post_id"])), lead="جملهٔ نخست این خبر دیگر شد.")
            assert baygan("crawl", "--limit", "1").code == 0
        before = tree(baygan.folder)
        dry = baygan("import", str(wget), "--site", "news", "--json", "--dry-run")
        after = tree(baygan.folder)
        assert {path: after[path] for path in before if "logs/" not in path} == {
            path: data for path, data in before.items() if "logs/" not in path
        }
        assert not list(baygan.folder.glob(".trial*"))
        done = imported(baygan, wget)
        assert dry.lines == [{**done.lines[0], "dry_run": True}]
        assert (dry.code, dry.err) == (done.code, done.err)
        said = baygan("import", str(wget), "--site", "news", "-n").out
        assert said.endswith("nothing was taken, this was a dry run\n")
    assert_sound(baygan)


def test_a_dry_run_leaves_that_of_another_site_alone(baygan: Baygan, wget: Path) -> None:
    assert baygan("crawl", "--limit", "2").code == 0
    other, left = (baygan.folder / f".trial-{name}" for name in ("newspaper", "news"))
    for path in (other, left):
        path.mkdir()
        (path / "in-use").touch()
    assert baygan("import", str(wget), "--site", "news", "--dry-run").code == 0
    assert (other.exists(), left.exists()) == (True, False)


def test_a_dry_run_of_what_is_no_warc(baygan: Baygan, tmp_path: Path) -> None:
    broken = tmp_path / "broken.warc.gz"
    broken.write_bytes(b"no archive at all" * 99)
    dry = baygan("import", str(broken), "--site", "news", "--dry-run")
    done = imported(baygan, broken)
    assert (dry.code, dry.err) == (done.code, done.err)


def test_twice_adds_nothing(baygan: Baygan, wget: Path) -> None:
    assert imported(baygan, wget).code == 0
    before = {path: path.read_bytes() for path in (baygan.folder / "news").rglob("*.gz")}
    kept = lines(baygan)
    done = imported(baygan, wget)
    assert (done.code, done.err) == (0, "")
    assert done.lines[0]["pages"] == 0 and done.lines[0]["left_out"]["known"] == len(kept)
    assert {path: path.read_bytes() for path in (baygan.folder / "news").rglob("*.gz")} == before
    assert lines(baygan) == kept


def test_a_crawl_goes_on_from_there(baygan: Baygan, newsroom: Newsroom, wget: Path) -> None:
    assert imported(baygan, wget).code == 0
    kept = told(baygan)
    assert baygan("crawl").code == 0
    assert told(baygan) == kept, "the same articles are no other versions"
    done = baygan("rebuild", "--dry-run", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.lines[0]["same"] == len(kept)
    assert not done.lines[0]["changed"] + done.lines[0]["new"] + done.lines[0]["gone"]


def test_what_is_older_than_the_archive_waits_for_a_rebuild(
    baygan: Baygan, newsroom: Newsroom, wget: Path
) -> None:
    post = newsroom.posts[0]
    newsroom.site.edit(post.id, lead="این خبر پس از نخستین انتشار از نو نوشته شد.")
    # A line tells the second of its capture: the crawl's is to be a later one than wget's.
    time.sleep(1)
    assert baygan("crawl").code == 0
    newest = told(baygan)
    [counts] = imported(baygan, wget).lines
    assert counts["older"] == len(newsroom.site.listed())
    assert told(baygan) == newest
    assert baygan("rebuild").code == 0
    versions = [line for line in lines(baygan) if line["post_id"] == post.id]
    assert [line["version"] for line in versions] == [1, 2]
    assert versions[0]["fetched"] < versions[1]["fetched"]  # type: ignore[operator]
    assert "از نو نوشته شد" in str(versions[1]["text"])
    assert "از نو نوشته شد" not in str(versions[0]["text"])
    assert_sound(baygan)


HEAD = [("Content-Type", "text/html; charset=UTF-8")]


class Written:
    """A WARC file made with warcio, as other programs make theirs."""

    def __init__(self, newsroom: Newsroom, *, packed: bool = True, version: str = "1.0") -> None:
        self.newsroom = newsroom
        self.out = io.BytesIO()
        self.writer = WARCWriter(self.out, gzip=packed, warc_version=version)

    def url(self, number: int = 0) -> str:
        return self.newsroom.site.url(self.newsroom.posts[number])

    def page(self, number: int = 0) -> bytes:
        with urlopen(self.url(number)) as answer:
            body: bytes = answer.read()
        return body

    def response(
        self,
        url: str,
        body: bytes,
        head: list[tuple[str, str]] = HEAD,
        date: str = "2021-03-05T06:07:08Z",
    ) -> ArcWarcRecord:
        http = StatusAndHeaders("200 OK", head, protocol="HTTP/1.1")
        record = self.writer.create_warc_record(
            url, "response", io.BytesIO(body), http_headers=http,
            warc_headers_dict={"WARC-Date": date},
        )  # fmt: skip
        self.writer.write_record(record)
        return record

    def save(self, path: Path) -> Path:
        path.write_bytes(self.out.getvalue())
        return path


@pytest.fixture
def written(newsroom: Newsroom) -> Written:
    return Written(newsroom)


def one(baygan: Baygan, path: Path) -> dict[str, object]:
    """The one line that the import of `path` gave."""
    done = imported(baygan, path)
    assert (done.code, done.err) == (0, "")
    [line] = lines(baygan)
    assert_sound(baygan)
    return line


@pytest.mark.parametrize("layout", ["members", "one-member", "plain"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_however_the_file_is_packed(
    baygan: Baygan, newsroom: Newsroom, tmp_path: Path, layout: str, version: str
) -> None:
    written = Written(newsroom, packed=layout == "members", version=version)
    written.response(written.url(), written.page())
    path = written.save(tmp_path / "file.warc.gz")
    if layout == "one-member":
        path.write_bytes(gzip.compress(path.read_bytes()))
    line = one(baygan, path)
    assert line["title"] == newsroom.posts[0].title
    assert line["fetched"] == "2021-03-05T06:07:08Z"


def chunked(body: bytes) -> bytes:
    half = len(body) // 2
    parts = (body[:half], body[half:], b"")
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)


CODED: dict[str, tuple[tuple[str, str], Callable[[bytes], bytes]]] = {
    "chunked": (("Transfer-Encoding", "chunked"), chunked),
    "chunked-once": (("Transfer-Encoding", "chunked"), bytes),
    "gzip": (("Content-Encoding", "gzip"), gzip.compress),
    "gzip-once": (("Content-Encoding", "gzip"), bytes),
    "gzip-in-chunks-once": (("Transfer-Encoding", "chunked"), gzip.compress),
    "chunks-without-their-header": (("X-Cache", "HIT"), chunked),
    "brotli": (("Content-Encoding", "br"), brotli.compress),
    "brotli-once": (("Content-Encoding", "br"), bytes),
}


@pytest.mark.parametrize("name", CODED)
def test_however_the_body_is_coded(
    baygan: Baygan, newsroom: Newsroom, written: Written, tmp_path: Path, name: str
) -> None:
    header, code = CODED[name]
    more = [("Content-Encoding", "gzip")] if name.startswith("gzip-in") else []
    written.response(written.url(), code(written.page()), [*HEAD, header, *more])
    line = one(baygan, written.save(tmp_path / "file.warc.gz"))
    assert line["title"] == newsroom.posts[0].title
    assert baygan("rebuild", "-n", "--json").lines[0]["same"] == 1


def test_revisits_lead_to_what_they_saw_again(
    baygan: Baygan, written: Written, tmp_path: Path
) -> None:
    first = written.page()
    written.response(written.url(), first)
    written.response(
        written.url(), first.replace("نشست".encode(), "همایش".encode()),
        date="2021-04-05T06:07:08Z",
    )  # fmt: skip
    again = written.writer.create_revisit_record(
        written.url(), "sha1:AAAA", written.url(), "2021-03-05T06:07:08Z",
        http_headers=StatusAndHeaders("200 OK", HEAD, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": "2021-05-05T06:07:08Z"},
    )  # fmt: skip
    written.writer.write_record(again)
    done = imported(baygan, written.save(tmp_path / "file.warc.gz"))
    assert (done.code, done.err) == (0, "")
    texts = [line["text"] for line in lines(baygan)]
    assert [line["version"] for line in lines(baygan)] == [1, 2, 3]
    assert texts[0] == texts[2] != texts[1]
    assert baygan("rebuild", "-n", "--json").lines[0]["same"] == 1


def test_a_resource_of_a_saved_page(
    baygan: Baygan, newsroom: Newsroom, written: Written, tmp_path: Path
) -> None:
    record = written.writer.create_warc_record(
        written.url(), "resource", io.BytesIO(written.page()),
        warc_content_type="text/html; charset=utf-8",
        warc_headers_dict={"WARC-Date": "2021-03-05T06:07:08Z"},
    )  # fmt: skip
    written.writer.write_record(record)
    line = one(baygan, written.save(tmp_path / "file.warc.gz"))
    assert line["title"] == newsroom.posts[0].title


def test_other_hosts_and_www(baygan: Baygan, written: Written, tmp_path: Path) -> None:
    page = written.page()
    written.response("https://elsewhere.example/a", page)
    written.response(written.url().replace("127.0.0.1", "www.127.0.0.1") + "?utm_source=x", page)
    line = one(baygan, written.save(tmp_path / "file.warc.gz"))
    assert line["url"] == written.url()


def test_a_file_with_no_page_of_the_site(baygan: Baygan, written: Written, tmp_path: Path) -> None:
    written.response("https://elsewhere.example/a", written.page())
    done = imported(baygan, written.save(tmp_path / "file.warc.gz"))
    assert (done.code, done.out) == (2, "")
    assert "no page of http" in done.err and "elsewhere.example 1" in done.err
    assert not list((baygan.folder / "news").rglob("*.warc.gz"))


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "no page of"), (b"<html>", "is no WARC file"), (b"PK\3\4 x", "WACZ"),
     (gzip.compress(b"hello", mtime=0), "is no WARC file"), (b"\x28\xb5\x2f\xfd", "zstd -d")],
)  # fmt: skip
def test_what_is_no_warc(baygan: Baygan, tmp_path: Path, content: bytes, word: str) -> None:
    (tmp_path / "file.warc.gz").write_bytes(content)
    done = imported(baygan, tmp_path / "file.warc.gz")
    assert (done.code, done.out) == (2, "")
    assert word in done.err and "Traceback" not in done.err


def test_a_torn_file_gives_what_is_before_the_tear(
    baygan: Baygan, written: Written, tmp_path: Path
) -> None:
    written.response(written.url(0), written.page(0))
    written.response(written.url(1), written.page(1))
    path = written.save(tmp_path / "file.warc.gz")
    path.write_bytes(path.read_bytes()[:-40])
    done = imported(baygan, path)
    assert done.code == 3
    assert f"{path}: bytes " in done.err and "All else was taken" in done.err
    assert done.lines[0]["new"] == len(lines(baygan)) == 1
    assert_sound(baygan)
