"""An archive is a folder with a sites.toml, and in it a folder for each site.

>>> site = Archive("persian-news").site("khabar")
>>> for line in site.articles(since="1404-05"):
...     print(line["title"], len(site.page(line)))
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from archive.errors import FolderError, SettingsError, UnknownArticle
from archive.files.append_file import AppendFile, make_folder
from archive.index.index import Index
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.articles import ArticleLines
from archive.jsonl.removals import Removal, Removals
from archive.jsonl.runs import latest_runs, read_runs
from archive.layout import (
    ARTICLES,
    INDEX,
    QUARANTINE,
    REMOVALS,
    RUNS,
    SITES_TOML,
    article_files,
    final_name,
)
from archive.sites import Settings, Site
from archive.sites_toml import check_name, check_url, is_name, read_settings
from archive.storage.stored_files import warc_files
from archive.times.day_range import Day, DayRange
from archive.warc.pages import PageCapture, asked_pages
from archive.warc.reader import read_record, response_of
from archive.warc.stored_record import StoredRecord

_TEMPLATE = """\
# An archive of news sites, kept by baygan. This is the only file to edit.

[archive]
# Both go into every WARC file and, with every request, to the sites: say who you are.
# title    = "Persian news"
# operator = "University of Example"
# contact  = "archive@example.org"
# storage  = "s3://bucket/archive"   # where finished files are that you removed here
# min_free = "1 GiB"             # free space to leave on the disk; if not set, 1 GiB or 5 %

# [notify]                       # who is told of each crawl
# on_end      = ["/usr/local/bin/tell"]   # a command; it gets the crawl as JSON on its stdin
# healthcheck = "https://hc-ping.com/…"   # pinged at the start, and when all is well or not
# textfile    = "/var/lib/node_exporter/baygan.prom"   # for Prometheus

[defaults]
delay = 1.0                      # seconds between two requests to one site; at least 0.5

# One table a site. Add one with: baygan add URL
# [sites.khabar]                 # the name you type: a-z, 0-9 and -
# url     = "https://khabar.example/"
# delay   = 2.0
# since   = 2019-01-01           # nothing published before; also "1397-10-11" or "1398"
# types   = ["post"]             # only these post types
# skip    = ["/podcast/"]        # no address that contains one of these
# sitemap = "https://khabar.example/news.xml"   # if robots.txt does not name it
# remove  = ["div.telegram-box"] # more boilerplate, as CSS selectors
# content = "div.body"           # the article, if baygan does not find it
# budget  = 5000                 # requests a run at most; what is left is due in the next one
# assets  = "images"             # keep the articles' images too; "page": all that a page needs
# proxy   = "http://user:password@proxy.example:3128"   # an HTTP proxy to go through
# verify_tls = false             # accept a certificate that is expired or not valid
# allow_private = true           # allow 127.0.0.1, 10.… and other private addresses
"""


class SiteFolder:
    """One site's folder: its articles, captures, runs and removals.

    Reading needs no lock; a crawl may run meanwhile. What an iterator has opened is closed when
    it ends or is thrown away. A site's folder can be copied or moved by itself.
    """

    def __init__(self, archive: Archive, site: Site) -> None:
        self.archive = archive
        self.site = site
        self.path = archive.path / site.name
        self.quarantine = archive.path / QUARANTINE / site.name
        self.lines = ArticleLines(self.path / ARTICLES)
        self.runs_path = self.path / RUNS
        self.removals_ledger = Removals(self.path / REMOVALS)
        self.index_path = self.path / INDEX

    def index(self) -> Index | None:
        """The index for reading; None before the first crawl. The caller closes it. FolderError if
        it was deleted: without it no article is found, as if there were none."""
        if self.index_path.exists():
            return Index(self.index_path)
        if article_files(self.lines.folder):
            name = self.site.name
            raise FolderError(
                f"{self.index_path} is not there, so none of the articles of {name} can be found."
                f" They are safe. The next crawl makes it anew: baygan crawl {name}. Without a"
                f" request to the site: baygan rebuild {name}"
            )
        return None

    @contextmanager
    def reading(self) -> Iterator[Index | None]:
        """The index for reading; it is closed at the end, also after an error."""
        index = self.index()
        try:
            yield index
        finally:
            if index:
                index.close()

    def is_used(self) -> bool:
        """Whether something was ever crawled or imported into this folder."""
        return self.runs_path.is_file() or any(self.path.glob("warc/*/*.warc.gz*"))

    def articles(
        self,
        since: Day | None = None,
        until: Day | None = None,
        versions: Literal["newest", "all"] = "newest",
    ) -> Generator[ArticleLine]:
        """The lines of the articles in the order of capture: the newest version of each, or all
        versions.

        `since` and `until` are days in Iran, both included: a `date`, or a text that names a
        day, a month or a year in either calendar (`2025-08-01`, `1404-05`). Lines without a date
        are then left out. UsageError if a text names no day, or if `until` is before `since`.
        """
        return self._articles(DayRange.of(since, until), every=versions == "all")

    def _articles(self, days: DayRange, *, every: bool) -> Generator[ArticleLine]:
        with self.reading() as index:
            entries = index.entries(days, every=every) if index else ()
            for _, line in self.lines.read_each(entry.place for entry in entries):
                yield line

    def article(self, key: str) -> ArticleLine:
        """The line of the newest version of the article with the ID or address `key`;
        UnknownArticle if there is none."""
        versions = self.versions(key)
        if not versions:
            raise _unknown(key, f"the folder of {self.site.name}")
        return versions[-1]

    def versions(self, key: str) -> list[ArticleLine]:
        """Every version of the article with the ID or address `key`, oldest first; an empty
        list if there is none."""
        with self.reading() as index:
            places = index.versions(key) if index else []
        return [self.lines.read(place) for place in places]

    def record(self, of: Mapping[str, Any] | PageCapture) -> StoredRecord:
        """The WARC `response` record with the page of a line or of a capture.

        A `revisit` record holds no body: then this is the response that it refers to. Damaged if
        the record is not there as it was written.
        """
        warc = of.warc if isinstance(of, PageCapture) else of["warc"]
        return response_of(self.path, read_record(self.path, warc))

    def page(self, of: Mapping[str, Any] | PageCapture) -> bytes:
        """The bytes of the page behind a line or a capture, as the site sent them, but without
        transfer-coding and content-coding (gzip and the like). Damaged as for `record`."""
        return self.record(of).page()

    def captures(self) -> Generator[PageCapture]:
        """Every capture of a page, oldest file first, also errors, redirects and pages that are
        no article (see `PageCapture.status`). Damaged where a file is broken."""
        for path in warc_files(self.path):
            # A crawl may have finished and renamed the file since it was listed.
            path = path if path.exists() else final_name(path)
            yield from asked_pages(self.path, path)

    def runs(self) -> Iterator[dict[str, Any]]:
        """The objects of runs.jsonl, oldest first: when each run was, and what it did."""
        return read_runs(self.runs_path)

    def latest_runs(self) -> Iterator[dict[str, Any]]:
        """The same, the newest first; only so much is read as you take."""
        return latest_runs(self.runs_path)

    def removals(self) -> list[Removal]:
        """The posts that the site does not list any more; the one missed first is first. Posts
        that came back are left out."""
        return self.removals_ledger.open()


class Archive:
    """The archive at `path`; NoArchive if there is no sites.toml, SettingsError if it is wrong."""

    def __init__(self, path: str | Path = ".") -> None:
        self.path = Path(path).absolute()
        self.settings: Settings = read_settings(self.path / SITES_TOML)

    @classmethod
    def create(cls, path: str | Path) -> Archive:
        """Make a new archive, with a sites.toml that explains its keys; SettingsError if there is
        one already."""
        folder = Path(path).absolute()
        make_folder(folder)
        toml = folder / SITES_TOML
        if toml.exists():
            raise SettingsError(
                f"{folder} is an archive already; nothing was changed."
                " Add a site with: baygan add URL"
            )
        _append(toml, _TEMPLATE)
        return cls(folder)

    def site(self, name: str) -> SiteFolder:
        """The folder of the site called `name`; UnknownSite with a suggestion otherwise."""
        return SiteFolder(self, self.settings.site(name))

    def sites(self, names: tuple[str, ...] = ()) -> list[SiteFolder]:
        """The folders of these sites, each once, or of all sites if none is named."""
        return [self.site(name) for name in dict.fromkeys(names or self.settings.sites)]

    def unnamed(self) -> list[SiteFolder]:
        """The folders of sites that sites.toml does not name any more: no command reads or checks
        them. Their `site.url` is empty. Other folders, without a crawl in them, are left out."""
        names = sorted(path.name for path in self.path.iterdir() if is_name(path.name))
        strangers = [
            SiteFolder(self, Site(name=name, url=""))
            for name in names
            if name not in self.settings.sites
        ]
        return [folder for folder in strangers if folder.is_used()]

    def add(self, name: str, url: str, *, allow_private: bool = False) -> Site:
        """Append a site to sites.toml; SettingsError if it has the name or the address already."""
        self.check_new(name, url)
        entry = f"\n[sites.{name}]\nurl = {json.dumps(url)}\n"
        if allow_private:
            entry += "allow_private = true\n"
        _append(self.path / SITES_TOML, entry)
        self.settings = read_settings(self.path / SITES_TOML)
        return self.settings.site(name)

    def check_new(self, name: str, url: str) -> None:
        """SettingsError unless `name` and `url` can be added to sites.toml."""
        check_name(name)
        check_url(url, f"[sites.{name}]")
        for site in self.settings.sites.values():
            if site.name == name or site.url == url:
                raise SettingsError(
                    f"sites.toml has [sites.{site.name}] for {site.url} already; nothing was"
                    " changed. For another site choose another name with --name."
                )

    def find(self, key: str) -> tuple[SiteFolder, list[ArticleLine]]:
        """The versions of the article with the ID or address `key`; UnknownArticle if none."""
        named = key.split("/")[0]
        for folder in self.sites((named,) if named in self.settings.sites else ()):
            versions = folder.versions(key)
            if versions:
                return folder, versions
        raise _unknown(key, "this archive")


def _unknown(key: str, where: str) -> UnknownArticle:
    return UnknownArticle(
        f"no article '{key}' in {where}. IDs look like khabar/post/12345;"
        " list them with: baygan export --fields id,title"
    )


def _append(path: Path, text: str) -> None:
    try:
        with AppendFile(path) as file:
            file.write(text.encode())
            file.sync()
    except FolderError as error:
        raise FolderError(f"{error} Make the folder writable.") from None
