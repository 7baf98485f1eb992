"""Replay in a real browser: pywb and headless Chromium show every kind of capture.

Needs pywb's `wayback` and `chromium` on PATH; without them these tests skip, unless
BAYGAN_REPLAY=required.
"""

from __future__ import annotations

import gzip
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import urllib.request
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from archive.folder import Archive, SiteFolder
from archive.model import Exchange
from archive.writer.site_writer import SiteWriter
from scraper.replay import Replay
from tests.archive.material import HOME, article, exchange, site_folder
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import calm
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Site
from tests.process import Baygan
from tests.warc_reader import Record, read_folder

HEADLINE = "کارون دوباره پرآب می‌شود"
TEXT = "سازمان آب می‌گوید که سد تا پایان هفته باز می‌ماند."
# The browser itself says in the page whether it could show the picture.
PAGE = f"""<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8"></head><body>
<h1>{HEADLINE}</h1><p>{TEXT}</p>
<img src="/karun.png" onload="this.alt = 'width ' + this.naturalWidth">
<!-- {random.Random(1).randbytes(3000).hex()} --></body></html>""".encode()
GZIP, CHUNKED = "Content-Encoding: gzip\r\n", "Transfer-Encoding: chunked\r\n"
FIRST = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def programs() -> None:
    missing = [name for name in ("wayback", "chromium") if not shutil.which(name)]
    if missing and os.environ.get("BAYGAN_REPLAY") == "required":
        pytest.fail(f"not on PATH: {missing}")
    if missing:
        pytest.skip(f"not on PATH: {missing}")


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    """A page captured in five nights: as it was, the same again, the same in chunks, without
    compression, and not modified; its picture only in the first."""
    site = site_folder(tmp_path / "archive")
    packed = gzip.compress(PAGE, mtime=0)
    night_of(site, 0, sent(packed, GZIP), png())
    night_of(site, 1, sent(packed, GZIP))
    night_of(site, 2, sent(chunked(packed), GZIP + CHUNKED))
    night_of(site, 3, sent(chunked(PAGE), CHUNKED))
    not_modified(site, 4)
    return site


def night_of(site: SiteFolder, day: int, *exchanges: Exchange) -> None:
    moment = FIRST + timedelta(days=day)
    with SiteWriter(site) as writer:
        for one in exchanges:
            capture = writer.capture(replace(one, started=moment, ended=moment))
            writer.keep(one.url, article(1), capture)


def sent(body: bytes, head: str) -> Exchange:
    one = exchange(1, body, f"Content-Type: text/html; charset=UTF-8\r\n{head}")
    if head.endswith(CHUNKED):
        one = replace(one, response=re.sub(rb"Content-Length: \d+\r\n", b"", one.response))
    return one


def chunked(body: bytes) -> bytes:
    pieces = (body[:99], body[99:])
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def png() -> Exchange:
    """The picture of the page, seven pixels wide."""
    pixels = zlib.compress(b"\0" + b"\x20\x60\xa0" * 7)
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 7, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", pixels),
        (b"IEND", b""),
    ]
    image = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    one = exchange(2, image, "Content-Type: image/png\r\n")
    return replace(one, url=f"{HOME}karun.png")


def not_modified(site: SiteFolder, day: int) -> None:
    """A file with a revisit for a 304, as WARC 1.1 has it in 6.7.3, with an empty block."""
    first = next(record for record in responses(site) if record.uri == f"{HOME}?p=1")
    fields = {
        "WARC-Type": "revisit",
        "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000304>",
        "WARC-Target-URI": first.uri,
        "WARC-Date": f"{FIRST + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ}",
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
        "WARC-Payload-Digest": first.get("WARC-Payload-Digest"),
        "WARC-Refers-To": first.id,
        "WARC-Refers-To-Target-URI": first.uri,
        "WARC-Refers-To-Date": first.get("WARC-Date"),
        "WARC-Block-Digest": f"sha256:{sha256().hexdigest()}",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": "0",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    path = next(site.path.glob("warc/*/*")).with_name("khabar-304-00000.warc.gz")
    path.write_bytes(gzip.compress(f"WARC/1.1\r\n{head}\r\n\r\n\r\n".encode(), mtime=0))


def responses(site: SiteFolder) -> list[Record]:
    return [r for r in read_folder(site.path) if r.kind in ("response", "revisit")]


@pytest.fixture
def replayed(site: SiteFolder) -> Iterator[str]:
    """The address of the site in pywb."""
    show = Replay([site], 0)
    with show.running():
        yield f"http://127.0.0.1:{show.port}/khabar"


def browse(address: str, folder: Path) -> str:
    """The page at `address` after headless Chromium has run it, with no way to the network."""
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000"]
    options += [
        f"--user-data-dir={folder}",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    done = subprocess.run(
        ["chromium", *options, "--dump-dom", address], capture_output=True, timeout=100
    )
    return done.stdout.decode()


def test_every_kind_of_capture_is_shown(replayed: str, site: SiteFolder, tmp_path: Path) -> None:
    """Headline, Persian text and picture, at the instant of each."""
    kinds = [(r.kind, bool(r.block)) for r in responses(site) if "?p" in r.uri]
    revisits = [("revisit", True), ("revisit", False), ("revisit", False)]
    assert Counter(kinds) == Counter([("response", True), ("response", True), *revisits])
    for day in range(5):
        moment = FIRST + timedelta(days=day)
        shown = browse(f"{replayed}/{moment:%Y%m%d%H%M%S}/{HOME}?p=1", tmp_path / "chromium")
        assert f"<h1>{HEADLINE}</h1>" in shown, f"day {day}: {shown[:500]}"
        assert TEXT in shown
        assert 'alt="width 7"' in shown


def test_what_pywb_gives_out_is_what_was_captured(replayed: str) -> None:
    for day in range(5):
        moment = FIRST + timedelta(days=day)
        address = f"{replayed}/{moment:%Y%m%d%H%M%S}id_/{HOME}?p=1"
        with urllib.request.urlopen(address) as answer:
            body = answer.read()
            coding = answer.headers["Content-Encoding"]
        assert answer.status == 200
        assert (gzip.decompress(body) if coding == "gzip" else body) == PAGE


def test_the_command_prints_an_address_and_ends_in_good_order(site: SiteFolder) -> None:
    baygan = Baygan(site.archive.path)
    before = sorted(path for path in baygan.folder.rglob("*"))
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        process = baygan.start("replay", "--port", "0")
        assert process.stdout
        address = process.stdout.readline().decode().strip()
        assert address.endswith(f"/khabar/*/{HOME}*")
        with urllib.request.urlopen(address) as answer:
            assert answer.status == 200
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
        # Ctrl-C at a terminal leaves its ^C on the line, so click ends that line.
        assert (process.returncode, err.strip()) == (code, b"")
        with pytest.raises(OSError, match="refused"):
            urllib.request.urlopen(address)
    assert sorted(path for path in baygan.folder.rglob("*")) == before


def test_a_port_that_is_taken_is_told(site: SiteFolder, replayed: str) -> None:
    port = replayed.split(":")[2].partition("/")[0]
    done = Baygan(site.archive.path)("replay", "--port", port)
    assert done.code == 2
    assert f"port {port} cannot be used" in done.err
    assert "--port" in done.err


def test_without_pywb_it_says_how_to_get_it(site: SiteFolder) -> None:
    done = Baygan(site.archive.path)("replay", PATH="/nowhere")
    assert done.code == 2
    assert "pip install 'baygan[replay]'" in done.err


def test_a_crawled_article_with_its_picture(tmp_path: Path) -> None:
    """From the site to the browser: baygan crawl with assets, baygan replay, Chromium."""

    def witnessed(request: Request, document: Document) -> Answer | None:
        tell = b"""onload="this.alt = 'width ' + this.naturalWidth" class="wp-post-image" alt="""
        html = document.body.replace(b'class="wp-post-image" alt=', tell)
        return calm(request, replace(document, content=html, is_packed=False))

    archive = tmp_path / "archive"
    archive.mkdir()
    with Newsroom(Site(2)) as newsroom:
        newsroom.be(witnessed, lambda request: request.path.startswith("/20"))
        site = f'[sites.news]\nurl = "{newsroom.url}"\nallow_private = true\ndelay = 0\n'
        (archive / "sites.toml").write_text(f'{site}assets = "images"\n')
        assert Baygan(archive)("crawl").code == 0
    news = Archive(archive).site("news")
    show = Replay([news], 0)
    with show.running():
        for line in news.articles():
            if "protected" in line["flags"]:
                continue
            address = f"http://127.0.0.1:{show.port}/news/{line['url']}"
            shown = browse(address, tmp_path / "chromium")
            assert line["title"] and line["title"] in shown
            assert 'alt="width 1"' in shown
