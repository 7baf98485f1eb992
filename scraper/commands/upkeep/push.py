"""baygan push: copy what is finished to object storage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import Damaged, UsageError
from scraper.console.completions import site_names
from scraper.console.options import archive_option, quiet_option
from scraper.console.progress import growing_bar
from scraper.console.terminal import echo_data, safe_line, tell, tell_error

if TYPE_CHECKING:
    from archive.folder import Archive
    from archive.storage.address import StoreAddress
    from archive.storage.push import Pushed

MEGABYTE = 1e6


@click.command()
@click.argument("words", nargs=-1, metavar="[SITE]... [URL]", shell_complete=site_names)
@click.option("-n", "--dry-run", is_flag=True, help="Print what would be sent; send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each site.")
@quiet_option
@archive_option
def push(words: tuple[str, ...], dry_run: bool, as_json: bool, folder: Path) -> None:
    """Copy what is finished to S3-compatible storage.

    URL is s3://BUCKET/PREFIX; without it, `storage` in sites.toml. Every finished file of each
    SITE, or of all sites, is compared with the manifest, sent, and compared with what the store
    says it has. What is there already is not sent again, so after a kill or a cut connection give
    the command once more. Nothing there is deleted, and an object of somebody else is left as it
    is.

    Endpoint, region and keys are those of AWS's own tools: AWS_ENDPOINT_URL, AWS_REGION,
    AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE. It needs s3fs: pip install
    'baygan[s3]'. The copy is an archive for reading:

    \b
      baygan push s3://bucket/archive
      baygan show -C s3://bucket/archive khabar/post/12345
    """
    from archive.folder import Archive
    from archive.storage.pushed_settings import PushedSettings

    archive = Archive(folder)
    names, address = store_on_line(folder, words, "where to", "push")
    sites = archive.sites(names)
    used = {site.site.name for site in sites if site.is_used()}
    settings = PushedSettings(archive, address)
    done = [_push(archive, name, address, dry_run, as_json) for name in sorted(used)]
    unlike = [f"{one.address}/{file}" for one in done for file in one.different]
    alien = {one.site for one in done if _is_alien(one)}
    if used and not dry_run and not settings.push(used, alien):
        unlike.append(f"{address}/sites.toml")
    _conclude(done, unlike)


def store_on_line(
    folder: Path, words: tuple[str, ...], question: str, command: str
) -> tuple[tuple[str, ...], StoreAddress]:
    """The sites and the address on the command line; without one, that of sites.toml."""
    from archive.folder import Archive
    from archive.layout import SITES_TOML
    from archive.storage.address import is_address, store_address

    addresses = [word for word in words if is_address(word)]
    if len(addresses) > 1:
        raise UsageError("more than one URL. Name one store, and then the other.")
    known = Archive(folder).settings.storage if (folder / SITES_TOML).exists() else None
    address = addresses[0] if addresses else known
    if address is None:
        raise UsageError(
            f"{question}? Name the store, as in: baygan {command} s3://BUCKET/PREFIX, or once for"
            ' all in sites.toml, under [archive]: storage = "s3://BUCKET/PREFIX"'
        )
    return tuple(word for word in words if not is_address(word)), store_address(address)


def _push(
    archive: Archive, name: str, address: StoreAddress, dry_run: bool, as_json: bool
) -> Pushed:
    from archive.storage.push import Push

    with growing_bar(f"pushing {name}", in_bytes=True) as bar:

        def begin(size: int) -> None:
            bar.total = size

        site = archive.site(name)
        pushed = Push(site, address, dry_run=dry_run, begin=begin, step=bar.step).run()
    if as_json:
        echo_data(json.dumps(pushed.to_object(), ensure_ascii=False))
    elif dry_run:
        click.echo(safe_line(f"{summary(pushed)}; nothing was sent, this was a dry run"))
    else:
        tell(safe_line(summary(pushed)))
    return pushed


def summary(pushed: Pushed) -> str:
    """The result in a line: `khabar: 12 files sent (3.4 MB), 210 there already (81.0 MB); …`."""
    said = [
        f"{pushed.site}: {files(pushed.sent)} {'to send' if pushed.dry_run else 'sent'}"
        f" ({pushed.sent_bytes / MEGABYTE:.1f} MB)",
        f"{pushed.replaced} of them in the place of an earlier state" if pushed.replaced else "",
        f"{pushed.there} there already ({pushed.there_bytes / MEGABYTE:.1f} MB)",
        f"{files(pushed.waiting)} not sealed yet; the next crawl does that"
        if pushed.waiting
        else "",
    ]
    return ", ".join(part for part in said if part)


def files(count: int) -> str:
    """So many files, in words."""
    return f"{count} file{'' if count == 1 else 's'}"


def _is_alien(pushed: Pushed) -> bool:
    """Whether the site was not touched, since another archive's has its place."""
    return not pushed.sent and not pushed.there and bool(pushed.different)


def _conclude(done: list[Pushed], unlike: list[str]) -> None:
    """Tell what was not sent, and end with the code for it."""
    for name in unlike:
        tell_error(f"{name}: another object is there. It was left as it is, ours was not sent.")
    damaged = [f"{one.site}: {what}" for one in done for what in one.damaged]
    for what in damaged:
        tell_error(what)
    if damaged:
        raise Damaged(
            f"{files(len(damaged))} here cannot be pushed; all others are there. See what it is"
            " with: baygan check"
        )
    if unlike:
        raise SystemExit(3)
