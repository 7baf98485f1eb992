"""Everything that can go wrong, as one tree. Each class carries its exit code.

    BayganError                 1   failed: nothing could be done
    ├── UsageError              2   wrong use
    │   ├── NoArchive           2   the folder has no sites.toml
    │   ├── SettingsError       2   a mistake in sites.toml
    │   ├── UnknownSite         2   a name that sites.toml does not have
    │   └── UnknownArticle      2   an ID or address the archive does not hold
    ├── FolderError             1   a folder or file cannot be made, read or written
    ├── WriteFailed             1   a write or fsync failed in the middle of a run
    ├── DiskLow                 1   the disk has less room than there must be
    ├── NotWordPress            1   the address answers, but not as WordPress does
    ├── Unreachable             1   the address does not answer
    │   ├── Blocked             3   something else answers in the site's place
    │   └── BadCertificate      3   the site's certificate does not check
    ├── ClusterFailed       1   the scheduler of a cluster does not answer, or is gone
    ├── StoreFailed             1   object storage does not answer, or refuses
    ├── WireBroken              1   the installed Scrapy or Twisted lacks what the tap needs
    ├── NotAnArticle            1   cleaning: the page is no article (`reason` says what it is)
    ├── Damaged                 4   a stored file is not as it was written
    └── ArchiveBusy             5   another run holds the site

A message has up to three parts: what happened, what is safe, what to type next.
"""

from __future__ import annotations

from archive.outcomes import Reason


class BayganError(Exception):
    """Base of every error that baygan raises on purpose; the process ends with `exit_code`."""

    exit_code = 1


class UsageError(BayganError):
    """Something was asked for that cannot be done as it was written."""

    exit_code = 2


class NoArchive(UsageError):
    """The folder is no archive: it has no sites.toml."""


class SettingsError(UsageError):
    """A mistake in sites.toml, found before any request is sent."""


class UnknownSite(UsageError):
    """A site's name that sites.toml does not have."""


class UnknownArticle(UsageError):
    """An article ID or address that the archive does not hold."""


class FolderError(BayganError):
    """A folder or file of the archive cannot be made, read or written."""


class WriteFailed(BayganError):
    """A write or fsync failed; what was acknowledged before it is safe."""


class DiskLow(BayganError):
    """The disk has less free space than there must be; the run stopped in good order."""


class NotWordPress(BayganError):
    """The address answers, but nothing says that WordPress does."""


class Unreachable(BayganError):
    """The address does not answer: no name, no connection, no certificate, or only errors.

    `reason` is a stable word for why, where one is known: `timeout`, `too-large`, `robots.txt`.
    """

    reason: str = Reason.NO_ANSWER


class Blocked(Unreachable):
    """Something answers in the site's place: a firewall, a filter, a login wall.

    `name` is its name (`ArvanCloud's browser check`). The answer is kept as evidence; it says
    nothing about which articles there are.
    """

    exit_code = 3
    reason = Reason.BLOCKED

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


class BadCertificate(Unreachable):
    """The site's certificate is expired, for another name, or signed by nobody known."""

    exit_code = 3
    reason = Reason.CERTIFICATE


class ClusterFailed(BayganError):
    """The scheduler of a cluster does not answer, or is gone; what workers saved is safe."""


class StoreFailed(BayganError):
    """Object storage does not answer, or refuses what it was asked for."""


class WireBroken(BayganError):
    """The installed Scrapy or Twisted lacks a name the wire tap depends on."""


class NotAnArticle(BayganError):
    """A page that is no article.

    `reason` is one lower-case word or two with a hyphen, stable for programs: `list`,
    `product`, `attachment`, `page`, `challenge`, `error-page`, `protected`, `empty`,
    `unreadable`.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"no article on this page: {reason}{f', {detail}' if detail else ''}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[NotAnArticle], tuple[str, str]]:
        return type(self), (self.reason, self.detail)


class Damaged(BayganError):
    """A stored file is not as it was written; the message names file, offset and record."""

    exit_code = 4


class ArchiveBusy(BayganError):
    """Another run holds the site; its lock goes when that process ends."""

    exit_code = 5
