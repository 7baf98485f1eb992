"""The lines that workers export, site by site."""

from __future__ import annotations

from collections.abc import Iterator

from archive.folder import Archive
from archive.select.selection import Selection
from scraper.cluster.failures import failure
from scraper.cluster.options import ClusterPlace
from scraper.cluster.site_runs import SiteDone, SiteRuns
from scraper.open_files import raise_limit


def exported(
    place: ClusterPlace,
    archive: Archive,
    selection: Selection,
    *options: str,
    quiet: bool = False,
) -> Iterator[SiteDone]:
    """What `baygan export` prints of each site of the selection, in the order of the sites; the
    first error ends it."""
    selection.days, selection.query  # noqa: B018 # a mistake is told before anything is begun
    names = [site.site.name for site in archive.sites(selection.sites)]
    raise_limit()
    with SiteRuns(place, "exporting", quiet=quiet) as over:
        for done in over.in_order(over.tasks(archive, "export", names, *options)):
            over.end_if_stopped()
            if done.outcome.code:
                raise failure(done.outcome)
            yield done
    over.end_if_stopped()
