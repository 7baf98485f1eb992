"""A second news site that prints what the first one had: for the session of docs/copies.md."""

from __future__ import annotations

from datetime import timedelta

from tests.newsroom.post import Block
from tests.newsroom.site import Site

_ARABIC = str.maketrans("یک", "يك")
_HOURS = (1.5, 4, 26)


def copying_site(first: Site) -> Site:
    """As many posts as `first` has, of which three have texts of it: spelt with Arabic letters,
    under headlines of their own. The first says nothing of the agency, the second lacks its last
    paragraph."""
    site = Site(first.count, seed=2)
    for number, (own, post, hours) in enumerate(
        zip(site.posts, first.posts, _HOURS, strict=False), 1
    ):
        body = [Block(block.kind, block.text.translate(_ARABIC)) for block in post.body]
        if number == 1:
            body = [Block(block.kind, _uncredited(block.text)) for block in body]
        published = post.published + timedelta(hours=hours)
        site.edit(
            own.id,
            lead=post.lead.translate(_ARABIC),
            body=tuple(body[: -1 if number == 2 else None]),
            source=None if number == 1 else post.source,
            published=published,
            modified=published,
        )
    return site


def _uncredited(text: str) -> str:
    return text.partition("، ")[2] if text.startswith("به گزارش") else text
