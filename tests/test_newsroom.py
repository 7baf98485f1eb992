"""The newsroom is what it says: the bytes it keeps are the bytes a client saw."""

import threading
import urllib.request
from collections.abc import Iterator
from itertools import repeat

import pytest

from tests.newsroom.answer import Answer
from tests.newsroom.client import ask, get
from tests.newsroom.request import Request
from tests.newsroom.server import Server

BODY = "<p>خبر‌نگار ما می‌گوید</p>".encode() * 400


ANSWERS = {
    "/plain": Answer.page(BODY),
    "/gzip": Answer.page(BODY, gzip=True),
    "/chunked": Answer.page(BODY, framing="chunked"),
    "/trailer": Answer.page(BODY, gzip=True, framing="trailer"),
    "/open": Answer.page(BODY, framing="close"),
    "/old": Answer.page(BODY, version="HTTP/1.0"),
    "/odd": Answer.page(BODY, odd=True, headers=[b"X-Line:as it stands"]),
    "/drip": Answer.page(BODY).dripped(2000, 0.002),
    "/slow": Answer.raw(b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok", piece=9, delay=0.05),
    "/cut": Answer.page(BODY).cut(0.3),
    "/reset": Answer.page(BODY).cut(0.3, end="reset"),
}


@pytest.fixture(params=[False, True], ids=["http", "https"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    def answer(request: Request) -> Answer | None:
        return ANSWERS.get(request.path)

    with Server(answer, tls=bool(request.param)) as running:
        yield running


def test_the_kept_bytes_are_the_bytes_a_client_saw(server: Server) -> None:
    for path in ANSWERS:
        request = get(path)
        seen = ask(server, request)
        kept = server.exchanges[-1]
        ending = b"<RST>" if path == "/reset" else b""
        assert seen == kept.response + ending
        assert kept.response == ANSWERS[path].joined()
        assert (kept.request, kept.method, kept.path) == (request, "GET", path)
    assert [e.connection for e in server.exchanges] == list(range(1, len(ANSWERS) + 1))


def test_one_connection_carries_many_exchanges_with_bodies_and_head(server: Server) -> None:
    post = b"POST /plain HTTP/1.1\r\nContent-Length: 5\r\n\r\nsalam"
    requests = [get("/gzip", ""), post, get("/odd", "", "HEAD"), get("/chunked")]
    seen = ask(server, *requests)
    kept = server.exchanges
    assert [e.request for e in kept] == requests
    assert b"".join(e.response for e in kept) == seen
    assert kept[2].response == ANSWERS["/odd"].head
    assert {e.connection for e in kept} == {1} and server.connections == 1


def test_no_answer_ends_the_connection_without_a_byte(server: Server) -> None:
    assert ask(server, get("/nothing")) == b""
    assert server.exchanges[0].response == b""


def test_an_endless_body_waits_for_its_reader() -> None:
    with Server(lambda request: Answer(b"HTTP/1.1 200 OK\r\n\r\n", repeat(b"x" * 65536))) as server:
        with urllib.request.urlopen(server.url) as response:
            assert response.read(1_000_000) == b"x" * 1_000_000
        assert len(server.exchanges[0].response) < 64_000_000


def test_a_handler_that_raises_is_heard() -> None:
    def answer(request: Request) -> Answer:
        raise LookupError("no such page in the test")

    with pytest.raises(LookupError, match="no such page"), Server(answer) as server:
        assert ask(server, get("/")) == b""


def test_a_benchmark_can_switch_the_record_off() -> None:
    with Server(lambda request: Answer.page(b"ok"), record=False) as server:
        assert ask(server, get("/")).endswith(b"ok")
        assert server.exchanges == []


def test_a_taken_port_is_an_error_and_leaves_nothing_running() -> None:
    before = threading.active_count()
    with Server(lambda request: None) as first, pytest.raises(OSError, match="address already"):
        Server(lambda request: None, port=first.port).start()
    assert threading.active_count() == before
