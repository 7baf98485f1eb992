"""A selection of articles: which sites, days, categories, versions and so on.

>>> chosen = Selection(since="1404-05", until="1404-05", categories=("اقتصاد",))
>>> for found in chosen.lines(Archive("persian-news")):
...     print(found.line["title"], found.place.file)

What is asked of one key may be several values: one of them is enough. What is asked of several
keys must all be so.
"""

from __future__ import annotations

from collections.abc import Container, Generator, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from archive.copies.candidates import need_rensa
from archive.copies.clusters import CopyClusters
from archive.errors import Damaged
from archive.index.index import Entry
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.articles import LinePlace
from archive.select.hits import Hits
from archive.select.query import Query, read_query
from archive.select.upkeep import forget, searching
from archive.text.fold import squash
from archive.times.day_range import Day, DayRange

if TYPE_CHECKING:
    from archive.folder import Archive, SiteFolder

Versions = Literal["newest", "all"]


class SelectedLine(NamedTuple):
    """A line that a selection holds: the folder of its site, where it lies, and the line."""

    site: SiteFolder
    place: LinePlace
    line: ArticleLine


class CopyPlace(NamedTuple):
    """Where the line of a copy lies: the name of its site, and its place there."""

    site: str
    place: LinePlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is asked for; an empty field asks for nothing.

    `sites` are names of sites.toml, all if there is none. `since` and `until` are days in Iran,
    both included, as `DayRange` reads them: `1404-05` is a month. If there is one of the two,
    articles without a date are left out. `categories`, `tags`, `authors` and `sources` (agencies)
    are names as a reader spells them: half-spaces, blanks and spellings of a letter do not count.
    `types` are post types, `languages` codes such as `fa`, `flags` those of a line. `match` is a
    search for words, as archive.select.query reads it. With `changed` only articles that have
    several versions, with `removed` only those that their site does not list any more. `versions`
    is `newest`, or `all` for a line for each version. With `distinct` only the one of several
    articles with the same text that was published first (archive.copies); that needs rensa.
    """

    sites: tuple[str, ...] = ()
    since: Day | None = None
    until: Day | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    match: str | None = None
    changed: bool = False
    removed: bool = False
    versions: Versions = "newest"
    distinct: bool = False

    @property
    def days(self) -> DayRange:
        """The instants of the days asked for; UsageError if there is no such day, or none between
        the two."""
        return DayRange.of(self.since, self.until)

    @property
    def query(self) -> Query | None:
        """What `match` says; UsageError, with the place of the mistake, if it cannot be read."""
        return None if self.match is None else read_query(self.match)

    @property
    def filters(self) -> bool:
        """Whether more is asked for than a search for words tells of its hits."""
        return self.removed or self.distinct or bool(self._asked())

    def lines(self, archive: Archive) -> Generator[SelectedLine]:
        """The lines of an archive, site by site in the order of sites.toml or of `sites`, those
        of a site in the order of capture.

        Of the files in articles/ nothing is read but the lines of the days and words asked for;
        with `distinct` these are read twice. UsageError and UnknownSite as soon as this is called.
        """
        return self._distinct(archive.sites(self.sites))

    def of_site(self, folder: SiteFolder) -> Generator[SelectedLine]:
        """As `lines`, of this site alone; `sites` does not count."""
        return self._distinct([folder])

    def copies(self, archive: Archive) -> set[CopyPlace]:
        """The lines that `distinct` leaves out: those of copies. All lines are read for it. None if
        `distinct` is not asked for."""
        return self._copies(archive.sites(self.sites))

    def dates(self, archive: Archive) -> Generator[tuple[str, str | None]]:
        """The site of each article, and when it was published, in the order of `lines`. A line is
        read only if more is asked for than the indexes tell."""
        folders, days, query = archive.sites(self.sites), self.days, self.query
        copies = self._copies(folders)
        for folder in folders:
            if self._asked():
                for found in self._found(folder, days, query):
                    if CopyPlace(folder.site.name, found.place) not in copies:
                        yield folder.site.name, found.line["published"]
            else:
                for entry in self._entries(folder, days, query):
                    if CopyPlace(folder.site.name, entry.place) not in copies:
                        yield folder.site.name, entry.published

    def _distinct(self, folders: list[SiteFolder]) -> Generator[SelectedLine]:
        days, query = self.days, self.query
        if self.distinct:
            need_rensa()
        return self._without_copies(folders, days, query)

    def _without_copies(
        self, folders: list[SiteFolder], days: DayRange, query: Query | None
    ) -> Generator[SelectedLine]:
        copies = self._copies(folders)
        for folder in folders:
            for found in self._found(folder, days, query):
                if CopyPlace(folder.site.name, found.place) not in copies:
                    yield found

    def _copies(self, folders: list[SiteFolder]) -> set[CopyPlace]:
        if not self.distinct:
            return set()
        whole = replace(self, distinct=False)
        lines = (found for folder in folders for found in whole.of_site(folder))
        return {
            CopyPlace(one.site, one.place)
            for cluster in CopyClusters(lines)
            for one in (*cluster.copies, *cluster.others)
        }

    def _found(
        self, folder: SiteFolder, days: DayRange, query: Query | None
    ) -> Generator[SelectedLine]:
        entries = self._entries(folder, days, query)
        yield from self.read(folder, (entry.place for entry in entries))

    def _entries(self, folder: SiteFolder, days: DayRange, query: Query | None) -> Generator[Entry]:
        with folder.reading() as index:
            if index is None:
                return
            wanted, held = self.ids(folder), self._held(folder, days, query)
            every = self.versions == "all"
            for entry in index.entries(days, every=every, changed=self.changed):
                if (wanted is None or entry.id in wanted) and (held is None or entry.place in held):
                    yield entry

    @staticmethod
    def _held(folder: SiteFolder, days: DayRange, query: Query | None) -> set[LinePlace] | None:
        """Where the lines with the words of the query are; None if there is no query."""
        if query is None:
            return None
        try:
            return _standing(folder, days, query)
        except Damaged:
            forget(folder)
            return _standing(folder, days, query)

    def ids(self, folder: SiteFolder) -> set[str] | None:
        """The IDs of the articles that are asked for; None for any. The removals of a site have
        them."""
        return {removal.id for removal in folder.removals()} if self.removed else None

    def read(self, folder: SiteFolder, places: Iterable[LinePlace]) -> Generator[SelectedLine]:
        """Of the lines at `places` those that have what is asked of their keys."""
        asked = self._asked()
        for place, line in folder.lines.read_each(places):
            if all(wanted.holds(line) for wanted in asked):
                yield SelectedLine(folder, place, line)

    def _asked(self) -> list[_Asked]:
        keys = {
            "categories": self.categories,
            "tags": self.tags,
            "authors": self.authors,
            "source": self.sources,
            "language": self.languages,
            "post_type": self.types,
            "flags": self.flags,
        }
        return [_Asked(key, {squash(one) for one in asked}) for key, asked in keys.items() if asked]


def _standing(folder: SiteFolder, days: DayRange, query: Query) -> set[LinePlace]:
    with searching(folder) as words:
        return set(Hits(words, query, days, every=True).places()) if words else set()


class _Asked(NamedTuple):
    """One key of a line, and the values of which one is asked for, squashed."""

    key: str
    values: Container[str]

    def holds(self, line: ArticleLine) -> bool:
        """Whether the key has one of the values: it holds a list, a text or nothing."""
        found = line.get(self.key)
        names = found if isinstance(found, list) else [found]
        return any(isinstance(name, str) and squash(name) in self.values for name in names)
