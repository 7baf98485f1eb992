"""baygan doctor: is all here that a crawl needs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scraper.console.options import archive_option
from scraper.console.terminal import echo_data, safe_line


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each thing.")
@archive_option
def doctor(as_json: bool, folder: Path) -> None:
    """Look for what would make a crawl fail, and say what to do.

    The program, the machine and the archive are looked at. Each line is a thing and how it is:
    `fine`, `look` if it may lead to trouble, `bad` if crawls fail by it; then what to do. Nothing
    is fetched; the names of the sites' hosts are looked up. Exits with 1 if anything is bad.
    Outside of an archive only the program and the machine are looked at.
    """
    from archive.errors import NoArchive
    from archive.folder import Archive
    from scraper.doctor import archive_health, machine, program
    from scraper.doctor.diagnosis import Health

    try:
        archive = Archive(folder)
    except NoArchive:
        archive = None
    found = [*program.findings(), *machine.findings(len(archive.settings.sites) if archive else 0)]
    if archive:
        found += archive_health.findings(archive)
    for finding in found:
        if as_json:
            echo_data(json.dumps(finding.to_object(), ensure_ascii=False))
        else:
            echo_data(safe_line(f"{finding.health:4}  {finding.what:11}  {finding.found}"))
            if finding.advice:
                echo_data(safe_line(f"{'':19}{finding.advice}"))
    if any(finding.health == Health.BAD for finding in found):
        raise SystemExit(1)
