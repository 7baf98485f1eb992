"""baygan check --cluster: each site is checked at a worker, and told in the order of the sites."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archive.check.finding import Checked
from archive.folder import Archive
from scraper.cluster.failures import Failures
from scraper.cluster.options import ClusterPlace
from scraper.cluster.site_runs import SiteRuns
from scraper.commands.check import damage_in, print_checked, print_unnamed
from scraper.console.given_options import passed_options

_OURS = ("cluster", "pin", "folder", "as_json")


def check_over(
    place: ClusterPlace, *, sites: tuple[str, ...], as_json: bool, folder: Path, **passed: Any
) -> None:
    """As `baygan check`, with a task for each site."""
    archive = Archive(folder)
    names = [site.site.name for site in archive.sites(sites)]
    failures, broken = Failures(), []
    with SiteRuns(place, "checking") as over:
        tasks = over.tasks(archive, "check", names, *passed_options(_OURS), "--json", "--quiet")
        for done in over.in_order(tasks):
            lines = done.lines()
            if lines:
                checked = Checked.from_object(json.loads(lines[-1]))
                print_checked(checked, as_json)
                broken += [checked.site] if checked.damage else []
            elif done.outcome.code is not None:
                failures.add(done.outcome)
    over.end_if_stopped()
    for stranger in [] if sites else archive.unnamed():
        print_unnamed(stranger, as_json)
    failures.tell()
    if broken:
        raise damage_in(broken)
    if failures.codes:
        raise SystemExit(failures.code(in_part=False))
