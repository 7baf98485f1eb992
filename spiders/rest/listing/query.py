"""The query for a listing of WordPress's REST API."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from archive.times.days import earliest

_FIELDS = "id,type,link,title,date,date_gmt,modified_gmt"


@dataclass(frozen=True, slots=True)
class Query:
    """A listing in the order of the posts' IDs (or `by` the time when they were modified, which is
    no total order): all posts, or those published on the day `since` or later. `bound` is a further
    part of the query, such as `after=…` or `modified_after=…`.

    With `content` the posts have their rendered text, with `excerpt` their excerpt, with `bare`
    only their IDs.
    """

    order: Literal["asc", "desc"] = "asc"
    since: date | None = None
    bound: str = ""
    content: bool = False
    excerpt: bool = False
    bare: bool = False
    by: Literal["id", "modified"] = "id"

    @property
    def plain(self) -> Query:
        """The same posts without their content."""
        return replace(self, content=False, excerpt=False)

    def __str__(self) -> str:
        """The query of an address, without its paging."""
        content = "content" if self.content else "content.protected"
        fields = f"{_FIELDS},{content}{',excerpt' if self.excerpt else ''}"
        query = f"orderby={self.by}&order={self.order}&_fields={'id' if self.bare else fields}"
        if self.bound:
            query += f"&{self.bound}"
        if self.since and not self.bound.startswith("after="):
            # The bound is exclusive and by the site's own clock, whose time zone we do not know. So
            # it is a day earlier; the index then decides by the day in Iran (Posts).
            query += f"&after={earliest(self.since) - timedelta(days=1)}T23:59:59"
        return query
