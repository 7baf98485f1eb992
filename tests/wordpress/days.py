"""What happens in the newsroom between two nights, and what an archive should make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import Post, WordPress
from .articles import article
from .shapes import content


def written(number: int) -> dict[str, Any]:
    """Body of article number so-and-so, as a newsdesk's command takes it, and the words in it."""
    told = article(number)
    return {"content": content(told, "classic", []), "paragraphs": told.paragraphs()}


def new(number: int, date: str, **more: Any) -> dict[str, Any]:
    """Command for a new post with a title and a body of its own; `date` is the site's time."""
    command = {"do": "post", "title": article(number).title, "author": "negar", "date": date}
    return command | written(number) | more


def edited(post_id: int, number: int, **more: Any) -> dict[str, Any]:
    """Command that gives a post another body, by the bed's clock."""
    return {"do": "edit", "id": post_id, "excerpt": ""} | written(number) | more


@dataclass(frozen=True)
class Day:
    """IDs of the posts that a day has touched; `removed` with the ledger's word for how."""

    new: list[int]
    scheduled: int
    edited: list[int]
    renamed: int
    removed: dict[int, str]

    @property
    def fetches(self) -> set[int]:
        """The posts whose pages are worth a request the next night."""
        return {*self.new, self.scheduled, *self.edited, self.renamed}


def standard(bed: WordPress) -> Day:
    """The day of the issue: 6 new posts (one dated back, one an old draft), 1 scheduled one gone
    live with an old `modified`, 9 edited, 1 renamed, 3 removed three ways."""
    clock = bed.clock
    live = {"status": "future", "date": clock.local(hours=-12), "modified": clock.local(days=3)}
    [scheduled] = bed.apply([new(7_000, **live)])
    clock.forward(days=1)
    renamed, trashed, erased, private, *others = spread(bed, 13)
    draft = min(entry.id for entry in bed.hidden if entry.kind == "draft")
    fresh = [new(7_001 + n, clock.local(hours=3 * n + 1)) for n in range(4)]
    fresh.append(new(7_005, clock.local(days=60)))
    answers = bed.apply(
        [
            *fresh,
            {"do": "edit", "id": draft, "status": "publish", "date": clock.local(hours=2)},
            {"do": "publish", "id": scheduled["id"], "paragraphs": written(7_000)["paragraphs"]},
            *(edited(post.id, 7_100 + n) for n, post in enumerate(others)),
            {"do": "edit", "id": renamed.id, "slug": "a-new-name"},
            {"do": "trash", "id": trashed.id},
            {"do": "erase", "id": erased.id},
            {"do": "edit", "id": private.id, "status": "private"},
        ]
    )
    kinds = {trashed.id: "unpublished", erased.id: "erased", private.id: "unpublished"}
    added = [answer["id"] for answer in answers[:5]]
    return Day([*added, draft], scheduled["id"], [post.id for post in others], renamed.id, kinds)


def spread(bed: WordPress, count: int) -> Sequence[Post]:
    """So many posts, from the oldest to the newest, none of them protected."""
    posts = [post for post in bed.truth if post.type == "post" and not post.protected]
    step = len(posts) // count
    return [posts[step // 2 + step * place] for place in range(count)]
