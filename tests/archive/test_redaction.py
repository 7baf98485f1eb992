"""Who asks is not stored: a canary in every place where a secret could be is in no file."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from archive.http.urls import without_userinfo
from archive.index.index import ListedPost
from archive.model import Hints
from archive.warc.metadata import read_fields
from archive.writer.site_writer import SiteWriter
from tests.archive.material import article, exchange, site_folder
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.process import Baygan
from tests.warc_reader import findings, read_folder

CANARY = "kanari-8231"
ADDRESS = f"http://sara:{CANARY}@khabar.example/?p=7"
REQUEST = (
    f"GET {ADDRESS} HTTP/1.1\r\nHost: khabar.example\r\n"
    f"authorization: Basic {CANARY}\r\nAccept: */*\r\nCookie: a={CANARY};\r\n b={CANARY}\r\n"
    f"Proxy-Authorization: Basic {CANARY}\r\n"
)
TOLD = "authorization, Cookie, Proxy-Authorization, URL userinfo"


def holding(folder: Path) -> list[str]:
    """The files that hold the canary, records unpacked."""
    found = []
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() and path.name != "sites.toml" else b""
        while path.suffix == ".gz" and data[:1] == b"\x1f":
            decoder = zlib.decompressobj(31)
            if CANARY.encode() in decoder.decompress(data):
                found.append(path.name)
            data = decoder.unused_data
        if CANARY.encode() in data:
            found.append(path.name)
    return found


@pytest.mark.parametrize("last", ["", "X-Last: 1\r\n"])
def test_what_is_taken_out_and_what_stays(tmp_path: Path, last: str) -> None:
    site = site_folder(tmp_path)
    secret = replace(
        exchange(7),
        url=ADDRESS,
        request=f"{REQUEST}{last}\r\n".encode(),
        page_url=ADDRESS,
        hints=Hints(title="خبر"),
    )
    with SiteWriter(site) as writer:
        writer.index.add([ListedPost(url=ADDRESS)])
        [(_, found)] = writer.index.due(0, 9)
        writer.keep(found.url, article(7), writer.capture(secret))
        writer.run.problems.append(f"{ADDRESS} gave no answer")
    assert holding(tmp_path) == []
    records = {record.kind: record for record in read_folder(site.path)}
    assert findings(list(read_folder(site.path))) == []
    wanted = "GET http://khabar.example/?p=7 HTTP/1.1\r\nHost: khabar.example\r\nAccept: */*\r\n"
    assert records["request"].block.decode() == f"{wanted}{last}\r\n"
    notes = read_fields(records["metadata"].block)
    assert notes["removed-from-request"] == TOLD
    assert notes["page-url"] == records["response"].uri == "http://khabar.example/?p=7"
    [line] = site.articles()
    assert line["url"] == "http://khabar.example/?p=7"


def test_a_request_without_secrets_is_stored_as_it_was(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    plain = replace(exchange(1), request=b"GET /a@b?cookie: HTTP/1.1\r\nX-Cookie: 1\r\n\r\n")
    with SiteWriter(site) as writer:
        writer.capture(plain)
    records = {record.kind: record for record in read_folder(site.path)}
    assert records["request"].block == plain.request
    assert "removed-from-request" not in read_fields(records["metadata"].block)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("https://a:b@c.example/d@e", "https://c.example/d@e"),
        ("http://a@b:c@d.example", "http://d.example"),
        ("https://c.example/@a", "https://c.example/@a"),
        ("see <HTTP://a:b@c.example>, a@b.example", "see <HTTP://c.example>, a@b.example"),
    ],
)
def test_addresses_in_a_text(text: str, public: str) -> None:
    assert without_userinfo(text) == public


def test_a_canary_in_every_place_of_a_crawl(baygan: Baygan, newsroom: Newsroom) -> None:
    """In the environment, in an address in sites.toml, in where a page redirects to."""
    home = newsroom.url.removeprefix("http://")
    first, second = newsroom.posts[:2]

    def elsewhere(request: Request, document: Document) -> Answer:
        location = f"Location: http://sara:{CANARY}@{home.rstrip('/')}{second.path}\r\n"
        return Answer(f"HTTP/1.1 302 Found\r\n{location}Content-Length: 0\r\n\r\n".encode(), ())

    proxy = f"http://sara:{CANARY}@127.0.0.1:9"
    newsroom.be(elsewhere, first.path)
    done = baygan("crawl", "-vv", http_proxy=proxy, HTTPS_PROXY=proxy, ALL_PROXY=proxy)
    assert done.code in (0, 3)
    assert CANARY not in done.out + done.err
    responses = {r.id for r in read_folder(baygan.folder) if CANARY.encode() in r.block}
    # What the site itself sent is stored as it was sent.
    assert len(responses) == 1
    held = holding(baygan.folder)
    assert len(held) == 1 and held[0].endswith(".warc.gz")
    toml = baygan.folder / "sites.toml"
    toml.write_text(toml.read_text().replace("http://", f"http://sara:{CANARY}@"))
    refused = baygan("crawl")
    assert refused.code == 2 and CANARY not in refused.err
