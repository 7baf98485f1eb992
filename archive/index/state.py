"""What a crawl remembers of a site from one run to the next, beside its pages.

Each fact is a JSON value under a name in the table `facts`. The names are part of index.db; no
other file uses them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, NotRequired, TypedDict

from archive.database.database import Database
from archive.times.days import utc

FACTS = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
MANIFEST_SIZE = "manifest"
"""The name under which the length of manifest.jsonl is stored."""


class StoredProfile(NamedTuple):
    """What was found out about a site: the `fields` of a `SiteProfile` as JSON values, and when
    that was, by our own clock."""

    fields: dict[str, Any]
    at: datetime


class SomeAddresses(TypedDict):
    """How many addresses there are, and a few of them."""

    count: int
    examples: list[str]


class Crosscheck(TypedDict):
    """REST compared with the sitemaps, as it stands in runs.jsonl. `read` is when that was, by
    the site's clock (ISO 8601); `listed` how many addresses the sitemaps named; `left` how many
    addresses that REST does not list are still to be taken."""

    source: str
    read: str
    listed: int
    only_in_sitemap: SomeAddresses
    only_in_rest: SomeAddresses
    left: NotRequired[int]


class SitemapReading(NamedTuple):
    """The sitemaps when they were last read. `files` are those that were read to their end, each
    with the lastmod in its index; `whole` is when all of them were read, `clock` when some were
    last read, both by the site's clock."""

    files: dict[str, str | None]
    whole: datetime | None
    clock: datetime | None


class _Facts:
    """The table of one site in its `database`; None is returned for what is not remembered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def _get(self, name: str) -> Any:
        rows = self._database.rows("SELECT value FROM facts WHERE name = ?", (name,))
        return json.loads(rows[0]["value"]) if rows else None

    def _set(self, name: str, value: Any) -> None:
        if value != self._get(name):
            self._database.run(
                "INSERT OR REPLACE INTO facts VALUES (?, ?)",
                (name, json.dumps(value, ensure_ascii=False)),
            )

    def _instant(self, name: str) -> datetime | None:
        told = self._get(name)
        return datetime.fromisoformat(told) if told else None

    def _set_instant(self, name: str, instant: datetime | None) -> None:
        self._set(name, instant and instant.isoformat())


class PostTypeState(_Facts):
    """What is remembered of one post type of REST. All instants are by the site's clock."""

    def __init__(self, database: Database, post_type: str) -> None:
        super().__init__(database)
        self._type = post_type

    @property
    def watermark(self) -> datetime | None:
        """The instant since which edits are asked for; None before the first complete run."""
        return self._instant(f"watermark {self._type}")

    @watermark.setter
    def watermark(self, instant: datetime) -> None:
        self._set_instant(f"watermark {self._type}", instant)

    @property
    def swept(self) -> datetime | None:
        """When all posts were last listed, and the listing could be believed."""
        return self._instant(f"swept {self._type}")

    @swept.setter
    def swept(self, instant: datetime) -> None:
        self._set_instant(f"swept {self._type}", instant)

    @property
    def miscounted(self) -> bool:
        """Whether the total that the site tells is not what it lists."""
        return bool(self._get(f"miscounted {self._type}"))

    @miscounted.setter
    def miscounted(self, miscounted: bool) -> None:
        self._set(f"miscounted {self._type}", miscounted or None)

    @property
    def nameless(self) -> int:
        """How many entries of the last whole listing had no ID."""
        return self._get(f"nameless {self._type}") or 0

    @nameless.setter
    def nameless(self, count: int) -> None:
        self._set(f"nameless {self._type}", count or None)

    @property
    def collapsed(self) -> datetime | None:
        """Since when so many posts are missing at once that it is not believed; None if they are
        not."""
        return self._instant(f"collapsed {self._type}")

    @collapsed.setter
    def collapsed(self, since: datetime | None) -> None:
        self._set_instant(f"collapsed {self._type}", since)


class CrawlState(_Facts):
    """What is remembered of one site in its `database`."""

    def of_type(self, post_type: str) -> PostTypeState:
        """What is remembered of one post type."""
        return PostTypeState(self._database, post_type)

    @property
    def profile(self) -> StoredProfile | None:
        """What was last found out about the site; None if it must be looked at again."""
        told = self._get("probe")
        return StoredProfile(told, datetime.fromisoformat(told.pop("at"))) if told else None

    def remember_profile(self, fields: Mapping[str, Any], at: datetime) -> None:
        """Store the fields of a SiteProfile that were found out at this instant."""
        self._set("probe", {**fields, "at": at.isoformat()})

    def forget_profile(self) -> None:
        """Let the next run look at the site again."""
        self._set("probe", None)

    @property
    def robots_sitemaps(self) -> list[str]:
        """The addresses of the sitemaps that robots.txt names."""
        return self._get("sitemaps") or []

    @robots_sitemaps.setter
    def robots_sitemaps(self, urls: Iterable[str]) -> None:
        self._set("sitemaps", list(urls))

    @property
    def refused_types(self) -> list[str]:
        """The post types that REST names but does not list, as far as the user was told."""
        return self._get("refused types") or []

    @refused_types.setter
    def refused_types(self, names: list[str]) -> None:
        self._set("refused types", names)

    @property
    def remarks(self) -> list[str]:
        """What the user was told of a source that leaves something out for good."""
        return self._get("remarks") or []

    @remarks.setter
    def remarks(self, told: list[str]) -> None:
        self._set("remarks", told)

    @property
    def crosscheck(self) -> Crosscheck | None:
        """What was found when the sitemaps were last compared with REST."""
        told: Crosscheck | None = self._get("witness")
        return told

    @crosscheck.setter
    def crosscheck(self, told: Crosscheck) -> None:
        self._set("witness", told)

    @property
    def sitemap_reading(self) -> SitemapReading:
        """The sitemaps as they were last read, on a site without REST."""
        told = self._get("sitemap files") or {"files": {}, "whole": None, "clock": None}
        whole, clock = (
            datetime.fromisoformat(told[name]) if told[name] else None
            for name in ("whole", "clock")
        )
        return SitemapReading(told["files"], whole, clock)

    @sitemap_reading.setter
    def sitemap_reading(self, reading: SitemapReading) -> None:
        whole, clock = (
            instant and instant.isoformat() for instant in (reading.whole, reading.clock)
        )
        self._set("sitemap files", {"whole": whole, "files": reading.files, "clock": clock})

    def read_to_its_end(self, source: str) -> datetime | None:
        """When the `source` (`feed`, `lists`) was last read to its end, by our own clock."""
        return self._instant(f"{source} read to its end")

    def set_read_to_its_end(self, source: str, instant: datetime | None) -> None:
        """Note when the `source` was read to its end. None: it was not, and the next run closes
        the gap."""
        self._set_instant(f"{source} read to its end", instant)

    @property
    def rechecks_chosen(self) -> datetime | None:
        """When the rechecks of a day were last chosen, by the site's clock."""
        return self._instant("rechecks")

    @rechecks_chosen.setter
    def rechecks_chosen(self, instant: datetime) -> None:
        self._set_instant("rechecks", instant)

    @property
    def discovery_stopped(self) -> bool:
        """Whether the last run's time was over before all listings were read."""
        return bool(self._get("discovery stopped"))

    @discovery_stopped.setter
    def discovery_stopped(self, stopped: bool) -> None:
        self._set("discovery stopped", stopped or None)

    @property
    def since(self) -> datetime | None:
        """The instant from which the last run counted pages; None: all of them."""
        return self._instant("since")

    @since.setter
    def since(self, instant: datetime | None) -> None:
        self._set("since", utc(instant) if instant else None)

    @property
    def manifest_size(self) -> int | None:
        """How long manifest.jsonl was when it was last written (bytes)."""
        size: int | None = self._get(MANIFEST_SIZE)
        return size

    @manifest_size.setter
    def manifest_size(self, size: int) -> None:
        self._set(MANIFEST_SIZE, size)
