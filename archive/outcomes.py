"""What becomes of a page and of a run, in words that are stable for programs.

They stand in index.db and runs.jsonl as they are spelt here. A status is told as `http-404`
(`http_reason`), and what went wrong with robots.txt as `robots.txt-timeout`; those are open sets.
"""

from __future__ import annotations

from enum import StrEnum


class PageState(StrEnum):
    """What became of a page of the frontier."""

    DUE = "due"
    KEPT = "kept"
    REFUSED = "refused"
    FAILED = "failed"


class Outcome(StrEnum):
    """What a cleaned page is to the archive."""

    NEW = "new"
    CHANGED = "changed"
    """The next version of an article: its folded text or title is another now."""
    UNCHANGED = "unchanged"
    """The version that is there already."""
    DUPLICATE = "duplicate"
    """An article that is known under another address."""
    EMPTIED = "emptied"
    """A page without the text that the article had."""
    OLDER = "older"
    """An imported page that belongs before a version which is there."""


class Verdict(StrEnum):
    """How a run went."""

    COMPLETE = "complete"
    """What the site lists is kept, or refused for a reason."""
    INCOMPLETE = "incomplete"
    """Something is still due, or failed for a reason that may pass."""
    UNPROVABLE = "unprovable"
    """Nothing is due, but the site tells no total, or one that is not what it lists."""
    FAILED = "failed"
    """The site could not be read."""


class Reason(StrEnum):
    """Why a page is no article, or could not be had."""

    # The page was read: it is something else than an article.
    LIST = "list"
    PRODUCT = "product"
    ATTACHMENT = "attachment"
    PAGE = "page"
    PROTECTED = "protected"
    DUPLICATE = "duplicate"
    # The page was read, and another night it may be an article.
    EMPTY = "empty"
    ERROR_PAGE = "error-page"
    CHALLENGE = "challenge"
    UNREADABLE = "unreadable"
    # It is left out by choice.
    SKIPPED = "skipped"
    BEFORE_SINCE = "before-since"
    # What the site names is no page of its own, or not for us.
    BAD_ADDRESS = "bad-address"
    ELSEWHERE = "elsewhere"
    ROBOTS = "robots.txt"
    NOT_ALLOWED = "not-allowed"
    # It is not where the site says it is.
    GONE = "gone"
    REDIRECTED = "redirected"
    BAD_REDIRECT = "bad-redirect"
    REDIRECT_LOOP = "redirect-loop"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    # The answer cannot be read.
    CUT = "cut"
    CODING = "coding"
    TOO_LARGE = "too-large"
    # There was no answer.
    NO_SUCH_HOST = "no-such-host"
    REFUSED_CONNECTION = "refused-connection"
    CONNECTION_FAILED = "connection-failed"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    OLD_TLS = "old-tls"
    PROXY = "proxy"
    BLOCKED = "blocked"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    STOPPED = "stopped"
    # Why a page is due once more, and why nothing changed.
    EDITED = "edited"
    RENAMED = "renamed"
    UNCHANGED = "unchanged"


def http_reason(status: int) -> str:
    """The reason that an HTTP status is.

    >>> http_reason(404)
    'http-404'
    """
    return f"http-{status}"
