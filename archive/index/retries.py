"""When a page that could not be had is asked for again: less and less often.

    with the next run, then after 1, 2, 4, 8, 16 days, then every 30 days   by the site's clock

Some answers are about the page itself (404, say): the page is refused at once. Any other reason
may pass, so the run is not complete until the page has failed `BELIEVED` times in a row. A refused
page is still asked for again at these times: the site may mend its mistake years later.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from archive.outcomes import PageState, Reason, http_reason
from archive.times.days import utc

GAPS = tuple(timedelta(days=days) for days in (0, 1, 2, 4, 8, 16, 30))
"""How long a page is left alone after its first, second, … failure in a row."""
EARLY = timedelta(hours=4)
"""How much before its time a page may be asked for: runs do not begin at exactly the same hour."""
BELIEVED = 5
"""A page that failed so often in a row, over eight days at least, is refused for that reason."""
GONE = frozenset({http_reason(404), http_reason(410), Reason.REDIRECTED})
"""The page is not where the site says it is."""
FORBIDDEN = frozenset({http_reason(401), http_reason(403), http_reason(451), Reason.ROBOTS})
"""The page is there, but we may not read it."""
NO_PAGE = frozenset({Reason.BAD_ADDRESS, Reason.ELSEWHERE})
"""The address is not that of a page of the site."""
LASTING = GONE | FORBIDDEN | NO_PAGE
# The page was read and is something else than an article, or it is left out by choice.
_SETTLED = frozenset(
    {
        Reason.LIST,
        Reason.PRODUCT,
        Reason.ATTACHMENT,
        Reason.PAGE,
        Reason.PROTECTED,
        Reason.SKIPPED,
        Reason.BEFORE_SINCE,
        Reason.DUPLICATE,
    }
)


def is_settled(reason: str | None) -> bool:
    """Whether a page refused for this reason need not be asked for again."""
    return reason in _SETTLED


def is_lasting(reason: str | None) -> bool:
    """Whether a page that could not be had for this reason is refused at once."""
    return reason in LASTING


def state_after(failures: int, reason: str | None) -> PageState:
    """The state of a page after so many failures in a row: `failed` while the reason may pass,
    else `refused`."""
    lasting = is_settled(reason) or is_lasting(reason) or failures >= BELIEVED
    return PageState.REFUSED if lasting else PageState.FAILED


def ripe(now: datetime) -> str:
    """SQL for whether a page is to be asked for once more. It was `asked` for last at that instant,
    and that was its `failures`-th failure in a row. An instant far in the future, from a clock that
    was wrong once, does not make it wait."""
    latest = " ".join(
        f"WHEN {failures} THEN '{utc(now - gap + EARLY)}'" for failures, gap in enumerate(GAPS, 1)
    )
    gap = f"CASE min(failures, {len(GAPS)}) {latest} END"
    return f"(asked IS NULL OR asked > '{utc(now)}' OR asked <= {gap})"
