"""What happens on the site of the old archives: two runs of the old version, a third of today's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.post import Post
from tests.newsroom.site import Site

HOST, PORT = "127.7.7.7", 8117
ADDRESS = f"http://{HOST}:{PORT}/"
POSTS = 9
TOML = f'[sites.khabar]\nurl = "{ADDRESS}"\nallow_private = true\ndelay = 0\n'
SECOND = datetime(2026, 10, 3, 9, 30, tzinfo=UTC)
THIRD = datetime(2026, 10, 4, 18, 5, tzinfo=UTC)


@contextmanager
def newsroom() -> Iterator[Newsroom]:
    """The site as the first run found it."""
    with Newsroom(Site(POSTS, seed=11), host=HOST, port=PORT) as room:
        yield room


def before_the_second_run(room: Newsroom) -> None:
    """A story is rewritten, one goes, one comes."""
    site = room.site
    with _at(site, SECOND):
        site.edit(site.posts[3].id, lead="این خبر پس از نخستین گردش از نو نوشته شد.")
        site.unpublish(site.posts[5].id)
        site.add()


def before_the_third_run(room: Newsroom) -> tuple[Post, Post]:
    """The story that is rewritten then, and the one that comes."""
    site = room.site
    with _at(site, THIRD):
        edited = site.edit(site.posts[7].id, lead="این خبر را نسخهٔ تازهٔ برنامه باید دوباره بخواند.")
        return edited, site.add()


@contextmanager
def _at(site: Site, moment: datetime) -> Iterator[None]:
    """The site's clock stands at `moment`: what it writes is the same in every play."""
    clock, site.now = site.now, lambda: moment
    try:
        yield
    finally:
        site.now = clock
