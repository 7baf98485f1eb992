"""What an answer of WordPress's REST API says: JSON or not, and a post."""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime
from typing import Any

from scrapy.http import Response
from w3lib.html import remove_tags

from archive.index.frontier import ListedPost


def json_of(response: Response) -> Any:
    """The body as JSON, or None if it is none (a challenge page, a PHP warning before it)."""
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError):
        return None


def found_of(post: dict[str, Any], post_type: str) -> ListedPost | None:
    """What a listing's entry, or a post's own answer, says of the post; None if it lacks an ID
    or an address."""
    number, link = post.get("id"), post.get("link")
    if not isinstance(number, int) or not isinstance(link, str):
        return None
    title = _rendered(post.get("title"))
    content = post.get("content")
    return ListedPost(
        url=link,
        post_type=post_type,
        post_id=number,
        title=None if title is None else html.unescape(remove_tags(title)).strip(),
        published=_gmt(post.get("date_gmt")),
        date_source="rest",
        modified=_gmt(post.get("modified_gmt")),
        protected=bool(isinstance(content, dict) and content.get("protected")),
        local=_naive(post.get("date")),
        content=_rendered(content),
        excerpt=_rendered(post.get("excerpt")),
    )


def _rendered(field: object) -> str | None:
    rendered = field.get("rendered") if isinstance(field, dict) else None
    return rendered if isinstance(rendered, str) else None


def _naive(text: object) -> str | None:
    """A date by the site's own clock, in the one spelling that sorts."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%S") if moment and moment.year >= 1000 else None


def _gmt(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.year > 1 else None
