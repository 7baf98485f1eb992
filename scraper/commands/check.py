"""baygan check: check that everything is still as it was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import Damaged
from scraper.cluster.options import cluster_options
from scraper.console.completions import site_names
from scraper.console.options import archive_option, quiet_option
from scraper.console.progress import growing_bar
from scraper.console.terminal import echo_data, safe_line, tell
from scraper.console.unnamed import unnamed_remark

if TYPE_CHECKING:
    from archive.check import Checked
    from archive.folder import SiteFolder


@click.command()
@click.argument("sites", nargs=-1, metavar="[SITE]...", shell_complete=site_names)
@click.option("--deep", is_flag=True, help="Decode every article's page, too, and all of index.db.")
@click.option("--stored", is_flag=True, help="Read the files, too, that are only in a store.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each site.")
@quiet_option
@cluster_options("scraper.cluster.commands.checking:check_over")
@archive_option
def check(sites: tuple[str, ...], deep: bool, stored: bool, as_json: bool, folder: Path) -> None:
    """Verify all that is stored of each SITE, or of all sites.

    Reads every WARC file, every article and the manifest, and compares them with each other.
    Nothing is changed, and a crawl may run meanwhile. Prints a line for each damage, and exits
    with 4 if there is any. The folder of a site that sites.toml does not name any more is not
    checked; a line says so. Check once a month:

      0 5 1 * *  baygan check -C /srv/persian-news
    """
    from archive.check import Check
    from archive.folder import Archive

    archive = Archive(folder)
    broken = []
    for site in archive.sites(sites):
        look = Check(site, deep=deep, stored=stored)
        with growing_bar(f"checking {site.site.name}", look.size, in_bytes=True) as bar:
            checked = look.run(bar.step)
        print_checked(checked, as_json)
        broken += [site.site.name] if checked.damage else []
    for stranger in [] if sites else archive.unnamed():
        print_unnamed(stranger, as_json)
    if broken:
        raise damage_in(broken)


def damage_in(sites: list[str]) -> Damaged:
    """The error that ends a check of these sites."""
    return Damaged(
        f"{', '.join(sites)}: what is stored is not what was written. Nothing was changed."
        " Look at the disk, and bring back the files named above from a copy; if they were pushed"
        " to a store, with: baygan pull"
    )


def print_checked(checked: Checked, as_json: bool) -> None:
    """Tell what was found in one site."""
    site = checked.site
    if as_json:
        echo_data(json.dumps(checked.to_object(), ensure_ascii=False))
    else:
        for finding in checked.damage:
            click.echo(safe_line(f"{site}/{finding}"))
    for finding in checked.notes:
        tell(f"{site}/{finding}")
    if not checked.damage:
        tell(
            f"{site}: {checked.lines} articles and {checked.records} records in {checked.files}"
            f" files ({checked.bytes / 1e6:.1f} MB) are as they were written"
        )


def print_unnamed(folder: SiteFolder, as_json: bool) -> None:
    """Tell that this folder is no site's, and was not checked."""
    from archive.check import Checked, Finding

    if as_json:
        note = Finding(".", None, unnamed_remark(folder), damage=False)
        echo_data(json.dumps(Checked(folder.site.name, findings=[note]).to_object()))
    else:
        click.echo(safe_line(unnamed_remark(folder)))
