"""`assets` in sites.toml: what pages need is captured, once a site, and is no article."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from spiders.requisites.addresses import of_style, requisites
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import calm
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Site
from tests.process import Baygan
from tests.warc_reader import findings, read_folder

HOME = "http://khabar.example/1405/karun/"
HTML = """<html><head><meta property="og:image" content="https://cdn.example/main.jpg">
<link rel="stylesheet" href="/style.css?v=2"><link rel="canonical" href="/x">
<script src=/a.js></script>
<style>h1 { background: url( "bg.png" ) }</style></head><body><img src="/logo.png">
<article><p>متن</p><img data-src="one.jpg" src="data:image/gif;base64,R0lG"
srcset="one-300.jpg 300w, /one-600.jpg?a=1&amp;b=2 600w"><img src='//cdn.example/دو.jpg#x'>
<img src="javascript:void(0)"><img src="http://[broken/x.jpg"><img src=""></article>
<div style="background-image: url(wide.png)"><video poster="/still.jpg"></div></body></html>"""


def test_the_images_of_an_article() -> None:
    assert requisites(HTML.encode(), HOME, "images") == [
        "https://cdn.example/main.jpg",
        f"{HOME}one.jpg",
        f"{HOME}one-300.jpg",
        "http://khabar.example/one-600.jpg?a=1&b=2",
        "http://cdn.example/دو.jpg",
    ]
    assert requisites(b'<p><img src="a.png"></p>', HOME, "images") == [f"{HOME}a.png"]


def test_all_that_a_page_needs() -> None:
    found = requisites(HTML.encode(), HOME, "page")
    more = ["style.css?v=2", "a.js", "logo.png", "still.jpg", "1405/karun/bg.png"]
    assert {f"http://khabar.example/{name}" for name in more} < set(found)
    assert f"{HOME}wide.png" in found
    assert "http://khabar.example/x" not in found


def test_what_a_style_sheet_needs() -> None:
    css = b"@import 'more.css'; @font-face { src: url(v.woff2) format('woff2'), url( 'v.woff' ) }"
    css += b".a { background: url(data:image/png;base64,AA) }"
    assert of_style(css, "http://k.example/css/a.css") == [
        f"http://k.example/css/{name}" for name in ("more.css", "v.woff2", "v.woff")
    ]


@pytest.mark.parametrize(
    "piece", ["<img ", '<img src="', "style=", "<article ", "url(", "<style>", "<style></style>"]
)
def test_no_page_makes_it_slow(piece: str) -> None:
    """Two megabytes of the worst; the test's own time limit is the measure."""
    assert requisites((piece * (2_000_000 // len(piece))).encode(), HOME, "page") == []


def with_assets(folder: Path, kind: str) -> Baygan:
    with (folder / "sites.toml").open("a") as toml:
        toml.write(f'assets = "{kind}"\n')
    return Baygan(folder)


def asked(room: Newsroom) -> Counter[str]:
    """How often each address was asked for."""
    return Counter(Request(exchange.request).line[1] for exchange in room.exchanges)


def test_images_are_captured_once(newsroom: Newsroom, archive_folder: Path) -> None:
    baygan = with_assets(archive_folder, "images")
    [run] = baygan("crawl", "--json").lines
    pictures = {p: n for p, n in asked(newsroom).items() if p.endswith(".png")}
    listed = newsroom.site.listed()
    assert pictures == {f"/wp-content/uploads/photo-{post.id}.png": 1 for post in listed}
    assert (run["new"], run["failed"], run["refused"]) == (len(listed), 0, 0)
    assert run["verdict"] == "complete"
    records = read_folder(archive_folder / "news")
    assert findings(records) == []
    images = [r for r in records if r.kind == "response" and r.uri.endswith(".png")]
    assert len(images) == len(listed)
    assert all(b"Content-Type: image/png\r\n" in record.block for record in images)

    newsroom.site.edit(newsroom.posts[0].id, lead="از نو نوشته شد.")
    [run] = baygan("crawl", "--json").lines
    assert run["changed"] == 1
    assert {p: n for p, n in asked(newsroom).items() if p.endswith(".png")} == pictures
    assert baygan("check").code == 0


def test_without_the_key_no_image_is_asked_for(newsroom: Newsroom, baygan: Baygan) -> None:
    assert baygan("crawl").code == 0
    assert not [path for path in asked(newsroom) if path.endswith(".png")]


@pytest.fixture
def cdn(newsroom: Newsroom) -> Iterator[Newsroom]:
    """Another host, from which the newsroom's pages take their style."""
    with Newsroom(Site(1)) as room:
        room.be(styles, "/theme.css")
        take_style_from(room.server.port, newsroom)
        yield room


def take_style_from(port: int, newsroom: Newsroom) -> None:
    link = f'<link rel="stylesheet" href="http://localhost:{port}/theme.css"></head>'.encode()

    def linked(request: Request, document: Document) -> Answer | None:
        html = document.body.replace(b"</head>", link)
        return calm(request, replace(document, content=html, is_packed=False))

    newsroom.be(linked, lambda request: request.path.startswith("/20"))


def styles(request: Request, document: Document) -> Answer | None:
    css = (
        b"@font-face { src: url(vazir.woff2) } body { background: url(/wp-content/uploads/b.png) }"
    )
    return calm(request, Document(css, content_type="text/css"))


def test_a_page_s_style_and_its_fonts_may_come_from_another_host(
    newsroom: Newsroom, cdn: Newsroom, archive_folder: Path
) -> None:
    [run] = with_assets(archive_folder, "page")("crawl", "--json").lines
    assert asked(cdn) == {
        "/robots.txt": 1, "/theme.css": 1, "/vazir.woff2": 1, "/wp-content/uploads/b.png": 1,
    }  # fmt: skip
    assert asked(newsroom)["/wp-includes/js/jquery/jquery.min.js"] == 1
    assert (run["failed"], run["verdict"]) == (0, "complete")
    records = read_folder(archive_folder / "news")
    assert findings(records) == []
    assert {r.uri for r in records if "localhost" in r.uri and r.kind == "response"} == {
        f"http://localhost:{cdn.server.port}{path}" for path in asked(cdn)
    }


def test_the_other_host_s_robots_txt_is_obeyed(
    newsroom: Newsroom, cdn: Newsroom, archive_folder: Path
) -> None:
    cdn.site.options.robots = ("Disallow: /theme.css", "Sitemap: http://localhost/elsewhere.xml")
    cdn.site.touch()
    [run] = with_assets(archive_folder, "page")("crawl", "--json").lines
    assert asked(cdn) == {"/robots.txt": 1}
    assert run["verdict"] == "complete"


def test_a_dead_host_costs_its_assets_and_nothing_else(
    newsroom: Newsroom, archive_folder: Path
) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        take_style_from(unheard.getsockname()[1], newsroom)
    [run] = with_assets(archive_folder, "page")("crawl", "--json").lines
    assert (run["new"], run["verdict"], run["problems"]) == (
        len(newsroom.site.listed()), "complete", [],
    )  # fmt: skip


def test_a_word_that_is_neither_is_told(archive_folder: Path) -> None:
    done = with_assets(archive_folder, "all")("crawl")
    assert done.code == 2
    assert 'must be "images" or "page"' in done.err
