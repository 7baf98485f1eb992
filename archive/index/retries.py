"""When a page that could not be had is asked for again: ever more seldom.

    with the next run, then after 1, 2, 4, 8, 16 days, then every 30    by the site's clock

What the answer says of the page itself refuses it at once; anything else may be the hour's, and
keeps the night from being complete until it has been said `BELIEVED` times. A refused page is
asked for all the same when its day comes: a mistake of the site's may be mended years later.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from archive.outcomes import PageState, Reason, http_reason

GAPS = tuple(timedelta(days=days) for days in (0, 1, 2, 4, 8, 16, 30))
"""How long a page is left alone after its first, second, … failure in a row."""
EARLY = timedelta(hours=4)
"""Cron comes a little early now and then, and a night takes longer than another."""
BELIEVED = 5
"""A page that failed so often in a row, over eight days at least, is refused for that reason."""
GONE = frozenset({http_reason(404), http_reason(410), Reason.REDIRECTED})
"""The page is not where the site says it is."""
FORBIDDEN = frozenset({http_reason(401), http_reason(403), http_reason(451), Reason.ROBOTS})
"""The page is there, and not for us."""
NO_PAGE = frozenset({Reason.BAD_ADDRESS, Reason.ELSEWHERE})
"""What the site names is no page of its own."""
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
    """What a page is after so many failures in a row: `failed` while it may pass, `refused`."""
    lasting = is_settled(reason) or is_lasting(reason) or failures >= BELIEVED
    return PageState.REFUSED if lasting else PageState.FAILED


def is_ripe(failures: int, asked: datetime | None, now: datetime) -> bool:
    """Whether a page that was `asked` for last, its `failures` in a row by then, is to be asked
    for once more. A clock that was ahead once must not keep it waiting for long."""
    if asked is None or asked > now:
        return True
    return now - asked >= GAPS[min(failures, len(GAPS)) - 1] - EARLY
