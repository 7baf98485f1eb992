"""The pages that discovery has named: their table and their counts, and which contents their kept
articles agree with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date

from archive.database.database import Database
from archive.index.page_counts import UNKNOWN_DAY, PageCounts, real
from archive.index.retries import BELIEVED, state_after
from archive.outcomes import PageState, Reason
from archive.times.days import begin_of, earliest, utc

PAGES = """
CREATE TABLE IF NOT EXISTS pages (
    place INTEGER PRIMARY KEY,
    spelling TEXT,  -- null: another post has its address now
    url TEXT NOT NULL,
    post_type TEXT, post_id INTEGER,
    title TEXT, published TEXT, modified TEXT, protected INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'due',  -- due, kept, refused, failed
    reason TEXT, tries INTEGER NOT NULL DEFAULT 0,
    missing TEXT,  -- the instant since which the site does not list it any more
    local TEXT,  -- the date by the site's own clock
    content TEXT,  -- digest of the content that the kept article agrees with
    article TEXT,  -- the ID of the article that is kept of it
    failures INTEGER NOT NULL DEFAULT 0,  -- in a row, see archive.index.retries
    asked TEXT,  -- when it was last asked for by the site's clock
    date_source TEXT,  -- which listing told `published`
    content_place TEXT  -- where the listing lies that told the content (RecordPlace)
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS live_address ON pages (spelling) WHERE missing IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS post ON pages (post_type, post_id) WHERE post_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS page_state ON pages (state);
"""
FAILING = (
    "CREATE INDEX IF NOT EXISTS failing ON pages (failures, asked, reason) WHERE failures > 0;"
)
"""The pages that were not there when they were last asked for; all columns must be there."""
_SOME = 500
"""So many rows are read at a time where there may be a million."""


class Posts:
    """The pages of one site in its `database`. `_live` is the SQL condition for the pages that
    this run counts, `_counted` the same for the rows of their counts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts = PageCounts(database)
        self._live = "missing IS NULL"
        self._counted = "NOT missing"

    def transaction(self) -> AbstractContextManager[None]:
        """Store all that is recorded and settled inside or, if that fails, nothing of it."""
        return self._database.transaction()

    def reasons(self) -> dict[PageState, dict[str | None, int]]:
        """Why pages were refused or failed: state → reason → how many."""
        found: dict[PageState, dict[str | None, int]] = {}
        counts = self._counts.by("state", "reason", where="state IN ('refused', 'failed')")
        for (state, reason), count in counts.items():
            found.setdefault(PageState(state), {})[reason or None] = count
        return found

    def all_elsewhere(self) -> str | None:
        """If no page that the site names is on its own host: the address of one of them."""
        refused = self.reasons().get(PageState.REFUSED, {})
        count = refused.get(Reason.ELSEWHERE, 0)
        if not count or count < sum(self.states().values()):
            return None
        rows = self._database.rows(
            "SELECT url FROM pages WHERE reason = ? ORDER BY place LIMIT 1", (Reason.ELSEWHERE,)
        )
        return str(rows[0]["url"]) if rows else None

    def unavailable(self) -> dict[str, int]:
        """How many pages without a kept article failed when they were asked for last, by reason.
        Pages that are no article, or are left out by choice, do not count."""
        rows = self._database.rows(
            "SELECT reason, count(*) AS n FROM pages WHERE failures > 0 AND article IS NULL"
            f" AND missing IS NULL AND state != '{PageState.DUE}' GROUP BY reason"
        )
        return {row["reason"]: row["n"] for row in rows}

    def states(self) -> dict[PageState, int]:
        """How many pages are `due`, `kept`, `refused` and `failed`."""
        counts = self._counts.by("state")
        return {state: counts.get(state, 0) for state in PageState}

    def count_live(self, post_type: str) -> int:
        """How many posts of `post_type` are known and not missing."""
        return self._counts.total(f"post_type = ? AND numbered AND {self._counted}", (post_type,))

    def is_live(self, post_type: str, post_id: int) -> bool:
        """Whether this post is known and not missing."""
        return bool(
            self._database.rows(
                f"SELECT 1 FROM pages WHERE post_type = ? AND post_id = ? AND {self._live}",
                (post_type, post_id),
            )
        )

    def live(self, post_type: str) -> set[int]:
        """The IDs of the posts of `post_type` that are known and not missing."""
        return {number for part in self.each_live(post_type) for number in part}

    def each_live(self, post_type: str) -> Iterator[list[int]]:
        """The same, some at a time, in the order of the IDs."""
        last = 0
        while rows := self._database.rows(
            "SELECT post_id FROM pages WHERE post_type = ? AND post_id > ? AND post_id IS NOT NULL"
            f" AND {self._live} ORDER BY post_id LIMIT {_SOME}",
            (post_type, last),
        ):
            yield [row["post_id"] for row in rows]
            last = rows[-1]["post_id"]

    def dated(self, post_type: str) -> list[tuple[str, int]]:
        """The live posts of `post_type` with their dates by the site's own clock, oldest
        first; a post whose date is not known has an empty one."""
        rows = self._database.rows(
            "SELECT coalesce(local, '') AS local, post_id FROM pages WHERE post_type = ?"
            f" AND post_id IS NOT NULL AND {self._live} ORDER BY 1, 2",
            (post_type,),
        )
        return [(row["local"], row["post_id"]) for row in rows]

    def live_addresses(self) -> Iterator[dict[str, str]]:
        """The addresses of all posts with an ID that are not missing, by their spellings; some at a
        time."""
        place = 0
        while rows := self._database.rows(
            "SELECT place, spelling, url FROM pages WHERE place > ? AND post_id IS NOT NULL"
            f" AND spelling IS NOT NULL AND {self._live} ORDER BY place LIMIT {_SOME}",
            (place,),
        ):
            yield {row["spelling"]: row["url"] for row in rows}
            place = rows[-1]["place"]

    def live_dates(self) -> Iterable[str | None]:
        """When each page was published, ISO 8601, without those that are missing or left out."""
        rows = self._database.each(
            "SELECT published FROM pages WHERE missing IS NULL AND reason IS NOT ?",
            (Reason.BEFORE_SINCE,),
        )
        return (row["published"] for row in rows)

    def balance(self, post_type: str) -> dict[PageState, int]:
        """The live posts of `post_type` by state."""
        where = f"post_type = ? AND numbered AND {self._counted}"
        counts = self._counts.by("state", where=where, values=(post_type,))
        return {PageState(state): count for state, count in counts.items()}

    def missing(self) -> int:
        """How many pages the site does not list any more."""
        return self._counts.total("missing")

    def young(self) -> int:
        """How many pages failed for a reason that may pass, and not yet so often that the reason
        is believed."""
        rows = self._database.each(
            "SELECT failures, reason FROM pages INDEXED BY failing"
            f" WHERE failures > 0 AND failures < {BELIEVED} AND {self._live}"
        )
        return sum(state_after(row["failures"], row["reason"]) == PageState.FAILED for row in rows)

    def waits(self, post_type: str) -> bool:
        """Whether a post of `post_type` is new or edited, and its page is to be fetched."""
        return self._any_due(post_type, "1")

    def lacks_content(self, post_type: str) -> bool:
        """Whether one of these is a post whose content no listing has told yet."""
        return self._any_due(post_type, "content_place IS NULL")

    def _any_due(self, post_type: str, condition: str) -> bool:
        rows = self._database.rows(
            f"SELECT 1 FROM pages WHERE post_type = ? AND state = '{PageState.DUE}'"
            f" AND missing IS NULL AND {condition} LIMIT 1",
            (post_type,),
        )
        return bool(rows)

    def agreed(self, post_type: str) -> dict[int, str]:
        """The kept posts of `post_type` that are not missing: ID → the digest of the content that
        its article last agreed with; empty if none was compared yet."""
        rows = self._database.rows(
            "SELECT post_id, content FROM pages WHERE post_type = ? AND post_id IS NOT NULL"
            f" AND state = '{PageState.KEPT}' AND missing IS NULL",
            (post_type,),
        )
        return {row["post_id"]: row["content"] or "" for row in rows}

    def agree(self, post_type: str, contents: dict[int, str]) -> None:
        """Note that kept articles agree with the contents (ID → digest) the site has for them."""
        with self.transaction():
            for number, digest in contents.items():
                self._database.run(
                    "UPDATE pages SET content = ? WHERE post_type = ? AND post_id = ?",
                    (digest, post_type, number),
                )

    def doubt(self, post_type: str, post_id: int) -> None:
        """Make a post due again, because its kept article is not what the site shows."""
        self._database.run(
            f"UPDATE pages SET state = '{PageState.DUE}', reason = '{Reason.EDITED}',"
            " content = NULL WHERE post_type = ? AND post_id = ?",
            (post_type, post_id),
        )

    def _limit(self, since: date | None, changed: bool) -> None:
        """Count only pages published on the day `since` or later (None: all). With `changed`, it
        is another day than before: pages that were left out by it are due again. Pages that are
        due and too old are left out.

        The day is a day in Iran, but REST reads a bound by the site's own clock, and we do not
        know its time zone. So the listings and the live pages begin a day earlier.
        """
        early = "0"
        self._live, self._counted = "missing IS NULL", "NOT missing"
        if since:
            published, local = real("published"), real("local")
            early = f"coalesce({published} < '{utc(begin_of(since))}', {local} < '{since}', 0)"
            listed = f"coalesce({local}, {published}, '{UNKNOWN_DAY}') >= '{earliest(since)}'"
            self._live += f" AND {listed}"
            self._counted += f" AND day >= '{earliest(since)}'"
        if changed:
            self._database.run(
                f"UPDATE pages SET state = '{PageState.DUE}', reason = NULL WHERE"
                f" state = '{PageState.REFUSED}' AND reason = '{Reason.BEFORE_SINCE}'"
            )
        self._database.run(
            f"UPDATE pages SET state = '{PageState.REFUSED}', reason = '{Reason.BEFORE_SINCE}'"
            f" WHERE state IN ('{PageState.DUE}', '{PageState.FAILED}') AND {early}"
        )
