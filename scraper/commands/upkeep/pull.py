"""baygan pull: bring an archive back from object storage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import ArchiveBusy, Damaged
from scraper.commands.upkeep.push import MEGABYTE, files, store_on_line
from scraper.console.completions import site_names
from scraper.console.options import archive_option, quiet_option
from scraper.console.progress import growing_bar
from scraper.console.terminal import echo_data, safe_line, tell, tell_error

if TYPE_CHECKING:
    from archive.folder import SiteFolder
    from archive.storage.address import StoreAddress
    from archive.storage.pull import Pulled


@click.command()
@click.argument("words", nargs=-1, metavar="[SITE]... [URL]", shell_complete=site_names)
@click.option("-n", "--dry-run", is_flag=True, help="Print what would be fetched; fetch nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each site.")
@quiet_option
@archive_option
def pull(words: tuple[str, ...], dry_run: bool, as_json: bool, folder: Path) -> None:
    """Bring back what was pushed, all of it or what is lost here.

    URL is s3://BUCKET/PREFIX; without it, `storage` in sites.toml. In an empty folder, or a new
    one, the archive is made anew. In an archive, files that are missing or damaged come back; what
    is wrong here moves to quarantine/, what is right stays. A file takes its place when its bytes
    are those that the manifest names, so after a kill or a cut connection give the command once
    more.

    Keys and endpoint are as for `baygan push`.

    \b
      baygan pull s3://bucket/archive -C persian-news
      baygan check -C persian-news
    """
    from archive.layout import SITES_TOML
    from archive.storage.pushed_settings import stored_settings
    from archive.upkeep.pulled_sites import pulled_sites

    names, address = store_on_line(folder, words, "from where", "pull")
    is_new = not dry_run and not (folder / SITES_TOML).exists()
    sites = pulled_sites(folder, stored_settings(address), names, dry_run=dry_run)
    if is_new:
        tell(
            safe_line(f"made {folder / SITES_TOML}; proxies and [notify] are not pushed: add yours")
        )
    done, busy = [], []
    for site in sites:
        try:
            done.append(_pull(site, address, dry_run, as_json))
        except ArchiveBusy as error:
            busy.append(error)
    _conclude(done, busy)


def _pull(site: SiteFolder, address: StoreAddress, dry_run: bool, as_json: bool) -> Pulled:
    from archive.storage.pull import Pull

    with growing_bar(f"pulling {site.site.name}", in_bytes=True) as bar:

        def begin(size: int) -> None:
            bar.total = size

        pulled = Pull(site, address, dry_run=dry_run, begin=begin, step=bar.step).run()
    if as_json:
        echo_data(json.dumps(pulled.to_object(), ensure_ascii=False))
    elif dry_run:
        click.echo(safe_line(f"{_summary(pulled)}; nothing was fetched, this was a dry run"))
    else:
        tell(safe_line(_summary(pulled)))
    return pulled


def _summary(pulled: Pulled) -> str:
    """The result in a line: `khabar: 12 files fetched (3.4 MB), 210 here already (81.0 MB)`."""
    said = [
        f"{pulled.site}: {files(pulled.fetched)} {'to fetch' if pulled.dry_run else 'fetched'}"
        f" ({pulled.fetched_bytes / MEGABYTE:.1f} MB)",
        f"{pulled.aside} of them in the place of a damaged one" if pulled.aside else "",
        f"{pulled.here} here already ({pulled.here_bytes / MEGABYTE:.1f} MB)",
    ]
    return ", ".join(part for part in said if part)


def _conclude(done: list[Pulled], busy: list[ArchiveBusy]) -> None:
    """Tell what was not fetched, and end with the code for it."""
    different = [f"{one.address}/{file}" for one in done for file in one.different]
    for name in different:
        tell_error(f"{name}: it is not there as the manifest says; it was not taken.")
    alien = [one for one in done if one.alien]
    for one in alien:
        tell_error(
            f"{one.site}: what is here is not what was pushed to {one.address}: their manifests are"
            " not of one archive. It was left as it is. Pull into an empty folder; or if only the"
            " manifest.jsonl here is damaged, move that file away and pull once more."
        )
    for error in busy:
        tell_error(str(error))
    if different:
        raise Damaged(
            f"{files(len(different))} in the store cannot be taken; all others are here. If they"
            " are on another disk, push them from there."
        )
    if alien:
        raise SystemExit(3)
    if busy:
        raise SystemExit(3 if done else ArchiveBusy.exit_code)
