"""What becomes of a page, an article and a run, in words that are stable for programs.

They stand in index.db, runs.jsonl and articles/ as they are spelt here. A reason may also be an
HTTP status (`http-404`, see `http_reason`), or a reason with a prefix if robots.txt could not be
read (`robots.txt-timeout`).
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
    """The next version of an article: its folded text or its title differs."""
    UNCHANGED = "unchanged"
    """The version that is there already."""
    DUPLICATE = "duplicate"
    """An article that is known under another address."""
    EMPTIED = "emptied"
    """A page without the text that its article had."""
    CUT_SHORT = "cut-short"
    """A page that came without its end, with the beginning of a text that is kept whole."""
    OLDER = "older"
    """An imported page that is older than a version which is there."""


class Verdict(StrEnum):
    """How a run went."""

    COMPLETE = "complete"
    """Everything that the site lists is kept, or refused for a reason."""
    INCOMPLETE = "incomplete"
    """Something is still due, or failed for a reason that may pass."""
    UNPROVABLE = "unprovable"
    """Nothing is due, but the site tells no total, or its total is not what it lists."""
    FAILED = "failed"
    """The site could not be read."""


class Flag(StrEnum):
    """What a line says of its article in `flags`. docs/archive.md says when each is set; a test
    compares the names."""

    CHARSET_GUESSED = "charset_guessed"
    DATE_ONLY = "date_only"
    DOUBTFUL_CONTENT = "doubtful_content"
    INCOMPLETE = "incomplete"
    PROTECTED = "protected"
    SEVERAL_PAGES = "several_pages"
    SHORT = "short"
    SILENT_EDIT = "silent_edit"
    TRUNCATED = "truncated"
    UNKNOWN_LAYOUT = "unknown_layout"


class Reason(StrEnum):
    """Why a page is no article, or could not be had."""

    # The page was read and is no article.
    LIST = "list"
    PRODUCT = "product"
    ATTACHMENT = "attachment"
    PAGE = "page"
    PROTECTED = "protected"
    DUPLICATE = "duplicate"
    # The page was read and is no article, but that may pass.
    EMPTY = "empty"
    ERROR_PAGE = "error-page"
    CHALLENGE = "challenge"
    UNREADABLE = "unreadable"
    # It is left out by choice.
    SKIPPED = "skipped"
    BEFORE_SINCE = "before-since"
    # The address is not that of a page of the site, or we may not read it.
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
    # Why a page is due once more, or was kept as it is.
    EDITED = "edited"
    RENAMED = "renamed"
    UNCHANGED = "unchanged"


def http_reason(status: int) -> str:
    """The reason for a page with this HTTP status.

    >>> http_reason(404)
    'http-404'
    """
    return f"http-{status}"
