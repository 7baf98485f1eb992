"""A post, as WordPress's REST API lists it."""

from __future__ import annotations

from typing import Any

from archive.http.urls import resolve, resolved
from archive.index.listed_post import ListedPost
from archive.outcomes import Reason
from archive.record_place import RecordPlace
from archive.text.fold import well_formed
from archive.text.markup import plain
from archive.times.rest_date import read_gmt, read_stamp


def found_of(
    post: dict[str, Any], post_type: str, home: str, place: RecordPlace | None = None
) -> ListedPost | None:
    """The post in an entry of a listing, or in the answer for a single post; None without an ID.

    `place` is where the answer is stored. The post's link is resolved against the site's `home`. If
    the link is no address, the post gets the address that WordPress has for every post (`?p=` and
    its ID), and is not to be asked for.
    """
    number, link = post.get("id"), post.get("link")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        return None
    url = resolved(link, home) if isinstance(link, str) and link.strip() else None
    title, field = _rendered(post.get("title")), post.get("content")
    content = _rendered(field)
    return ListedPost(
        url=url or resolve(f"?p={number}", home),
        post_type=post_type,
        post_id=number,
        title=None if title is None else well_formed(plain(title)),
        published=read_gmt(post.get("date_gmt")),
        date_source="rest",
        modified=read_gmt(post.get("modified_gmt")),
        protected=bool(isinstance(field, dict) and field.get("protected")),
        local=_naive(post.get("date")),
        content=content,
        excerpt=_rendered(post.get("excerpt")),
        content_place=None if content is None else place,
        refusal=None if url else Reason.BAD_ADDRESS,
    )


def _rendered(field: object) -> str | None:
    rendered = field.get("rendered") if isinstance(field, dict) else None
    return well_formed(rendered) if isinstance(rendered, str) else None


def _naive(text: object) -> str | None:
    """A date by the site's own clock, in a form that sorts by time."""
    moment = read_stamp(text)
    return moment.strftime("%Y-%m-%dT%H:%M:%S") if moment else None
