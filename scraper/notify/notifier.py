"""Tells of a crawl's beginning and its end, whatever that is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from types import TracebackType

from archive.errors import BayganError
from archive.folder import Archive
from archive.jsonl.runs import Run
from scraper.notify import healthcheck, hook, textfile
from scraper.notify.account import CrawlAccount
from scraper.notify.healthcheck import Ping

logger = logging.getLogger("baygan.notify")
PING_SECONDS = 10.0
"""How long one try of a ping may take; it is tried three times, at the start once."""
STOPPED_SECONDS = 2.0
"""How long each of them may take after a signal: the machine may be shutting down."""
_TRIES = 3


class Notifier:
    """Around a crawl: pings the health check before it; after it pings again, writes the textfile
    and runs the command of `on_end`, once. With `silent` it does nothing, as for a dry run.

    An error that leaves the crawl is told and goes on. What cannot be told is logged; nothing is
    raised for it, and no exit code changes.
    """

    def __init__(self, archive: Archive, *, silent: bool = False) -> None:
        self._archive = archive
        self._notify = None if silent else archive.settings.notify
        self._account = CrawlAccount(exit_code=1)

    def __enter__(self) -> Notifier:
        if self._notify and self._notify.healthcheck:
            self._ping(self._notify.healthcheck, Ping.START, "", PING_SECONDS, 1)
        return self

    def ended(self, exit_code: int, runs: Sequence[Run], *, stopped: bool) -> None:
        """Note how the crawl ended, if no error ended it."""
        self._account = CrawlAccount(exit_code=exit_code, runs=runs, stopped=stopped)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._account = _account_of(error)
        if self._notify:
            self._tell(self._account)

    def _tell(self, account: CrawlAccount) -> None:
        notify, archive = self._notify, self._archive
        assert notify is not None
        if notify.textfile:
            _log(textfile.write(archive.path / notify.textfile, archive, account.exit_code))
        if notify.healthcheck:
            ping = Ping.FAIL if account.exit_code else Ping.SUCCESS
            seconds, tries = (STOPPED_SECONDS, 1) if account.stopped else (PING_SECONDS, _TRIES)
            self._ping(notify.healthcheck, ping, str(account), seconds, tries)
        if notify.on_end:
            seconds = STOPPED_SECONDS if account.stopped else notify.seconds
            _log(hook.run(notify.on_end, account, archive.path, seconds))

    def _ping(self, url: str, ping: Ping, body: str, seconds: float, tries: int) -> None:
        failed = healthcheck.send(url, ping, body, seconds, tries)
        _log(f"the health check was not pinged ({ping.name.lower()}): {failed}" if failed else None)


def _account_of(error: BaseException) -> CrawlAccount:
    if isinstance(error, SystemExit) and isinstance(error.code, int):  # a signal
        return CrawlAccount(exit_code=error.code, error="stopped by a signal", stopped=True)
    code = error.exit_code if isinstance(error, BayganError) else 1
    stopped = isinstance(error, KeyboardInterrupt)
    return CrawlAccount(
        exit_code=130 if stopped else code,
        error=str(error) or type(error).__name__,
        stopped=stopped,
    )


def _log(failure: str | None) -> None:
    if failure:
        logger.warning("[notify] %s. The crawl is not touched by it.", failure)
