"""The newsroom as one thing: a site, its moods, and the server that keeps the bytes."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from tests.newsroom.answer import Answer
from tests.newsroom.boilerplate import junk
from tests.newsroom.moods import MOODS, Mood, calm
from tests.newsroom.post import Post
from tests.newsroom.request import Request
from tests.newsroom.router import Router
from tests.newsroom.server import Exchange, Server
from tests.newsroom.site import Site

Where = str | Callable[[Request], bool] | None
"""Which requests: a path (``*`` at its end: all that begin so), a test, or None for all."""


@dataclass
class _Rule:
    mood: Mood
    matches: Callable[[Request], bool]
    left: int | None


class Newsroom:
    """A running news site, used as a context manager.

    >>> with Newsroom(Site(300)) as room:
    ...     room.be("503", "/robots.txt")
    ...     room.be("429", times=2)
    ...     crawl(room.url)
    ...     assert titles == {post.title for post in room.site.posts}
    ...     room.exchanges[0].response
    """

    def __init__(
        self,
        site: Site | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool | ssl.SSLContext = False,
        record: bool = True,
    ) -> None:
        self.site = site or Site()
        self.router = Router(self.site)
        self.server = Server(self.answer, host=host, port=port, tls=tls, record=record)
        self._rules: list[_Rule] = []
        self._lock = Lock()

    @property
    def url(self) -> str:
        """The site's front page."""
        return self.server.url

    @property
    def posts(self) -> list[Post]:
        """The truth: published, readable articles."""
        return self.site.posts

    @property
    def exchanges(self) -> list[Exchange]:
        return self.server.exchanges

    def junk(self, post: Post) -> list[str]:
        """Strings on the post's page that are not its text."""
        return junk(post)

    def be(
        self, mood: str | Mood, where: Where = None, *, times: int | None = None, **how: Any
    ) -> None:
        """From now on answer so; the latest rule that matches a request decides.

        ``mood`` is a name in `moods.MOODS` (``how``: its arguments) or a mood. ``times`` is how
        many requests it lasts. ``be("calm")`` covers everything said before.
        """
        chosen = MOODS[mood](**how) if isinstance(mood, str) else mood
        with self._lock:
            if where is None and times is None:
                self._rules.clear()
            self._rules.append(_Rule(chosen, _test(where), times))

    def answer(self, request: Request) -> Answer | None:
        """The server's handler."""
        return self._mood(request)(request, self.router.document(request))

    def start(self) -> None:
        self.server.start()
        self.site.home = self.server.url.rstrip("/")
        self.site.touch()

    def __enter__(self) -> "Newsroom":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.stop()

    def _mood(self, request: Request) -> Mood:
        if not self._rules:
            return calm
        with self._lock:
            for rule in reversed(self._rules):
                if rule.left != 0 and rule.matches(request):
                    if rule.left is not None:
                        rule.left -= 1
                    return rule.mood
        return calm


def _test(where: Where) -> Callable[[Request], bool]:
    if where is None:
        return lambda request: True
    if not isinstance(where, str):
        return where
    path = unquote(where.removesuffix("*"))
    if where.endswith("*"):
        return lambda request: request.path.startswith(path)
    return lambda request: request.path == path
