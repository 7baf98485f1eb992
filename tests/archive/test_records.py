"""Every file a crawl writes, judged by a reader of our own and by two of other people's."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Site
from tests.process import Baygan
from tests.warc_reader import Record, findings, interim, is_chunked, read_folder

TOOLS = Path(sys.executable).parent
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
WHOLE = ("plain", "gzip", "chunked", "trailer", "odd", "close", "http10", "redirects", "loop")
CUT = ("cut", "cut-chunk", "reset", "garbage")


def hinted(request: Request, document: Document) -> Answer:
    answer = document.answer()
    return Answer(HINTS + answer.head, answer.body)


def missing(request: Request, document: Document) -> Answer:
    return Answer.page(b"<h1>404</h1>", status="404 Not Found")


@dataclass
class Crawled:
    room: Newsroom
    folder: Path
    moods: dict[str, str]
    records: list[Record]

    def path(self, mood: str) -> str:
        return next(path for path, name in self.moods.items() if name == mood)

    def responses(self, target: str) -> list[Record]:
        uri = self.room.url.rstrip("/") + target
        return [r for r in self.records if r.kind == "response" and r.uri == uri]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """A crawl of a site where nearly every post has a mood of its own."""
    folder = tmp_path_factory.mktemp("archive")
    with Newsroom(Site(20)) as room:
        named = (*WHOLE, *CUT, "103", "404", "503", "empty")
        moods = dict(zip((post.path for post in room.posts), named, strict=False))
        for path, mood in moods.items():
            own = {"103": hinted, "404": missing}.get(mood, mood)
            room.be(own, path, times=1 if mood == "503" else None)
        site = f'[sites.news]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
        (folder / "sites.toml").write_text(site)
        done = Baygan(folder)("crawl")
        assert done.code == 3, done.err
        yield Crawled(room, folder / "news", moods, read_folder(folder / "news"))


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.warc.gz"))


def test_every_record_keeps_the_rules(crawled: Crawled) -> None:
    kinds = {record.kind for record in crawled.records}
    assert kinds == {"warcinfo", "response", "request", "metadata", "conversion"}
    assert findings(crawled.records) == []
    assert not list(crawled.folder.rglob("*.open"))


def test_the_bytes_are_those_the_newsroom_saw(crawled: Crawled) -> None:
    before = {r.get("WARC-Concurrent-To"): interim(r) for r in crawled.records if interim(r)}
    kept = defaultdict(list)
    for record in crawled.records:
        if record.kind == "response":
            kept[record.uri].append(before.get(record.id, b"") + record.block)
    sent = defaultdict(list)
    for exchange in crawled.room.exchanges:
        if exchange.response:
            sent[crawled.room.url.rstrip("/") + exchange.target].append(exchange.response)
    assert kept.keys() == sent.keys()
    for uri in sent:
        assert len(kept[uri]) == len(sent[uri])
        for ours, theirs in zip(kept[uri], sent[uri], strict=True):
            # A reset overtakes bytes that were sent before it.
            assert ours == theirs or (crawled.path("reset") in uri and theirs.startswith(ours))
    assert before and set(before.values()) == {HINTS}


def test_the_requests_are_those_the_newsroom_heard(crawled: Crawled) -> None:
    kept = sorted(record.block for record in crawled.records if record.kind == "request")
    assert kept == sorted(each.request for each in crawled.room.exchanges if each.response)


def test_what_was_cut_says_so_and_nothing_else_does(crawled: Crawled) -> None:
    cut = {r.uri for r in crawled.records if r.get("WARC-Truncated")}
    assert cut == {crawled.room.url.rstrip("/") + crawled.path(mood) for mood in CUT}
    for mood in CUT:
        assert {r.get("WARC-Truncated") for r in crawled.responses(crawled.path(mood))} == {
            "disconnect"
        }


def test_redirects_errors_and_retries_are_records_too(crawled: Crawled) -> None:
    assert crawled.responses(crawled.path("redirects"))[0].block[9:12] == b"302"
    assert [r.block[9:12] for r in crawled.responses(crawled.path("503"))] == [b"503", b"200"]
    assert [r.block[9:12] for r in crawled.responses(crawled.path("404"))] == [b"404"]
    assert crawled.responses(crawled.path("empty")) == []
    assert crawled.responses("/robots.txt")


@pytest.mark.parametrize("tool", [["gzip", "-t"], [str(TOOLS / "fastwarc"), "check"]], ids=str)
def test_other_readers_find_nothing(crawled: Crawled, tool: list[str]) -> None:
    for path in files(crawled.folder):
        done = subprocess.run([*tool, path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_warcio_check_fails_the_chunked_records_and_no_others(crawled: Crawled) -> None:
    chunked = {r.offset for r in crawled.records if r.kind == "response" and is_chunked(r)}
    failed: set[int] = set()
    for path in files(crawled.folder):
        done = subprocess.run(
            [TOOLS / "warcio", "check", "-v", path], capture_output=True, text=True, check=False
        )
        offset = 0
        for line in done.stdout.splitlines():
            if "offset" in line:
                offset = int(line.split()[1])
            if "failed" in line:
                assert "payload digest failed" in line
                failed.add(offset)
        assert done.returncode == (1 if failed and "text" not in path.name else 0)
    assert failed == chunked != set()
