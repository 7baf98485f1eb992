"""A whole site whose REST is closed: the sitemap names every post, and the page its number."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from . import WordPress
from .score import expected, score
from .visit import Reader, Visit

Crawled = tuple[Reader, Visit, Visit]


@pytest.fixture(scope="module")
def crawled(wordpress: WordPress, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """Two crawls of the bed while every REST route answers 401."""
    reader = Reader.of(wordpress, tmp_path_factory.mktemp("closed"))
    wordpress.close_rest()
    try:
        yield reader, reader.visit(), reader.visit()
    finally:
        wordpress.close_rest(False)


def test_every_published_post_is_archived_once(crawled: Crawled) -> None:
    reader, first, _ = crawled
    assert (first.outcome.code, first.outcome.out, first.outcome.err) == (0, "", ""), first
    lines = reader.by_id()
    assert sorted(lines) == [post.id for post in reader.wordpress.truth]
    for post in reader.wordpress.truth:
        line = lines[post.id]
        assert (line["id"], line["url"]) == (f"news/post/{post.id}", post.url)
        assert line["title"].endswith(post.title)
        assert ("protected" in line["flags"]) == post.protected
        assert bool(line["text"]) != post.protected


def test_dates_are_right_or_missing(crawled: Crawled) -> None:
    reader, *_ = crawled
    lines = reader.by_id()
    posts = [post for post in reader.wordpress.truth if not post.protected]
    assert [post for post in posts if lines[post.id]["published"] != post.date_gmt] == []
    told = [post for post in posts if lines[post.id]["modified"]]
    wrong = [post.id for post in told if lines[post.id]["modified"] != post.modified_gmt]
    assert wrong == [], f"{len(wrong)} of {len(told)} times of modification are wrong"


def test_texts_are_the_posted_ones(crawled: Crawled) -> None:
    reader, *_ = crawled
    lines = reader.by_id()
    scores = [score(post, lines[post.id]) for post in reader.wordpress.truth if expected(post)]
    faults = [str(one) for one in scores if one.f1 < 0.99 or one.lost or one.junk]
    assert faults == []


def test_each_page_is_asked_for_once(crawled: Crawled) -> None:
    reader, first, again = crawled
    assert len(first.pages) == len(reader.wordpress.truth)
    assert {seen.status for seen in first.pages} == {200}
    assert len(first.others) <= 8, first
    assert (again.outcome.code, again.outcome.out, again.outcome.err) == (0, "", ""), again
    assert again.pages == []
    assert len(again.others) <= 4, again
