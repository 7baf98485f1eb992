"""What the counts alone do not show is swept; what they show is found by halving."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.folder import Archive
from archive.index.frontier import ListedPost
from archive.outcomes import PageState
from archive.writer.site_writer import SiteWriter
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import calm
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.post import TEHRAN
from tests.newsroom.request import Request
from tests.newsroom.site import Site
from tests.nights import Nights, after_the_first

POSTS = 130


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    """A site that needs two listing pages; the next night is the second, a day later."""
    with after_the_first(POSTS, tmp_path / "archive") as nights:
        nights.forward(days=1)
        yield nights


def known(folder: Path, site: Site) -> None:
    """Make an archive's index say that a night took all of `site`, every page of it kept."""
    with SiteWriter(Archive(folder).site("news")) as writer:
        writer.index.add(
            ListedPost(
                url=site.url(post),
                post_type="post",
                post_id=post.id,
                published=post.published,
                modified=post.modified,
                local=f"{post.published.astimezone(TEHRAN):%Y-%m-%dT%H:%M:%S}",
            )
            for post in site.listed("post")
        )
        with writer.index.transaction():
            for post in site.listed("post"):
                writer.index.settle(site.url(post), PageState.KEPT)
        state = writer.index.crawl_state
        posts = state.of_type("post")
        posts.watermark = posts.swept = datetime.now(UTC)
        probe = {"home": f"{site.home}/", "root": f"{site.home}/wp-json/", "feed": ""}
        types = [{"name": "post", "route": "wp/v2/posts"}]
        fields = probe | {"wordpress": True, "types": types}
        state.remember_profile(fields, datetime.now(UTC))


@pytest.mark.sister
def test_three_of_twenty_thousand_are_found_by_counting(tmp_path: Path) -> None:
    with Newsroom(Site(20_000)) as room:
        nights = Nights(room, tmp_path / "archive")
        known(tmp_path / "archive", room.site)
        gone = [room.posts[place].id for place in (777, 9_876, 19_000)]
        for number in gone:
            room.site.remove(number)
        writer = nights()
        assert (writer["gone"], writer["verdict"]) == (3, "complete")
        assert [entry["post_id"] for entry in nights.ledger] == gone
        assert len(nights.asked) <= 40, len(nights.asked)


def test_the_weekly_sweep_sees_one_in_and_one_out(tmp_path: Path) -> None:
    site = Site(POSTS)
    draft, gone = site.posts[5], site.posts[17]
    site.unpublish(draft.id, "draft")
    with Newsroom(site) as room:
        nights = Nights(room, tmp_path / "archive")
        assert nights()["new"] == POSTS
        nights.forward(days=1)
        site.edit(draft.id, silent=True, status="publish", modified=draft.modified)
        site.remove(gone.id)
        writer = nights()
        assert (writer["new"], writer["gone"]) == (0, 0)  # the total is as it was
        nights.forward(days=6)
        writer = nights()
        assert (writer["new"], writer["gone"], writer["verdict"]) == (1, 1, "complete")
        assert len(nights.asked) - 1 <= 2 + 6, nights.asked  # without the page of the new one
        nights.forward(days=1)
        nights()
        assert len(nights.asked) <= 4


def test_posts_removed_while_a_listing_is_read_hide_no_others(tmp_path: Path) -> None:
    """The site moves behind the first page of its first listing."""
    site = Site(320)
    moved: list[str] = []

    def moving(request: Request, document: Document) -> Answer:
        answer = calm(request, document)
        listing = "orderby=id" in request.target and "order=asc" in request.target
        if listing and not moved:
            moved.append(request.target)
            for post in site.listed()[3:10]:
                site.remove(post.id)
            for _ in range(7):
                site.add()
        return answer

    with Newsroom(site) as room:
        room.be(moving, "/wp-json/wp/v2/posts")
        nights = Nights(room, tmp_path / "archive")
        writer = nights(code=None)
        live = {post.id for post in site.listed()}
        exported = {line["post_id"] for line in nights.baygan("export").lines}
        assert moved and live <= exported
        assert writer["failed"] == 7  # they were listed, and gone when they were asked for
        listings = [path for path in nights.asked if path == "/wp-json/wp/v2/posts"]
        assert len(listings) <= 2 * 4 + 1
        writer = nights()
        assert (writer["gone"], writer["verdict"], writer["coverage"]["missing"]) == (
            7,
            "complete",
            7,
        )


def test_an_edit_that_moves_modified_back_is_seen_by_the_sweep(nights: Nights) -> None:
    post = nights.room.posts[20]
    nights.room.site.edit(post.id, title="تیتر نسخهٔ بازگردانده", modified=post.published)
    nights.room.site.edit(nights.room.posts[0].id, comments=())
    nights.forward(days=7)
    assert nights()["changed"] == 1
    assert len(nights.versions(post.id)) == 2


def test_a_clock_that_was_ahead_hides_nothing(nights: Nights) -> None:
    nights.forward(days=30)
    nights()
    nights.forward(days=-30)
    nights.room.site.edit(nights.room.posts[3].id, title="تیتری پس از درست شدن ساعت")
    assert nights()["changed"] == 1
