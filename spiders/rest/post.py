"""A post, as WordPress's REST API lists it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from archive.http.urls import resolve, resolved
from archive.index.listed_post import ListedPost
from archive.outcomes import Reason
from archive.text.fold import well_formed
from archive.text.markup import plain
from archive.times.rest_date import read_stamp


def found_of(post: dict[str, Any], post_type: str, home: str) -> ListedPost | None:
    """What a listing's entry, or a post's own answer, says of the post; None if it tells no ID.

    Its link is resolved against the site's `home`. A post whose link is no address is known by
    the one that WordPress has for every post, `?p=` and its ID, and is not to be asked for.
    """
    number, link = post.get("id"), post.get("link")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        return None
    url = resolved(link, home) if isinstance(link, str) and link.strip() else None
    title, content = _rendered(post.get("title")), post.get("content")
    return ListedPost(
        url=url or resolve(f"?p={number}", home),
        post_type=post_type,
        post_id=number,
        title=None if title is None else well_formed(plain(title)),
        published=_gmt(post.get("date_gmt")),
        date_source="rest",
        modified=_gmt(post.get("modified_gmt")),
        protected=bool(isinstance(content, dict) and content.get("protected")),
        local=_naive(post.get("date")),
        content=_rendered(content),
        excerpt=_rendered(post.get("excerpt")),
        refusal=None if url else Reason.BAD_ADDRESS,
    )


def _rendered(field: object) -> str | None:
    rendered = field.get("rendered") if isinstance(field, dict) else None
    return well_formed(rendered) if isinstance(rendered, str) else None


def _naive(text: object) -> str | None:
    """A date by the site's own clock, in the one spelling that sorts."""
    moment = read_stamp(text)
    return moment.strftime("%Y-%m-%dT%H:%M:%S") if moment else None


def _gmt(text: object) -> datetime | None:
    moment = read_stamp(text)
    return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
