"""The site itself: its posts, its options, and what an editor may do to them while it runs."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from random import Random
from threading import RLock
from typing import Any, Literal

from tests.newsroom.jalali import jalali
from tests.newsroom.post import TEHRAN, Post, Status
from tests.newsroom.stories import NEWEST, write_post, write_posts
from tests.newsroom.words import AUTHORS, TOPICS

Broken = Literal["stray", "folded", "half"]
SitemapKind = Literal["core", "yoast", "rankmath", "aioseo", "broken", "none"]


@dataclass
class Options:
    """How the site is set up; change them while it runs, then call `Site.touch`.

    ``rest`` is ``open`` or the error code every REST route answers with. A REST page of more than
    ``per_page`` posts is refused (400), silently capped or a 500, as ``over`` says, and one with
    a post whose ID is in ``poison`` is a 500; REST lists no post in ``unlisted``.
    ``sitemap_size`` caps the addresses in one sitemap file (None: the plugin's own number).
    ``sitemap_dirty`` serves sitemaps as text/html with a byte order mark. ``lastmod`` is what
    dated sitemaps say of posts: the truth, what a Jalali plugin makes of it, one date for all, or
    years ahead. Articles are printed by ``theme``, if it is given. The front page is the ``blog``,
    or a ``magazine`` of one page with what is newest of some topics; ``archives`` lists posts by
    year. With the ``jalali`` calendar addresses begin with the Iranian year, month and day, and
    Gregorian ones answer too. ``robots`` are further lines for robots.txt. The clock that REST
    shows and compares with is of ``zone``. In ``broken`` are posts whose page the theme spoils:
    behind the first block a ``stray`` end tag, or all the rest ``folded`` away until a click, or
    not there (``half``).
    """

    rest: str = "open"
    per_page: int = 100
    over: Literal["refuse", "cap", "fail"] = "refuse"
    poison: tuple[int, ...] = ()
    unlisted: tuple[int, ...] = ()
    permalinks: Literal["pretty", "plain"] = "pretty"
    sitemap: SitemapKind = "core"
    sitemap_size: int | None = None
    sitemap_gzip: bool = False
    sitemap_dirty: bool = False
    lastmod: Literal["true", "garbage", "same", "future"] = "true"
    feed: bool = True
    front: Literal["blog", "magazine"] = "blog"
    archives: bool = True
    calendar: Literal["gregorian", "jalali"] = "gregorian"
    robots: tuple[str, ...] = ()
    zone: timezone = TEHRAN
    broken: dict[int, Broken] = field(default_factory=dict)
    theme: Callable[[Post, list[Post]], bytes] | None = None


@dataclass
class Site:
    """The truth. ``posts`` are the articles a crawl must have; ``hidden`` those it never may.

    ``count`` posts and ``custom`` more of the type ``khabar`` are written from ``seed``. ``now``
    is the site's clock: what it edits is stamped by it, and so is every answer's Date.
    """

    count: int = 30
    seed: int = 1
    custom: int = 0
    home: str = ""
    options: Options = field(default_factory=Options)
    name: str = "خبرخانهٔ بامداد"
    tagline: str = "تازه‌ترین خبرها از چهارگوشهٔ ایران"
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        self.lock = RLock()
        self.version = 0
        self._orders: tuple[int, list[Post], dict[int, int]] | None = None
        self._random = Random(self.seed + 1)
        self._slugs: set[str] = set()
        self._titles: set[str] = set()
        self._all: dict[int, Post] = {}
        self.renamed: dict[str, int] = {}
        """Old permalinks and the IDs of the posts that stood there."""
        for post in write_posts(self.count + self.custom, self.seed):
            self._keep(post)
        for post in list(self._all.values())[self.count :]:
            self._keep(replace(post, type="khabar"))
        self._write_the_rest()

    # What is there.

    @property
    def posts(self) -> list[Post]:
        """Published, readable articles in the order of their IDs."""
        return [post for post in self.listed() if not post.password]

    @property
    def protected(self) -> list[Post]:
        """Published behind a password: listed everywhere, their text shown nowhere."""
        return [post for post in self.listed() if post.password]

    @property
    def hidden(self) -> list[Post]:
        """Drafts, private, pending, future and trashed posts: listed nowhere."""
        return [post for post in self._all.values() if not post.listed]

    def listed(self, *types: str) -> list[Post]:
        """Everything published of these types (default: all article types), by ID."""
        wanted = types or self.article_types
        found = (p for p in self._all.values() if p.listed and p.type in wanted)
        return sorted(found, key=lambda post: post.id)

    def latest(self) -> list[Post]:
        """The article posts, newest first."""
        return self._ordered()[1]

    def around(self, post: Post, *steps: int) -> list[Post]:
        """Other articles so many places away in the order of publication, round the corner."""
        _, newest, places = self._ordered()
        at = places.get(post.id, 0)
        return [newest[(at + step) % len(newest)] for step in steps]

    def _ordered(self) -> tuple[int, list[Post], dict[int, int]]:
        if self._orders is None or self._orders[0] != self.version:
            newest = sorted(self.listed(), key=lambda post: (post.published, post.id), reverse=True)
            places = {post.id: place for place, post in enumerate(newest)}
            self._orders = (self.version, newest, places)
        return self._orders

    def find(self, number: int) -> Post | None:
        """Any post, page or attachment by its ID, hidden ones too."""
        return self._all.get(number)

    @property
    def article_types(self) -> tuple[str, ...]:
        return ("post", "khabar") if self.custom else ("post",)

    def url(self, post: Post) -> str:
        """The permalink as the site publishes it."""
        if self.options.permalinks == "plain":
            return f"{self.home}/?p={post.id}"
        return self.home + self.paths(post)[0]

    def paths(self, post: Post) -> list[str]:
        """Where the post answers: its permalink's path, and the other calendar's."""
        if self.options.calendar == "gregorian" or post.type != "post":
            return [post.path]
        year, month, day = jalali(post.published.astimezone(TEHRAN).date())
        return [f"/{year}/{month:02}/{day:02}/{post.slug}/", post.path]

    @cached_property
    def authors(self) -> dict[str, int]:
        """Display names and user IDs."""
        return {name: number for number, name in enumerate(AUTHORS, 2)}

    @cached_property
    def categories(self) -> dict[str, int]:
        return {topic.name: number for number, topic in enumerate(TOPICS, 2)}

    @cached_property
    def tags(self) -> dict[str, int]:
        names = [tag for topic in TOPICS for tag in topic.tags]
        return {name: number for number, name in enumerate(dict.fromkeys(names), 40)}

    # What an editor does.

    def touch(self) -> None:
        """Say that something changed: pages rendered so far are stale."""
        with self.lock:
            self.version += 1

    def add(self, **changes: Any) -> Post:
        """Publish a new story now, with a new ID; ``changes`` are fields of `Post`."""
        with self.lock:
            moment = self.now().replace(microsecond=0)
            number = max(self._all) + 1
            post = write_post(self._random, number, moment, self._slugs, self._titles)
            post = replace(post, **{"modified": moment, **changes})
            self._keep(post)
            self.touch()
            return post

    def edit(self, number: int, *, silent: bool = False, **changes: Any) -> Post:
        """Change fields of a post; ``modified`` moves to now unless ``silent`` or given."""
        with self.lock:
            post = self._all[number]
            if not silent:
                changes.setdefault("modified", self.now().replace(microsecond=0))
            changed = replace(post, **changes)
            if changed.path != post.path:
                self.renamed[post.path] = number
            self._keep(changed)
            self.touch()
            return changed

    def unpublish(self, number: int, status: Status = "trash") -> Post:
        """Take a post off the site but keep it: trash, draft or private."""
        return self.edit(number, status=status)

    def remove(self, number: int) -> Post:
        """Erase a post for good."""
        with self.lock:
            post = self._all.pop(number)
            self.touch()
            return post

    def _keep(self, post: Post) -> None:
        self._all[post.id] = post
        self._slugs.add(post.slug)
        self._titles.add(post.title)

    def _write_the_rest(self) -> None:
        """One post of every kind a crawler must not take, and three things that are no article."""
        extra: list[dict[str, Any]] = [{"status": "draft"}, {"status": "private"}]
        extra += [{"status": "pending"}, {"status": "future"}, {"password": "بامداد"}]
        extra += [{"type": "page", "slug": "about"}, {"type": "product", "slug": "calendar"}]
        extra += [{"type": "attachment", "slug": "photo"}]
        for number, fields in enumerate(extra):
            moment = NEWEST + timedelta(minutes=number + 1)
            self.add(**{"published": moment, "modified": moment, **fields})
