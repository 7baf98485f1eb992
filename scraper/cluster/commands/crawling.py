"""baygan crawl --cluster: each site at a worker; one summary, one mail, one exit code."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.errors import ClusterFailed
from archive.folder import Archive, SiteFolder
from archive.jsonl.runs import Run
from archive.layout import LOGS
from scraper.cluster.account import SiteAccount, confirm_over
from scraper.cluster.failures import Failures, left_out
from scraper.cluster.options import ClusterPlace
from scraper.cluster.site_runs import SiteDone, SiteRuns
from scraper.commands.crawl import exit_code, folders_of
from scraper.console.given_options import passed_options
from scraper.console.log import begin_log
from scraper.console.output import end_at_once
from scraper.console.report import Report
from scraper.console.terminal import echo_data, tell
from scraper.notify.notifier import Notifier
from scraper.verdict.problems import is_network
from scraper.verdict.removals import is_outage

_OURS = ("cluster", "pin", "folder", "stop_after", "jobs", "as_json", "quiet", "verbosity")


def crawl_over(
    place: ClusterPlace,
    *,
    sites: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    verbosity: int,
    folder: Path,
    dry_run: bool,
    stop_after: float | None,
    **passed: Any,
) -> None:
    """As `baygan crawl`, with a task for each site. It leaves with the exit code."""
    archive = Archive(folder)
    folders = folders_of(archive, sites)
    begin_log(archive.path / LOGS, 0 if quiet else verbosity).check()
    with Notifier(archive, silent=dry_run) as notifier:
        crawl = ClusterCrawl(archive, folders, (*passed_options(_OURS), "--quiet"))
        stopped_by = crawl.run(place, stop_after, quiet=quiet)
        Report(quiet=quiet).end(crawl.runs, crawl.unreached)
        code = 128 + stopped_by if stopped_by else crawl.exit_code
        notifier.ended(code, crawl.runs, stopped=bool(stopped_by))
    if dry_run:
        for line in crawl.printed:
            echo_data(line)
    elif as_json:
        for run in crawl.runs:
            echo_data(json.dumps(run.to_object(), ensure_ascii=False))
    crawl.failures.tell()
    if crawl.left_out and not stopped_by:
        tell(left_out(crawl.left_out))
    if stopped_by:
        end_at_once(code)
    raise SystemExit(code)


class ClusterCrawl:
    """The crawl of some sites over a cluster, each with these `options` of the command line."""

    def __init__(
        self, archive: Archive, folders: Sequence[SiteFolder], options: tuple[str, ...]
    ) -> None:
        self._archive = archive
        self._hosts = {one.site.name: urlsplit(one.site.url).hostname or "" for one in folders}
        self._options = options
        self._accounts: dict[str, SiteAccount] = {}
        self._printed: dict[str, list[str]] = {}
        self.left_out: list[str] = []
        self.failures = Failures()

    def run(self, place: ClusterPlace, stop_after: float | None, *, quiet: bool) -> int | None:
        """Crawl all sites; the signal that stopped it, if one did."""
        until = None if stop_after is None else time.time() + stop_after
        with SiteRuns(place, "crawling", quiet=quiet) as over:
            tasks = over.tasks(
                self._archive, "crawl", self._hosts, *self._options, until=until, cores=True
            )
            if until:
                # If the time is too short for all, other sites are left out each time.
                random.shuffle(tasks)
            try:
                # Sites on one host share its pace: they are never crawled at the same time.
                for done in over.done(tasks, lane=lambda task: self._hosts[task.site]):
                    self._take(done, stopped=bool(over.stopped_by))
                if not over.stopped_by:
                    self._confirm(over)
            except ClusterFailed as error:
                self.failures.lose(error)
        return over.stopped_by

    @property
    def runs(self) -> list[Run]:
        """The runs over the sites, in the order of the sites."""
        return [self._accounts[site].run for site in self._hosts if site in self._accounts]

    @property
    def printed(self) -> list[str]:
        """What a dry run printed, in the order of the sites."""
        return [line for site in self._hosts for line in self._printed.get(site, ())]

    @property
    def unreached(self) -> list[str]:
        """The sites that could not be reached because the network is down."""
        lost = [site for site, account in self._accounts.items() if account.unreached]
        return lost if is_network(len(lost), len(self._accounts)) else []

    @property
    def exit_code(self) -> int:
        """As that of a crawl on one machine: a site whose task failed is as one that is busy."""
        runs = self.runs
        if self.failures.codes:
            return self.failures.code(in_part=bool(runs or self.left_out))
        return exit_code(None, runs, busy=False) if runs else 0

    def _take(self, done: SiteDone, *, stopped: bool) -> None:
        outcome = done.outcome
        account = SiteAccount.from_object(outcome.account) if outcome.account else None
        if account and account.told:
            self._accounts[done.site] = account
            self._printed[done.site] = done.lines()
        if outcome.code is None:
            self.left_out.append(done.site)
        elif not stopped and (not (account and account.told) or outcome.code not in (0, 1, 3)):
            self.failures.add(outcome)

    def _confirm(self, over: SiteRuns) -> None:
        """Enter removals that were seen twice, unless many other sites failed."""
        accounts = self._accounts
        if is_outage(sum(one.fails_newly for one in accounts.values()), len(accounts)):
            return
        for site, account in accounts.items():
            if account.confirmations:
                over.let(confirm_over, site, str(self._archive.path), site, account.confirmations)
