"""The frontier counted: what the site names, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable

from archive.index.database import Database
from archive.index.retries import state_after


class PostCounts:
    """Counts the pages of one site in its `database`; `_live` is what the night counts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._live = "missing IS NULL"

    def reasons(self) -> dict[str, dict[str, int]]:
        """Why pages were refused or failed: state → reason → how many."""
        found: dict[str, dict[str, int]] = {}
        for row in self._database.rows(
            "SELECT state, reason, count(*) AS n FROM pages WHERE state IN ('refused', 'failed')"
            " GROUP BY state, reason"
        ):
            found.setdefault(row["state"], {})[row["reason"]] = row["n"]
        return found

    def unavailable(self) -> dict[str, int]:
        """How many pages of no article could not be had when they were asked for last, by
        reason; what is no article or left out by choice is not among them."""
        rows = self._database.rows(
            "SELECT reason, count(*) AS n FROM pages WHERE failures > 0 AND article IS NULL"
            " AND missing IS NULL AND state != 'due' GROUP BY reason"
        )
        return {row["reason"]: row["n"] for row in rows}

    def states(self) -> dict[str, int]:
        """How many pages are `due`, `kept`, `refused` and `failed`."""
        rows = self._database.rows("SELECT state, count(*) AS n FROM pages GROUP BY state")
        counts = {row["state"]: row["n"] for row in rows}
        return {"due": 0, "kept": 0, "refused": 0, "failed": 0, **counts}

    def live(self, post_type: str) -> set[int]:
        """The IDs of the posts of `post_type` that are known and not missing."""
        rows = self._database.rows(
            "SELECT post_id FROM pages WHERE post_type = ? AND post_id IS NOT NULL"
            f" AND {self._live}",
            (post_type,),
        )
        return {row["post_id"] for row in rows}

    def dated(self, post_type: str) -> list[tuple[str, int]]:
        """The live posts of `post_type` with their dates by the site's own clock, oldest
        first; a post whose date is not known has an empty one."""
        rows = self._database.rows(
            "SELECT coalesce(local, '') AS local, post_id FROM pages WHERE post_type = ?"
            f" AND post_id IS NOT NULL AND {self._live} ORDER BY 1, 2",
            (post_type,),
        )
        return [(row["local"], row["post_id"]) for row in rows]

    def live_addresses(self) -> dict[str, str]:
        """The addresses of all posts with an ID that are not missing, by their spellings."""
        rows = self._database.each(
            "SELECT spelling, url FROM pages WHERE post_id IS NOT NULL AND spelling IS NOT NULL"
            f" AND {self._live}"
        )
        return {row["spelling"]: row["url"] for row in rows}

    def live_dates(self) -> Iterable[str | None]:
        """When each page that is not missing, and not left out by `since`, was published, ISO
        8601."""
        rows = self._database.each(
            "SELECT published FROM pages WHERE missing IS NULL AND reason IS NOT 'before-since'"
        )
        return (row["published"] for row in rows)

    def balance(self, post_type: str) -> dict[str, int]:
        """The live posts of `post_type` by state."""
        rows = self._database.rows(
            "SELECT state, count(*) AS n FROM pages WHERE post_type = ?"
            f" AND post_id IS NOT NULL AND {self._live} GROUP BY state",
            (post_type,),
        )
        return {row["state"]: row["n"] for row in rows}

    def missing(self) -> int:
        """How many pages the site does not list any more."""
        [row] = self._database.rows("SELECT count(*) AS n FROM pages WHERE missing IS NOT NULL")
        return int(row["n"])

    def young(self) -> int:
        """How many pages failed for a reason that may pass, and not yet often enough for it to
        be believed."""
        rows = self._database.each(
            f"SELECT failures, reason FROM pages WHERE failures > 0 AND {self._live}"
        )
        return sum(state_after(row["failures"], row["reason"]) == "failed" for row in rows)
