"""baygan import: take articles from WARC files of other programs."""

from __future__ import annotations

import json
import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.outcomes import Outcome
from scraper.console.options import archive_option, quiet_option
from scraper.console.progress import growing_bar
from scraper.console.terminal import echo_data, safe_line, tell, tell_error

if TYPE_CHECKING:
    from archive.foreign.inputs import WarcInput
    from archive.storage.address import StoreAddress
    from scraper.offline.import_warc import Imported


class WarcArgument(click.Path):
    """The path of a file, or the address of an object."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from archive.storage.address import is_address, store_address

        if isinstance(value, str) and is_address(value):
            return store_address(value)
        return super().convert(value, param, ctx)


@click.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=WarcArgument(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--site", "name", required=True, metavar="SITE", help="The site they belong to.")
@click.option("-n", "--dry-run", is_flag=True, help="Print what would be taken; take nothing.")
@click.option(
    "--workers", type=click.IntRange(0), metavar="N", help="Clean in N processes beside this one."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as one JSON line.")
@quiet_option
@archive_option
def import_(
    files: tuple[Path | StoreAddress, ...],
    name: str,
    dry_run: bool,
    workers: int | None,
    as_json: bool,
    folder: Path,
) -> None:
    """Take articles from WARC files that other programs made.

    Each FILE may come from wget, Heritrix, Browsertrix, Common Crawl's CC-NEWS or the like; ARC
    files and the WARC files in a WACZ are read, too. The pages of SITE in it are copied into the
    archive, with their dates, and become articles. The files are not changed, and a second import
    of the same file adds nothing. A FILE may be in object storage: s3://BUCKET/NAME.

    Everything else is left out and counted by its reason. Images, redirects, errors and pages of
    other sites are no loss. If an article may have been lost, in a damaged part for instance, the
    exit status is 3. To see all that before anything is taken:

      baygan import --dry-run --site khabar wget.warc.gz
    """
    from archive.folder import Archive
    from archive.layout import LOGS
    from archive.upkeep.trial_copy import trial_copy
    from scraper.console.log import begin_log
    from scraper.offline.import_warc import Import
    from scraper.workers import CleaningWorkers

    archive = Archive(folder)
    site = archive.site(name)
    begin_log(archive.path / LOGS)
    pool = CleaningWorkers(os.cpu_count() if workers is None else workers)
    try:
        with (
            trial_copy(site) if dry_run else nullcontext(site) as target,
            growing_bar(f"importing {name}") as bar,
        ):
            imported = Import(target, _inputs(files), pool, bar.step).run()
    finally:
        pool.close()
    imported.dry_run = dry_run
    if as_json:
        echo_data(json.dumps(imported.to_object(), ensure_ascii=False))
    elif dry_run:
        click.echo(safe_line(f"{summary(imported)}; nothing was taken, this was a dry run"))
    else:
        tell(safe_line(summary(imported)))
    for sentence in complaints(imported):
        tell_error(sentence)
    if imported.incomplete:
        raise SystemExit(3)


def _inputs(files: tuple[Path | StoreAddress, ...]) -> list[WarcInput]:
    """The files, and the objects at the addresses."""
    if all(isinstance(file, Path) for file in files):
        return [file for file in files if isinstance(file, Path)]
    from archive.storage.stored_input import StoredInput

    return [file if isinstance(file, Path) else StoredInput(file) for file in files]


def complaints(imported: Imported) -> list[str]:
    """Sentences about what may be missing: files that are no WARC, parts of files that were passed
    over, and captures that may have been articles."""
    left_out = imported.left_out
    told = [*left_out.unread, *left_out.torn]
    if left_out.torn:
        told.append("All else was taken. If there are better copies of these files, import them.")
    if imported.lost:
        told.append(
            f"{imported.site}: may have been articles and are none: {_counts(imported.lost)}."
        )
    if left_out.dangling:
        told.append(
            f"{left_out.dangling} revisits refer to captures that are in none of the files: give"
            " the files that hold them in the same command."
        )
    return [safe_line(sentence) for sentence in told]


def summary(imported: Imported) -> str:
    """The result in a line: `khabar: 41 new, 2 changed of 50 pages; …`."""
    kinds = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED)
    parts = [f"{getattr(imported, kind)} {kind}" for kind in kinds if getattr(imported, kind)]
    left_out = imported.left_out
    others = sum(left_out.hosts.values())
    said = [
        f"{imported.site}: {', '.join(parts) or 'nothing new'} of {imported.pages} pages",
        f"no article: {_counts(imported.refused)}" if imported.refused else "",
        f"left out: {_counts(left_out.reasons)}" if left_out.reasons else "",
        f"{left_out.skipped} skipped, as sites.toml says" if left_out.skipped else "",
        f"{left_out.known} taken before" if left_out.known else "",
        f"{others} captures of other sites left out" if others else "",
        f"{left_out.mended} with a wrong length, read to their end" if left_out.mended else "",
        f"{imported.older} older than what is here; put them in their place with: baygan rebuild"
        f" {imported.site}"
        if imported.older
        else "",
    ]
    return "; ".join(part for part in said if part)


def _counts(reasons: dict[str, int]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))
