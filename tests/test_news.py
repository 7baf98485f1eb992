"""A problem is news once; what cannot be had is asked for ever more seldom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from scraper.news import known_before
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.nights import Nights

POSTS = 8


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    """The first night is next."""
    with Newsroom(Site(POSTS)) as room:
        yield Nights(room, tmp_path / "archive")


def always(status: str, body: bytes = b"<html><body></body></html>") -> Mood:
    return lambda request, document: Answer.page(body, status=status)


def empty(request: object, document: object) -> Answer:
    return Document(b"", content_type="text/html").answer()


def test_thirty_nights_with_pages_that_cannot_be_had(nights: Nights, long: bool) -> None:
    room, (gone, shut, forbidden) = nights.room, nights.room.posts[:3]
    room.site.options.robots = (f"Disallow: {shut.path}",)
    room.be(always("404 Not Found"), unquote(gone.path))
    room.be(always("403 Forbidden"), unquote(forbidden.path))
    asked: Counter[str] = Counter()
    mails = []
    for _ in range(30 if long else 10):
        done = nights.baygan("crawl")
        mails.append((done.code, done.err))
        run = nights.baygan("status", "--json").lines[0]
        assert run["verdict"] == "complete"
        assert run["coverage"]["refused"] == {"http-403": 1, "http-404": 1, "robots.txt": 1}
        nights.forward(days=1)
    asked = Counter(exchange.path for exchange in room.exchanges)
    code, mail = mails[0]
    assert code == 3 and mail.count("\n") == 1 and "1 http-403, 1 http-404, 1 robots.txt" in mail
    assert mails[1:] == [(0, "")] * (len(mails) - 1)
    assert asked[unquote(shut.path)] == 0
    assert 3 < asked[unquote(gone.path)] <= 8 and 3 < asked[unquote(forbidden.path)] <= 8
    status = nights.baygan("status")
    assert status.code == 0 and "3 pages cannot be had" in status.out
    room.site.options.robots = ()
    room.be("calm")
    nights.forward(days=30)
    assert (nights()["new"], nights()["verdict"]) == (3, "complete")


def test_a_disallowed_page_is_fetched_once_robots_txt_is_another(nights: Nights) -> None:
    shut = nights.room.posts[2]
    nights.room.site.options.robots = (f"Disallow: {shut.path}",)
    assert nights(code=3)["refused"] == 1
    nights.room.site.options.robots = ()
    assert nights()["new"] == 1


def test_an_empty_page_is_asked_for_again_and_believed_in_the_end(nights: Nights) -> None:
    sick, well = nights.room.posts[:2]
    nights.room.be(empty, unquote(sick.path))
    nights.room.be(empty, unquote(well.path), times=1)
    verdicts = []
    for _ in range(10):
        verdicts.append(nights()["verdict"])
        nights.forward(days=1)
    assert verdicts == ["incomplete"] * 8 + ["complete"] * 2
    assert nights.baygan("status", "--json").lines[0]["coverage"]["refused"] == {"empty": 1}
    assert len(nights.baygan("export").lines) == POSTS


def test_an_empty_page_takes_no_article_s_place(nights: Nights) -> None:
    nights()
    post = nights.room.posts[2]
    nights.room.be(empty, unquote(post.path))
    assert nights("--again")["verdict"] == "incomplete"
    assert len(nights.versions(post.id)) == 1
    nights.room.be("calm")
    assert nights()["verdict"] == "complete"


def test_what_stands_is_told_once_and_again_when_it_comes_back(nights: Nights) -> None:
    nights()
    broken = always("500 Internal Server Error")
    told = []
    for mood in (broken, broken, "calm", broken):
        nights.room.be(mood, "/wp-json/*")
        done = nights.baygan("crawl")
        told.append((done.code, "REST stopped answering" in done.err))
    assert told == [(3, True), (0, False), (0, False), (3, True)]


def test_a_site_that_cannot_be_read_is_told_once_and_fails_every_night(nights: Nights) -> None:
    nights()
    nights.room.be("empty")
    first, second = nights.baygan("crawl"), nights.baygan("crawl")
    assert (first.code, second.code) == (1, 1)
    assert first.err and not second.err
    status = nights.baygan("status")
    assert status.code == 3 and "gave no answer" in status.out


RUNS = [
    (["3 pages failed"], ["complete:4 pages failed"], []),
    (["3 pages failed"], ["complete:4 pages failed", "complete:"], ["3 pages failed"]),
    (["3 pages failed"], ["complete:3 pages failed", "failed:no answer (timeout)"], []),
    (["post 7: lost"], ["complete:post 8: lost"], ["post 7: lost"]),
    (["12 of 40 gone", "a"], ["complete:13 of 45 gone"], ["a"]),
]


@pytest.mark.parametrize(("tonight", "before", "news"), RUNS)
def test_what_is_news(tonight: list[str], before: list[str], news: list[str]) -> None:
    runs = []
    for night in before:
        verdict, _, problem = night.partition(":")
        runs.append({"verdict": verdict, "problems": [problem] if problem else []})
    known = known_before(tonight, runs)
    assert [problem for problem in tonight if problem not in known] == news
