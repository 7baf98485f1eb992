"""An archive is a folder with a sites.toml; this is the only way in.

>>> archive = Archive("persian-news")
>>> for line in archive.site("khabar").articles():
...     print(line["title"])
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive.errors import FolderError, SettingsError, UnknownArticle
from archive.files.append_file import AppendFile, make_folder
from archive.index.index import Index
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.articles import ArticleLines
from archive.jsonl.removals import Removals
from archive.jsonl.runs import read_runs
from archive.layout import ARTICLES, INDEX, QUARANTINE, REMOVALS, RUNS, SITES_TOML
from archive.sites import Settings, Site, check_name, check_url, is_name, read_settings

_TEMPLATE = """\
# An archive of news sites, kept by baygan. This is the only file to edit.

[archive]
# Both go into every WARC file and, with every request, to the sites: say who you are.
# title    = "Persian news"
# operator = "University of Example"
# contact  = "archive@example.org"
# min_free = "1 GiB"             # room the disk must keep; if not set 1 GiB or 5 %, the larger

[defaults]
delay = 1.0                      # seconds between two requests to one site; at least 0.5

# One table a site. Add one with: baygan add URL
# [sites.khabar]                 # the name you type: a-z, 0-9 and -
# url     = "https://khabar.example/"
# delay   = 2.0
# since   = 2019-01-01           # nothing published before; "1397-10-11" and "1398" do, too
# types   = ["post"]             # only these post types
# skip    = ["/podcast/"]        # no address that contains one of these
# sitemap = "https://khabar.example/news.xml"   # if robots.txt does not name it
# remove  = ["div.telegram-box"] # more boilerplate, as CSS selectors
# content = "div.body"           # the article, if baygan does not find it
# budget  = 5000                 # requests a night at most; what is left is due the next night
# assets  = "images"             # keep the articles' images too; "page": all that a page needs
# proxy   = "http://user:password@proxy.example:3128"   # an HTTP proxy to go through
# verify_tls = false             # take a certificate that does not check
# allow_private = true           # let it reach 127.0.0.1, 10.… and the like
"""


class SiteFolder:
    """One site's folder: its lines, captures and runs. Reading needs no lock.

    A site is an island: its folder can be copied or moved by itself.
    """

    def __init__(self, archive: Archive, site: Site) -> None:
        self.archive = archive
        self.site = site
        self.path = archive.path / site.name
        self.quarantine = archive.path / QUARANTINE / site.name
        self.lines = ArticleLines(self.path / ARTICLES)
        self.runs_path = self.path / RUNS
        self.removals = Removals(self.path / REMOVALS)
        self.index_path = self.path / INDEX

    def index(self) -> Index | None:
        """The index for reading; None before the first crawl. The caller closes it."""
        return Index(self.index_path) if self.index_path.exists() else None

    @contextmanager
    def reading(self) -> Iterator[Index | None]:
        """The index for reading, closed at the end however that comes."""
        index = self.index()
        try:
            yield index
        finally:
            if index:
                index.close()

    def is_used(self) -> bool:
        """Whether something was ever crawled or imported into this folder."""
        return self.runs_path.is_file() or any(self.path.glob("warc/*/*.warc.gz*"))

    def articles(self) -> Iterator[ArticleLine]:
        """The newest version of every article, in the order of capture."""
        with self.reading() as index:
            for place in index.newest() if index else ():
                yield self.lines.read(place)

    def versions(self, key: str) -> list[ArticleLine]:
        """Every version of the article with the ID or address `key`, oldest first."""
        with self.reading() as index:
            places = index.versions(key) if index else []
        return [self.lines.read(place) for place in places]

    def runs(self) -> Iterator[dict[str, Any]]:
        """The nights of this site, oldest first."""
        return read_runs(self.runs_path)


class Archive:
    """The archive at `path`; NoArchive if there is no sites.toml, SettingsError if it is wrong."""

    def __init__(self, path: str | Path = ".") -> None:
        self.path = Path(path).absolute()
        self.settings: Settings = read_settings(self.path / SITES_TOML)

    @classmethod
    def create(cls, path: str | Path) -> Archive:
        """Make a new archive with a sites.toml that explains itself; never over an old one."""
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
        """The folders of these sites, or of all sites if none is named."""
        return [self.site(name) for name in names or self.settings.sites]

    def unnamed(self) -> list[SiteFolder]:
        """Folders of sites that sites.toml does not name any more: nothing reads or checks them.

        Whatever else somebody keeps here is left alone. Their `site.url` is empty.
        """
        names = sorted(path.name for path in self.path.iterdir() if is_name(path.name))
        strangers = [
            SiteFolder(self, Site(name=name, url=""))
            for name in names
            if name not in self.settings.sites
        ]
        return [folder for folder in strangers if folder.is_used()]

    def add(self, name: str, url: str, *, allow_private: bool = False) -> Site:
        """Append a site to sites.toml; SettingsError if the name or the address is there."""
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
        raise UnknownArticle(
            f"no article '{key}' in this archive. IDs look like khabar/post/12345;"
            " list them with: baygan export --fields id,title"
        )


def _append(path: Path, text: str) -> None:
    try:
        with AppendFile(path) as file:
            file.write(text.encode())
            file.sync()
    except FolderError as error:
        raise FolderError(f"{error} Make the folder writable.") from None
