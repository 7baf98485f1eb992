"""304: believed where the site has shown that it can be, and stored as the standard has it."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from archive.model import Exchange, Hints
from archive.warc.metadata import read_fields
from archive.warc.reader import response_of
from archive.warc.stored_record import parse_record
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, exchange, site_folder
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.process import Baygan
from tests.warc_reader import findings, read_folder

BODY = "<p>دولت از برنامه‌ای تازه خبر داد.</p>".encode() * 40
OTHER = "<p>مجلس از نشستی تازه خبر داد.</p>".encode() * 40


def page(number: int, body: bytes, *lines: str) -> Exchange:
    """The page of post `number` with these header lines."""
    head = "".join(f"{line}\r\n" for line in lines)
    plain = exchange(number, body, head)
    return replace(plain, page_url=address(number), hints=Hints())


def asked(folder: Path, *nights: Exchange) -> dict[str, str]:
    """How the next request for post 1 would ask after these nights."""
    site = site_folder(folder)
    for each in nights:
        with SiteWriter(site) as writer:
            writer.capture(each)
    with SiteWriter(site) as writer:
        return writer.index.validators.headers(address(1))


def test_a_validator_is_used_once_it_came_twice_with_the_same_page(tmp_path: Path) -> None:
    tagged = page(1, BODY, 'ETag: W/"a1"', "Last-Modified: Sun, 22 Nov 2026 10:00:00 GMT")
    dated = page(1, BODY, "Last-Modified: Sun, 22 Nov 2026 10:00:00 GMT")
    assert asked(tmp_path / "once", tagged) == {}
    assert asked(tmp_path / "none", page(1, BODY), page(1, BODY)) == {}
    assert asked(tmp_path / "tag", tagged, tagged) == {"If-None-Match": '"a1"'}
    assert asked(tmp_path / "date", dated, dated) == {
        "If-Modified-Since": "Sun, 22 Nov 2026 10:00:00 GMT"
    }
    changed = page(1, OTHER, 'ETag: "a2"')
    assert asked(tmp_path / "edited", tagged, tagged, changed) == {}
    assert asked(tmp_path / "anew", tagged, tagged, changed, changed) == {"If-None-Match": '"a2"'}


def test_one_validator_for_two_pages_and_none_is_believed(tmp_path: Path) -> None:
    honest, first = page(1, BODY, 'ETag: "a"'), page(2, BODY, 'ETag: "b"')
    liar = page(2, OTHER, 'ETag: "b"')
    assert asked(tmp_path, honest, honest, first, liar) == {}
    assert asked(tmp_path / "later", honest, first, liar, first, first, honest) == {}


@pytest.mark.parametrize("known", [True, False])
def test_a_304_is_a_revisit_without_a_block(tmp_path: Path, known: bool) -> None:
    site = site_folder(tmp_path)
    for _ in range(2 if known else 1):
        with SiteWriter(site) as writer:
            writer.capture(page(1, BODY, 'ETag: "a"'))
    head = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nX-Odd:  yes\r\n\r\n'
    with SiteWriter(site) as writer:
        captured = writer.capture(replace(page(1, b""), response=head))
    records = read_folder(site.path)
    assert findings(records) == []
    answers = [r for r in records if r.kind in ("response", "revisit")]
    if not known:
        assert [answer.kind for answer in answers] == ["response", "response"]
        return
    last = answers[-1]
    assert last.kind == "revisit" and last.block == b""
    assert last.get("WARC-Profile").endswith("server-not-modified")
    assert last.get("WARC-Payload-Digest") == f"sha256:{captured.payload_sha256}"
    notes = read_fields([r for r in records if r.kind == "metadata"][-1].block)
    assert base64.b64decode(notes["response-head-base64"]) == head
    head_of = "".join(f"{name}: {value}\r\n" for name, value in last.fields)
    stored = parse_record(f"WARC/1.1\r\n{head_of}\r\n\r\n\r\n".encode())
    assert response_of(site.path, stored).page() == BODY


def test_crawls_of_a_site_that_says_304(baygan: Baygan, newsroom: Newsroom) -> None:
    """Three times again: whole, whole and proved, then asked for by its validator."""
    post = newsroom.posts[2]

    def cached(request: Request, document: Document) -> Answer:
        if request.headers.get("if-none-match") == f'"{post.id}"':
            return Answer(b"HTTP/1.1 304 Not Modified\r\n\r\n")
        answer = document.answer()
        return replace(answer, head=answer.head[:-2] + f'ETag: "{post.id}"\r\n\r\n'.encode())

    newsroom.be(cached, post.path)
    for arguments in ((), ("--again",), ("--again",)):
        assert baygan("crawl", *arguments).code == 0
    records = read_folder(baygan.folder / "news")
    assert findings(records) == []
    [last] = [r for r in records if r.get("WARC-Profile").endswith("server-not-modified")]
    assert last.uri == newsroom.site.url(post)
    shown = baygan("show", "--versions", f"news/post/{post.id}")
    assert len(shown.out.splitlines()) == 1
