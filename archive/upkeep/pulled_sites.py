"""The sites that are pulled from a store, in an archive here, which is made if there is none."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from archive.errors import UsageError
from archive.files.append_file import make_folder
from archive.folder import Archive, SiteFolder
from archive.layout import SITES_TOML
from archive.upkeep.site_tables import only, read_text, with_sites_of, write_text


def pulled_sites(
    folder: Path, there: str, names: tuple[str, ...], *, dry_run: bool
) -> list[SiteFolder]:
    """The folders, in the archive `folder`, of the sites called `names`, or of all sites in the
    sites.toml of the store, whose text is `there`.

    sites.toml here gets those that it lacks; with `dry_run` it stays as it is. UnknownSite if the
    store has no such site; UsageError if it has another address here, or if `folder` is no archive
    and not empty.
    """
    toml = folder / SITES_TOML
    with TemporaryDirectory(prefix="baygan-") as scratch:
        stored = _read(scratch, there)
        wanted = stored.sites(names)
        known = Archive(folder).settings.sites if toml.exists() else {}
        for site in (one.site for one in wanted):
            if site.name in known and known[site.name].url != site.url:
                raise UsageError(
                    f"{site.name} is {known[site.name].url} here and {site.url} in the store."
                    " Nothing was fetched. Rename the one here, or pull into an empty folder."
                )
        called = [one.site.name for one in wanted]
        before = read_text(toml) if toml.exists() else ""
        text = with_sites_of(before, there, called) if toml.exists() else only(there, called)
        archive = _read(scratch, text)
        if dry_run:
            # What is here is looked at where it is.
            archive.path = folder.absolute()
    if not dry_run:
        archive = _made(folder, text, before)
    return archive.sites(tuple(called))


def _read(scratch: str, text: str) -> Archive:
    (Path(scratch) / SITES_TOML).write_text(text, "utf-8")
    return Archive(scratch)


def _made(folder: Path, text: str, before: str) -> Archive:
    """The archive in `folder`, whose sites.toml is now `text`."""
    if not before and folder.exists() and any(folder.iterdir()):
        raise UsageError(
            f"{folder.absolute()} is no archive and has other files in it. Nothing was fetched."
            " Name a new folder, as in: baygan pull s3://BUCKET/PREFIX -C persian-news"
        )
    make_folder(folder)
    if text != before:
        write_text(folder / SITES_TOML, text)
    return Archive(folder)
