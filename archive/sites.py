"""What sites.toml says: the sites, who keeps them, and who is told (read by sites_toml.py)."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from archive.errors import UnknownSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One news site as sites.toml describes it; only `url` is required there.

    `delay` is the time in seconds from the start of one request to the start of the next.
    `types` limits the post types; `since` is the first day to keep (in Iran); `skip` leaves out
    addresses that contain one of its strings. `remove` and `content` are CSS selectors for
    cleaning. `sitemap` names a sitemap that robots.txt does not name. `budget` is the most
    requests of one run. `proxy` is an HTTP proxy, with user and password if it needs them.
    `assets` is `images` to keep the articles' images, too, or `page` to keep all that a page
    needs. `allow_private` allows addresses that are not public (127.0.0.1, 10.…), for tests and
    intranets.
    """

    name: str
    url: str
    delay: float = 1.0
    since: date | None = None
    skip: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    content: str | None = None
    sitemap: str | None = None
    budget: int | None = None
    proxy: str | None = field(default=None, repr=False)
    assets: str | None = None
    verify_tls: bool = True
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Who is told of each crawl: [notify] in sites.toml.

    `on_end` is a command that gets the account of the crawl on its stdin. `healthcheck` is the
    address of a check that is pinged (healthchecks.io, or a server of your own); it is a secret.
    `textfile` is a file for Prometheus, relative to the archive. `seconds` is how long the command
    may take before it is killed.
    """

    on_end: tuple[str, ...] = ()
    healthcheck: str | None = field(default=None, repr=False)
    textfile: str | None = None
    seconds: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of sites.toml: who keeps the archive, how much free space its disk must have
    (`min_free`, a size such as `1 GiB` or `5 %`), where finished files are that are not here
    (`storage`), who is told of each crawl, and the sites by name."""

    title: str | None = None
    operator: str | None = None
    contact: str | None = None
    min_free: str | None = None
    storage: str | None = None
    notify: Notify = field(default_factory=Notify)
    sites: dict[str, Site] = field(default_factory=dict)

    def site(self, name: str) -> Site:
        """The site called `name`; UnknownSite with a suggestion if there is none."""
        if name in self.sites:
            return self.sites[name]
        known = ", ".join(self.sites) or "none yet; add one with: baygan add URL"
        raise UnknownSite(
            f"no site '{name}' in sites.toml.{meant(name, self.sites)} Sites: {known}"
        )


def meant(word: str, words: Iterable[str]) -> str:
    """A question that names the one of `words` that is like `word`; empty if none is.

    >>> meant("dealy", ("delay", "since"))
    " Did you mean 'delay'?"
    """
    close = difflib.get_close_matches(word, list(words), n=1)
    return f" Did you mean '{close[0]}'?" if close else ""
