"""Each mood does on the wire what its name says."""

import gzip
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import IncompleteRead
from pathlib import Path

import pytest

from tests.newsroom.client import RESET, ask, fetch, get
from tests.newsroom.moods import MOODS, drip, drip_head, slow
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom(Site(5)) as running:
        yield running


def article(room: Newsroom) -> str:
    return room.posts[0].path


def raw(room: Newsroom, path: str | None = None) -> tuple[bytes, bytes]:
    """Head and body of an answer, as they were on the wire and as the server kept them."""
    seen = ask(room.server, get(path or article(room)))
    assert seen.removesuffix(RESET) == room.exchanges[-1].response
    head, _, body = seen.partition(b"\r\n\r\n")
    return head, body


ENDLESS = ("hang", "endless-body", "endless-head")


@pytest.mark.parametrize("name", [name for name in MOODS if name not in ENDLESS])
def test_what_the_room_keeps_is_what_the_client_saw(room: Newsroom, name: str) -> None:
    room.be(name)
    for request in (get(article(room)), get(article(room), method="HEAD")):
        seen = ask(room.server, request)
        assert seen.removesuffix(RESET) == room.exchanges[-1].response
        assert room.exchanges[-1].request == request


def test_framings(room: Newsroom) -> None:
    page = fetch(room.url + article(room)[1:]).body
    for name in ("plain", "chunked", "close", "http10", "odd"):
        room.be(name)
        assert fetch(room.url + article(room)[1:]).body == page, name
    for name in ("gzip", "trailer"):
        room.be(name)
        assert gzip.decompress(fetch(room.url + article(room)[1:]).body) == page
    head, body = raw(room)
    assert b"Transfer-Encoding: chunked" in head
    assert body.endswith(b"\r\n0\r\nX-Trailer-Sum: 42\r\nx-trailer-note:end\r\n\r\n")
    room.be("odd")
    head, _ = raw(room)
    assert head.lower().count(b"\nset-cookie: ") == 3 and b"\r\ncONTENT-tYPE: " in head


def test_cut_answers_are_short(room: Newsroom) -> None:
    for name in ("cut", "cut-chunk"):
        room.be(name)
        with pytest.raises(IncompleteRead):
            fetch(room.url + article(room)[1:])
    room.be("cut-silently")
    reply = fetch(room.url + article(room)[1:])
    assert reply.status == 200 and b"</html>" not in reply.body
    room.be("reset")
    assert raw(room)[1].endswith(RESET)
    room.be("empty")
    assert ask(room.server, get("/")) == b""


def test_slow_answers_take_their_time(room: Newsroom) -> None:
    for mood in (slow(0.25), drip(piece=9000, interval=0.03), drip_head(piece=32, interval=0.03)):
        room.be(mood)
        started = time.monotonic()
        raw(room)
        assert time.monotonic() - started > 0.25
    room.be("hang")
    with pytest.raises(TimeoutError):
        ask(room.server, get("/"), timeout=0.2)


def test_refusals_name_the_wait(room: Newsroom) -> None:
    room.be("429", times=2, retry_after=7)
    replies = [fetch(room.url) for _ in range(3)]
    assert [reply.status for reply in replies] == [429, 429, 200]
    assert replies[0].headers["Retry-After"] == "7"
    until = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    room.be("503", "/robots.txt", retry_after=until)
    reply = fetch(f"{room.url}robots.txt")
    assert (reply.status, parsedate_to_datetime(reply.headers["Retry-After"])) == (503, until)
    assert fetch(room.url).status == 200
    room.be("calm")
    assert fetch(f"{room.url}robots.txt").status == 200


def test_redirects(room: Newsroom) -> None:
    room.be("redirects", hops=2)
    url, trail = room.url, []
    while (reply := fetch(url)).status == 302:
        trail.append(reply.headers["Location"])
        url = room.url.rstrip("/") + trail[-1]
    assert reply.status == 200 and trail == ["/?hop=1", "/?hop=2"]
    room.be("loop")
    assert fetch(f"{room.url}x/").headers["Location"] == "/x/"
    room.be("offsite")
    assert fetch(f"{room.url}x/").headers["Location"].startswith("http://127.0.0.2:")


def test_too_much(room: Newsroom) -> None:
    room.be("huge-body", size=3_000_000)
    assert len(fetch(room.url).body) == 3_000_000
    room.be("bomb", size=20 * 2**20)
    bomb = fetch(room.url).body
    assert len(bomb) < 40_000 and len(gzip.decompress(bomb)) == 20 * 2**20
    room.be("huge-head", size=300_000)
    head, body = raw(room)
    assert len(head) > 300_000 and b"</html>" in body
    for name in ("endless-body", "endless-head"):
        room.be(name)
        seen = ask(room.server, get("/"), limit=3_000_000)
        assert len(seen) >= 3_000_000 and room.exchanges[-1].response.startswith(seen)


def test_charsets(room: Newsroom) -> None:
    page = fetch(room.url + article(room)[1:])
    room.be("wrong-charset")
    wrong = fetch(room.url + article(room)[1:])
    assert wrong.body == page.body and wrong.headers["Content-Type"].endswith("iso-8859-1")
    room.be("windows-1256")
    old = fetch(room.url + article(room)[1:])
    assert old.headers["Content-Type"] == "text/html" and b"charset" not in old.body[:400]
    paragraph = room.posts[0].paragraphs[0].replace("ی", "ي")
    assert paragraph.split("ٔ")[0] in old.body.decode("cp1256")


def test_blocks_answer_for_the_site_alone_where_asked(room: Newsroom) -> None:
    room.be("challenge", "/20*")
    assert "__arcsjs" in fetch(room.url + article(room)[1:]).text
    assert fetch(f"{room.url}wp-json/").status == 200
    room.be("geo-block", lambda request: "wp-json" in request.path)
    assert fetch(f"{room.url}wp-json/").status == 403
    assert "__arcsjs" in fetch(room.url + article(room)[1:]).text


def test_the_newsroom_is_a_process_too() -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.newsroom", "--posts", "3", "--mood", "chunked"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        reply = fetch(url)
        assert (reply.status, reply.headers["Transfer-Encoding"]) == (200, "chunked")
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
