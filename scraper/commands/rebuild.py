"""baygan rebuild: make lines, texts and index anew from the WARC files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cluster.options import cluster_options
from scraper.console.completions import site_names
from scraper.console.options import quiet_option, reading_option
from scraper.console.progress import growing_bar
from scraper.console.terminal import safe_line, tell_error
from scraper.offline.rebuilt import print_rebuilt

if TYPE_CHECKING:
    from archive.folder import SiteFolder
    from scraper.offline.rebuilt import Rebuilt
    from scraper.workers import CleaningWorkers


@click.command()
@click.argument("sites", nargs=-1, metavar="[SITE]...", shell_complete=site_names)
@click.option("-n", "--dry-run", is_flag=True, help="Print what would change; change nothing.")
@click.option(
    "--workers", type=click.IntRange(0), metavar="N", help="Clean in N processes beside this one."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each site.")
@click.option("-v", "--verbose", is_flag=True, help="Print every article that changes, and how.")
@quiet_option
@cluster_options("scraper.cluster.commands.rebuilding:rebuild_over")
@reading_option
def rebuild(
    sites: tuple[str, ...],
    dry_run: bool,
    workers: int | None,
    as_json: bool,
    verbose: bool,
    folder: Path,
) -> None:
    """Clean all captured pages again, with the rules of today.

    Makes the articles of each SITE, or of all sites, anew from the stored pages, without a
    request: with the rules of this version of baygan and with sites.toml as it is now. When all
    new files are complete the old ones move to quarantine/; until then nothing is changed. After
    an upgrade, look first:

      baygan rebuild --dry-run
    """
    from archive.errors import BayganError, UsageError
    from archive.folder import Archive
    from archive.layout import LOGS
    from archive.storage.mirror import is_mirror
    from scraper.console.log import begin_log
    from scraper.workers import CleaningWorkers

    if is_mirror(folder) and not dry_run:
        raise UsageError(
            "an archive in a store is only read. With --dry-run you see what would change; rebuild"
            " the archive that was pushed."
        )
    archive = Archive(folder)
    folders = archive.sites(sites)
    begin_log(archive.path / LOGS)
    pool = CleaningWorkers(os.cpu_count() if workers is None else workers)
    failed: list[BayganError] = []
    try:
        for site in folders:
            try:
                rebuilt = _rebuild(site, pool, dry_run, verbose)
            except BayganError as error:
                failed.append(error)
                continue
            print_rebuilt(rebuilt, as_json, dry_run)
    finally:
        pool.close()
    if len(failed) == 1 and len(folders) == 1:
        raise failed[0]
    for failure in failed:
        tell_error(str(failure))
    if failed:
        codes = {error.exit_code for error in failed}
        raise SystemExit(4 if 4 in codes else min(codes) if len(failed) == len(folders) else 3)


def _rebuild(site: SiteFolder, pool: CleaningWorkers, dry_run: bool, verbose: bool) -> Rebuilt:
    from scraper.offline.rebuild import Rebuild

    with growing_bar(f"rebuilding {site.site.name}", shown=not verbose) as bar:

        def begin(count: int) -> None:
            bar.total = count

        def detail(text: str) -> None:
            if verbose:
                click.echo(safe_line(text))

        return Rebuild(site, pool, dry_run=dry_run, begin=begin, step=bar.step, detail=detail).run()
