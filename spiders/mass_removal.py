"""A listing from which too many posts are missing at once is wrong, unless it stays so for a
week."""

from __future__ import annotations

from datetime import datetime, timedelta

from archive.index.index import Index

# A site never removes more than this share of its known posts from one run to the next.
SHARE = 0.05
FEW = 5
BELIEVED = timedelta(days=7)


def is_mass(missing: int, known: int) -> bool:
    """Whether so many of the `known` posts cannot have gone in one night."""
    return missing > max(FEW, SHARE * known)


class MassRemoval:
    """Remembers in `index` since when too many posts of `post_type` are missing."""

    def __init__(self, index: Index, post_type: str) -> None:
        self._post_type = post_type
        self._state = index.crawl_state.of_type(post_type)

    def told(self, missing: int, known: int, clock: datetime) -> str | None:
        """The problem to report if so many of the `known` posts are missing. None if they are not
        too many, or have been missing for a week by the site's clock."""
        if not is_mass(missing, known):
            return None
        since = self._state.collapsed
        if since is None or since > clock:
            self._state.collapsed = clock
        elif clock - since >= BELIEVED:
            return None
        return (
            f"the site does not list {missing} of {known} known posts ({self._post_type}) any"
            " more. That is too many for one run, so nothing is taken for removed. Look at the"
            " site: if it stays like this for a week, it is believed."
        )

    def forget(self) -> None:
        """Forget it: the counts agree again."""
        self._state.collapsed = None
