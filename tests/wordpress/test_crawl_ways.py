"""Every way to a site's posts: two post types, pretty addresses and plain ones, REST or none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from . import Plan, WordPress
from .conftest import require_packages
from .score import expected, score
from .seeding import PRETTY
from .visit import Reader

POSTS, REPORTS = 30, 8


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    """A bed of posts and reports (the custom type gozaresh), to be changed at will."""
    require_packages()
    folder = tmp_path_factory.mktemp("ways")
    with WordPress.start(folder, Plan(posts=POSTS, reports=REPORTS)) as bed:
        yield bed


@pytest.mark.parametrize("closed", [False, True], ids=["rest", "sitemap"])
@pytest.mark.parametrize("addresses", [PRETTY, ""], ids=["pretty", "plain"])
def test_both_types_are_archived(
    small: WordPress, tmp_path_factory: pytest.TempPathFactory, addresses: str, closed: bool
) -> None:
    small.use_permalinks(addresses)
    small.close_rest(closed)
    reader = Reader.of(small, tmp_path_factory.mktemp("archive"))
    first, again = reader.visit(), reader.visit()
    for visit in (first, again):
        assert (visit.outcome.code, visit.outcome.out, visit.outcome.err) == (0, "", ""), visit
    lines = reader.by_id()
    told = {(line["id"], line["post_type"], line["url"]) for line in lines.values()}
    truth = {(f"news/{post.type}/{post.id}", post.type, post.url) for post in small.truth}
    assert told == truth
    scores = [score(post, lines[post.id]) for post in small.truth if expected(post)]
    assert [str(one) for one in scores if one.f1 < 0.99 or one.lost or one.junk] == []
    assert [seen.status for seen in first.pages] == [200] * (POSTS + REPORTS)
    listings = 2  # one a type
    assert len(first.others) <= 8 + listings, first
    assert again.pages == []
    # Without REST nobody tells the sitemap's plain address: it is looked for.
    assert len(again.others) <= (7 if closed and not addresses else 4), again


def test_a_new_post_is_found_the_next_time(
    small: WordPress, tmp_path_factory: pytest.TempPathFactory
) -> None:
    small.use_permalinks(PRETTY)
    small.close_rest(False)
    reader = Reader.of(small, tmp_path_factory.mktemp("archive"))
    assert len(reader.visit().pages) == len(small.truth)
    words = ["کتابخانه‌ای تازه در خیابان کاج باز شد.", "درهای آن تا نیمه‌شب به روی همه گشوده است."]
    news = {"do": "post", "title": "کتابخانه شبانه", "author": "negar", "paragraphs": words}
    body = "".join(f"<p>{word}</p>" for word in words)
    [new] = small.apply([news | {"content": body, "date": "2026-01-02 09:00:00"}])
    visit = reader.visit()
    assert (visit.outcome.code, visit.outcome.out, visit.outcome.err) == (0, "", ""), visit
    assert len(visit.pages) == 1
    assert len(visit.pages + visit.others) <= 6, visit
    line = reader.by_id()[new["id"]]
    assert (line["title"], line["text"]) == ("کتابخانه شبانه", "\n\n".join(words))
    assert len(reader.lines()) == len(small.truth)
