"""baygan crawl: fetch what is new."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import UsageError
from archive.outcomes import Verdict
from scraper.cluster.options import cluster_options
from scraper.cluster.telling import task_pipe
from scraper.console.completions import site_names
from scraper.console.options import Day, Span, archive_option
from scraper.console.output import end_at_once
from scraper.console.terminal import echo_data, tell_error

if TYPE_CHECKING:
    from archive.folder import Archive, SiteFolder
    from archive.jsonl.runs import Run
    from scraper.crawl import Crawl

# For new articles alone it takes a blink; only after an upgrade there may be many.
_SEARCH_SECONDS = 60
_NAMES = 5


@click.command()
@click.argument("sites", nargs=-1, metavar="[SITE]...", shell_complete=site_names)
@click.option("--since", type=Day(), metavar="DATE", help="Only articles dated DATE or later.")
@click.option(
    "--limit", type=click.IntRange(1), metavar="N", help="Fetch at most N pages of each site."
)
@click.option(
    "--stop-after", type=Span(), metavar="SPAN", help="Begin nothing new after SPAN (90m, 6h)."
)
@click.option(
    "--wait",
    type=Span(),
    default=0.0,
    metavar="SPAN",
    help="Wait at most SPAN in all for other runs to end.",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(1), metavar="N", help="Crawl at most N sites at once."
)
@click.option("-n", "--dry-run", is_flag=True, help="Print what would be fetched; fetch no page.")
@click.option(
    "--verify-content",
    is_flag=True,
    help="Compare all text with the site's, to find silent edits.",
)
@click.option("--again", is_flag=True, help="Also fetch again the articles that are kept.")
@click.option(
    "--workers", type=click.IntRange(0), metavar="N", help="Clean in N processes beside this one."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each site.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", "verbosity", count=True, help="Print more; -vv prints all.")
@cluster_options("scraper.cluster.commands.crawling:crawl_over")
@archive_option
def crawl(
    sites: tuple[str, ...],
    since: date | None,
    wait: float,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
    verbosity: int,
    folder: Path,
    **options: Any,
) -> None:
    """Fetch the new articles of each SITE, or of all sites.

    A SITE is a name from sites.toml. Articles that are in the archive are not fetched again, so
    a stopped crawl goes on where it ended: run it once more. With --again they are fetched, too:
    a page that has not changed takes little room, a changed one becomes another version.

    DATE is a day in Iran, such as 2026-11-22 or 1405-09-01, or a whole month or year, such as
    1405-09 or 1405.

    Without a terminal it prints only problems, as cron jobs should, and each problem only once;
    `baygan status` shows the older ones. Exits with 3 if something new is wrong, and with 1 as
    long as no site can be read.
    """
    from archive.folder import Archive
    from archive.layout import LOGS
    from archive.select.upkeep import keep_up
    from archive.writer.open_sites import OpenSites
    from scraper.console.log import begin_log
    from scraper.notify.notifier import Notifier
    from scraper.open_files import raise_limit, sites_at_once

    archive = Archive(folder)
    folders = folders_of(archive, sites)
    log = begin_log(archive.path / LOGS, 0 if quiet else verbosity)
    raise_limit()
    # A task's child is told of by the head, together with all others.
    silent = options["dry_run"] or task_pipe() is not None
    with Notifier(archive, silent=silent) as notifier:
        opened = OpenSites(folders, wait, since, jobs or sites_at_once())
        opened.begin()

        from scraper.console.report import Report
        from scraper.crawl import Crawl, CrawlOptions

        run = Crawl(archive, CrawlOptions(**options), Report(quiet=quiet), log)
        runs = run.run(opened)
        code = exit_code(run.stopped_by, runs, bool(opened.busy or opened.left))
        notifier.ended(code, runs, stopped=bool(run.stopped_by))
    _print(run, runs, as_json)
    for busy in opened.busy:
        tell_error(str(busy))
    if opened.left and not run.stopped_by:
        tell_error(_without_turn(opened.left))
    if run.stopped_by:
        end_at_once(code)
    if not run.is_dry:
        counted = ((writer.folder, writer.run.counts) for writer in opened.writers)
        keep_up((site for site, counts in counted if counts.new or counts.changed), _SEARCH_SECONDS)
    raise SystemExit(code)


def _without_turn(sites: list[str]) -> str:
    """The sentence for `sites` that were not begun before the time was over."""
    names = ", ".join(sites[:_NAMES]) + (" …" if len(sites) > _NAMES else "")
    return (
        f"the time was over before {len(sites)} sites had their turn: {names}. They are the first"
        " in the next run. Allow more time with --stop-after, or more sites at once (ulimit -n)."
    )


def _print(crawl: Crawl, runs: list[Run], as_json: bool) -> None:
    """Print what a dry run would have fetched, or with `as_json` a line for each run."""
    if crawl.is_dry:
        for progress in crawl.progress:
            for url in progress.due:
                echo_data(url)
    elif as_json:
        for account in runs:
            echo_data(json.dumps(account.to_object(), ensure_ascii=False))


def folders_of(archive: Archive, sites: tuple[str, ...]) -> list[SiteFolder]:
    """The folders of these sites, or of all sites; UsageError if there is none, or if a CSS
    selector of a site in sites.toml is wrong."""
    folders = archive.sites(sites)
    if not folders:
        raise UsageError("sites.toml names no site yet. Add one with: baygan add URL")
    for folder in folders:
        if folder.site.remove or folder.site.content:
            from scraper.cleaning.content.main_content import check_selectors

            check_selectors(folder.site)
    return folders


def exit_code(stopped_by: int | None, runs: Sequence[Run], busy: bool) -> int:
    """0: done, and nothing new is wrong; 1: nothing could be done; 3: done in part, or something
    new is wrong; 130, 143: stopped by a signal."""
    if stopped_by:
        return 128 + stopped_by
    if all(run.verdict == Verdict.FAILED and run.problems for run in runs):
        return 1
    return 3 if busy or any(run.news for run in runs) else 0
