"""A crawl of pages that no parser should get: each has its reason, and none stops the rest."""

from __future__ import annotations

from pathlib import Path

from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Site
from tests.nights import Nights

TEXT = "باران از بامداد آغاز شد و می‌گویند تا شب ادامه دارد؛ مدرسه‌ها باز می‌مانند."
HEAD = '<!DOCTYPE html><html lang="fa"><head>{}</head><body class="single single-post">'
PAGE = HEAD + '<h1 class="entry-title">باران</h1><div class="entry-content">{}</div></body></html>'
CLOSING = "</div>" * 200_000
WHOLE = {
    "utf-16": PAGE.format("", f"<p>{TEXT}</p>").encode("utf-16"),
    "lying charset": PAGE.format('<meta charset="iso-8859-1">', f"<p>{TEXT}</p>").encode(),
    "nul": PAGE.format("", f"<p>{TEXT}</p>").replace("<p>", "<p>\0").encode(),
    "surrogates": PAGE.format("", f"<p>{TEXT}</p><p>\ud800</p>").encode("utf-8", "surrogatepass"),
    "closing tags": PAGE.format("", f"<p>{TEXT}</p>{CLOSING}").encode(),
}
REFUSED = {
    "empty": b"",
    "nothing but nul": b"\0" * 5000,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "attributes": PAGE.format("", f"<p {'a=1 ' * 200_000}>{TEXT}</p>").encode(),
    "no tag": "سلام ".encode() * 1000,
}
DEEP = PAGE.format("", f"{'<div>' * 200_000}<p>{TEXT}</p>").encode()


def serve(room: Newsroom, number: int, body: bytes) -> int:
    """Answer one post's address with `body`; its ID."""
    post = room.posts[number]

    def mood(request: Request, document: Document) -> Answer:
        return Document(body, content_type="text/html").answer()

    room.be(mood, post.path)
    return post.id


def test_odd_pages_are_read_or_refused(tmp_path: Path) -> None:
    bodies = [*WHOLE.values(), *REFUSED.values(), DEEP]
    with Newsroom(Site(len(bodies) + 1)) as room:
        nights = Nights(room, tmp_path / "archive")
        served = [serve(room, number, body) for number, body in enumerate(bodies)]
        night = nights()
        lines = {line["post_id"]: line for line in nights.baygan("export").lines}
        log = "".join(path.read_text() for path in nights.baygan.folder.glob("logs/*"))
    # What is empty or cannot be read tonight may be a bad hour's: it is asked for again.
    assert night["verdict"] == "incomplete" and "Traceback" not in log
    whole, refused = served[: len(WHOLE)], served[len(WHOLE) : -1]
    texts = {name: lines[number]["text"] for name, number in zip(WHOLE, whole, strict=True)}
    assert texts.pop("surrogates").startswith(TEXT)
    assert set(texts.values()) == {TEXT}
    assert night["refused"] == len(REFUSED) and not lines.keys() & set(refused)
    # Deeper than the parser goes there is no text; REST has vouched that it is an article.
    assert "truncated" in lines[served[-1]]["flags"]


def test_a_page_of_twenty_megabytes_is_cut_and_told(tmp_path: Path) -> None:
    with Newsroom(Site(2)) as room:
        nights = Nights(room, tmp_path / "archive")
        serve(room, 0, PAGE.format("", f"<p>{TEXT}</p>" * 150_000).encode())
        night = nights(code=3)
    assert (night["new"], night["failed"]) == (2, 1)
    assert night["coverage"]["failed"] == {"too-large": 1}
