"""The posts that sites do not list any more, with what the archive has of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from archive.folder import SiteFolder
from archive.jsonl.removals import Removal
from scraper.report.shortened import Shortened

_MOST = 100


@dataclass(frozen=True, slots=True)
class RemovedPost:
    """A post that is missing, and its `title` if the archive holds it."""

    removal: Removal
    site: str
    title: str | None
    held: bool


@dataclass(frozen=True, slots=True)
class RemovedPosts:
    """Those that are missing now, the latest first; how many by their kind, how many of them a
    second run has `confirmed`, and how many came back."""

    posts: Shortened[RemovedPost]
    kinds: Counter[str]
    confirmed: int
    returned: int

    @classmethod
    def of(
        cls,
        folders: Iterable[SiteFolder],
        titles: Mapping[str, str | None],
        ids: Container[str] | None = None,
    ) -> RemovedPosts:
        """From the ledgers of `folders`; with `ids` only of these articles. `titles` are those of
        the removed articles that the archive holds, by their ID."""
        entries = [
            (folder.site.name, removal)
            for folder in folders
            for removal in folder.removals_ledger.entries().values()
            if ids is None or removal.id in ids
        ]
        missing = [(site, removal) for site, removal in entries if removal.returned is None]
        missing.sort(key=lambda entry: entry[1].first_missed)
        posts = Shortened.latest(missing, _MOST)
        shown = tuple(
            RemovedPost(removal, site, titles.get(removal.id), removal.id in titles)
            for site, removal in posts.items
        )
        return cls(
            Shortened(shown, posts.more),
            Counter(removal.kind for _, removal in missing),
            sum(removal.confirmed is not None for _, removal in missing),
            len(entries) - len(missing),
        )
