"""baygan rebuild --cluster: each site at a worker, told in the order of the sites."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from archive.folder import Archive
from archive.layout import LOGS
from scraper.cluster.failures import Failures
from scraper.cluster.options import ClusterPlace
from scraper.cluster.site_runs import SiteRuns
from scraper.console.given_options import passed_options
from scraper.console.log import begin_log
from scraper.console.terminal import safe_line
from scraper.offline.rebuilt import Rebuilt, print_rebuilt

_OURS = ("cluster", "pin", "folder", "as_json")


def rebuild_over(
    place: ClusterPlace,
    *,
    sites: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    folder: Path,
    **passed: Any,
) -> None:
    """As `baygan rebuild`, with a task for each site."""
    archive = Archive(folder)
    names = [site.site.name for site in archive.sites(sites)]
    begin_log(archive.path / LOGS)
    failures, count = Failures(), 0
    options = (*passed_options(_OURS), "--json", "--quiet")
    with SiteRuns(place, "rebuilding") as over:
        for done in over.in_order(over.tasks(archive, "rebuild", names, *options, cores=True)):
            lines = done.lines()
            if done.outcome.code == 0:
                # With --verbose a line for each article comes first.
                for line in lines[:-1]:
                    click.echo(safe_line(line))
                print_rebuilt(Rebuilt(**json.loads(lines[-1])), as_json, dry_run)
                count += 1
            elif done.outcome.code is not None and not over.stopped_by:
                failures.add(done.outcome)
    over.end_if_stopped()
    failures.tell()
    if failures.codes:
        raise SystemExit(failures.code(in_part=count > 0))
