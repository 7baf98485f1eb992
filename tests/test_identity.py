"""A post is its type and ID: its address may be given away, taken back, exchanged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.newsroom.post import Post
from tests.newsroom.site import Site
from tests.nights import Nights, after_the_first

POSTS = 12
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    """The second night is next: the newsroom's posts are all in the archive."""
    with after_the_first(POSTS, tmp_path / "archive") as nights:
        yield nights


def in_place_of(site: Site, post: Post, **changes: Any) -> Post:
    """A new story at the address at which `post` stood."""
    return site.add(slug=post.slug, published=post.published, **changes)


def balanced(night: dict[str, Any]) -> bool:
    """Whether the night is complete and its equation leaves nothing over."""
    [balance] = night["coverage"]["balance"].values()
    return bool(night["verdict"] == "complete" and balance["unaccounted"] == balance["due"] == 0)


def title_of(nights: Nights, number: int) -> str:
    title: str = json.loads(nights.baygan("show", "--json", f"news/post/{number}").out)["title"]
    return title


def reused(nights: Nights) -> list[Post]:
    """A post goes to the trash, and another is published at its address."""
    site, old = nights.room.site, nights.room.posts[3]
    site.unpublish(old.id)
    return [in_place_of(site, old)]


def exchanged(nights: Nights) -> list[Post]:
    """Two posts have each other's address."""
    site, (one, other) = nights.room.site, nights.room.posts[3:5]
    site.edit(one.id, slug=other.slug, published=other.published)
    site.edit(other.id, slug=one.slug, published=one.published)
    return [one, other]


def renamed_and_reused(nights: Nights) -> list[Post]:
    """A post gets another address, and a new one its old address."""
    site, old = nights.room.site, nights.room.posts[3]
    return [site.edit(old.id, slug="a-new-name"), in_place_of(site, old)]


def given_away_twice(nights: Nights) -> list[Post]:
    """An address belongs to a third post before the second was ever fetched."""
    site, old = nights.room.site, nights.room.posts[3]
    site.unpublish(old.id)
    second = in_place_of(site, old)
    site.unpublish(second.id)
    return [in_place_of(site, old)]


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (reused, 1),
        (exchanged, 0),
        pytest.param(renamed_and_reused, 0, marks=pytest.mark.sister),
        pytest.param(given_away_twice, 1, marks=pytest.mark.sister),
    ],
    ids=lambda told: getattr(told, "__name__", ""),
)
def test_an_address_that_another_post_has(
    nights: Nights, change: Callable[[Nights], list[Post]], gone: int
) -> None:
    """Four nights: kept under their own IDs, one entry a removed post, and silence."""
    old = nights.room.posts[3]
    there = change(nights)
    total = len(nights.room.site.listed())
    for night in range(4):
        nights.forward(days=1)
        told = nights()
        assert balanced(told), told["coverage"]
        assert (len(nights.ledger), nights.fetched > 0) == (gone, night == 0)
    assert len(nights.baygan("export").lines) == total + gone
    for post in there:
        assert title_of(nights, post.id) == post.title
    assert title_of(nights, old.id) == old.title
    at_home = nights.room.site.find(there[-1].id)
    assert at_home
    shown = nights.baygan("show", "--json", nights.room.site.url(at_home)).out
    assert json.loads(shown)["post_id"] == at_home.id
    assert nights.baygan("check").code == 0
    rebuilt = nights.baygan("rebuild", "--dry-run", "--json").lines[0]
    assert (rebuilt["new"], rebuilt["changed"], rebuilt["gone"]) == (0, 0, 0)


def test_a_post_found_while_rest_was_closed_gets_its_id(nights: Nights) -> None:
    site = nights.room.site
    site.options.rest = "rest_login_required"
    found = site.add()
    nights.forward(days=1)
    assert nights(code=None)["new"] == 1
    site.options.rest = "open"
    for _ in range(3):
        nights.forward(days=2)
        night = nights()
        assert balanced(night), night["coverage"]
        assert nights.fetched == 0
    assert title_of(nights, found.id) == found.title


def test_an_address_that_was_given_away_while_rest_was_closed(nights: Nights) -> None:
    site, old = nights.room.site, nights.room.posts[3]
    site.unpublish(old.id)
    nights.forward(days=1)
    assert nights()["gone"] == 1
    site.options.rest = "rest_login_required"
    new = in_place_of(site, old)
    nights.forward(days=1)
    assert nights(code=None)["new"] == 1
    site.options.rest = "open"
    for _ in range(2):
        nights.forward(days=2)
        night = nights()
        assert balanced(night), night["coverage"]
    assert [entry["post_id"] for entry in nights.ledger] == [old.id]
    assert (title_of(nights, old.id), title_of(nights, new.id)) == (old.title, new.title)
    index = nights.baygan.folder / "news" / "index.db"
    for path in index.parent.glob("index.db*"):
        path.unlink()
    night = nights()
    assert balanced(night) and nights.fetched == 0
