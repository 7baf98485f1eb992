"""Every way to a site's posts: two post types, pretty addresses and plain ones, closed sources,
capped listings, two calendars, a path. Every post once, and not a request too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from math import ceil
from pathlib import Path

import pytest
from persiantools.jdatetime import JalaliDate

from tests.sister import sisters

from . import Plan, Post, WordPress
from .clock import TEHRAN
from .conftest import require_packages
from .days import new
from .score import expected, score
from .seeding import PRETTY
from .visit import Reader, Visit

LOOK = 8  # requests for a look at a site


def check(reader: Reader, visit: Visit, posts: list[Post]) -> None:
    """`posts` are in the archive, each once and with its text, and each was asked for once."""
    assert (visit.outcome.code, visit.outcome.out, visit.outcome.err) == (0, "", ""), visit
    lines = reader.by_id()
    told = {(line["id"], line["post_type"], line["url"]) for line in lines.values()}
    assert told == {(f"news/{post.type}/{post.id}", post.type, post.url) for post in posts}
    scores = [score(post, lines[post.id]) for post in posts if expected(post)]
    assert [str(one) for one in scores if one.f1 < 0.99 or one.lost or one.junk] == []
    assert [seen.status for seen in visit.pages] == [200] * len(posts)


@pytest.mark.parametrize("closed", [False, True], ids=["rest", "sitemap"])
@pytest.mark.parametrize("addresses", [PRETTY, *sisters("")])
def test_both_types_are_archived(
    changing: WordPress, tmp_path: Path, addresses: str, closed: bool
) -> None:
    changing.use_permalinks(addresses)
    changing.close_rest(closed)
    reader = Reader.of(changing, tmp_path)
    first, again = reader.visit(), reader.visit()
    check(reader, first, changing.truth)
    types = [post.type for post in changing.truth]
    # A listing is read until a page is not full: the count alone does not prove where it ends.
    listings = sum(types.count(kind) // 100 + 1 for kind in set(types))
    assert len(first.others) <= LOOK + listings, first
    assert (again.outcome.code, again.pages) == (0, []), again
    # Plain robots.txt is redirected, and nobody tells the sitemap's plain address without REST.
    plain = (2 if closed else 1) if not addresses else 0
    # One listing page shows all posts of a small type; what is new of a large one takes three.
    small = sum(types.count(kind) <= 100 for kind in set(types))
    assert len(again.others) <= 1 + 3 * len(set(types)) - 2 * min(small, 1) + plain, again


@pytest.fixture
def closed(changing: WordPress) -> WordPress:
    """The town without its reports: feeds and lists do not name a type of its own."""
    changing.apply([{"do": "reports", "on": False}])
    changing.close_rest()
    return changing


def posts_of(bed: WordPress) -> list[Post]:
    return [post for post in bed.truth if post.type == "post"]


def test_by_the_feed_alone(closed: WordPress, tmp_path: Path) -> None:
    closed.switch(sitemap_closed=True)
    reader = Reader.of(closed, tmp_path)
    posts = posts_of(closed)
    first, again = reader.visit(), reader.visit()
    check(reader, first, posts)
    assert len(first.others) <= len(posts) / 10 + 5 + LOOK, first
    assert (again.outcome.code, again.pages) == (0, []), again
    assert len(again.others) <= 5, again


def test_by_the_lists_alone(closed: WordPress, tmp_path: Path) -> None:
    closed.switch(sitemap_closed=True, feed_closed=True)
    reader = Reader.of(closed, tmp_path)
    posts = posts_of(closed)
    first, again = reader.visit(), reader.visit()
    check(reader, first, posts)
    assert len(first.others) <= len(posts) / 10 + 15 + LOOK, first
    assert (again.outcome.code, again.pages) == (0, []), again


@pytest.mark.parametrize("cap", ["page_cap", *sisters("silent_cap")])
def test_ten_posts_a_listing_page(changing: WordPress, tmp_path: Path, cap: str) -> None:
    changing.switch(**{cap: 10})
    reader = Reader.of(changing, tmp_path)
    first, again = reader.visit(), reader.visit()
    check(reader, first, changing.truth)
    assert len(first.others) <= len(changing.truth) / 10 + 2 + LOOK + 3, first
    assert (again.outcome.code, again.pages) == (0, []), again


@pytest.mark.parametrize("source", ["rest", *sisters("sitemap"), "lists"])
def test_jalali_addresses(changing: WordPress, tmp_path: Path, source: str) -> None:
    if source == "lists":
        changing.apply([{"do": "reports", "on": False}])
        changing.switch(sitemap_closed=True, feed_closed=True)
    changing.close_rest(source != "rest")
    changing.switch_calendar()
    posts = changing.truth if source != "lists" else posts_of(changing)
    reader = Reader.of(changing, tmp_path)
    first, again = reader.visit(), reader.visit()
    check(reader, first, posts)
    told = {number: line["published"] for number, line in reader.by_id().items()}
    for post in posts:
        # A page of the custom type shows no date: null rather than wrong.
        missing = post.type != "post" or post.protected
        assert told[post.id] == post.date_gmt or (missing and told[post.id] is None)
    assert (again.outcome.code, again.pages) == (0, []), again


def test_the_bed_writes_jalali_addresses_right(changing: WordPress) -> None:
    changing.switch_calendar()
    posts = posts_of(changing)
    assert len({post.url for post in posts}) == len(posts)
    for post in posts:
        published = datetime.fromisoformat(post.date_gmt).astimezone(TEHRAN)
        day = JalaliDate(published.date())  # type: ignore[no-untyped-call]
        assert f"/{day.year}/{day.month:02}/{day.day:02}/" in post.url


def test_another_calendar_makes_no_other_posts(changing: WordPress, tmp_path: Path) -> None:
    reader = Reader.of(changing, tmp_path)
    assert reader.visit().outcome.code == 0
    changing.switch_calendar()
    visit = reader.next_night()
    assert visit.outcome.code == 0, visit
    assert sorted(reader.by_id()) == sorted(post.id for post in changing.truth)


@pytest.fixture(scope="module")
def below_a_path(tmp_path_factory: pytest.TempPathFactory, long: bool) -> Iterator[WordPress]:
    """WordPress below /akhbar/ of its host, whose root is somebody else's."""
    require_packages()
    plan = Plan(posts=1200 if long else 30, path="/akhbar")
    with WordPress.start(tmp_path_factory.mktemp("path"), plan) as bed:
        yield bed


@pytest.mark.parametrize("closed", [False, *sisters(True)])
def test_below_a_path(below_a_path: WordPress, tmp_path: Path, closed: bool) -> None:
    below_a_path.close_rest(closed)
    reader = Reader.of(below_a_path, tmp_path)
    first, again = reader.visit(), reader.visit()
    check(reader, first, below_a_path.truth)
    assert len(first.others) <= LOOK + ceil(len(below_a_path.truth) / 100), first
    assert (again.outcome.code, again.pages) == (0, []), again
    assert [seen for seen in first.others if not seen.path.startswith("/akhbar/")] == [
        seen for seen in first.others if seen.path == "/robots.txt"
    ]


def test_a_new_post_is_found_the_next_time(changing: WordPress, tmp_path: Path) -> None:
    reader = Reader.of(changing, tmp_path)
    assert len(reader.visit().pages) == len(changing.truth)
    command = new(7_000, "2026-01-02 09:00:00")
    [answer] = changing.apply([command])
    visit = reader.visit()
    assert (visit.outcome.code, visit.outcome.out, visit.outcome.err) == (0, "", ""), visit
    assert len(visit.pages) == 1
    # robots.txt and the post; a type of up to a hundred posts is one listing, a larger one three.
    sizes = Counter(post.type for post in changing.truth).values()
    listings = sum(1 if size <= 100 else 3 for size in sizes)
    assert len(visit.pages + visit.others) <= 2 + listings, visit
    line = reader.by_id()[answer["id"]]
    assert (line["title"], line["text"]) == (command["title"], "\n\n".join(command["paragraphs"]))
    assert len(reader.lines()) == len(changing.truth)
