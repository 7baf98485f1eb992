"""What is counted of the lines of a data set while they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from archive.jsonl.article_line import ArticleLine
from archive.layout import is_imported


@dataclass(slots=True)
class Extent:
    """The first and the last of what was seen, as texts that sort by what they mean."""

    first: str | None = None
    last: str | None = None

    def see(self, value: str | None) -> None:
        """Take `value` in; None is nothing."""
        if value is not None:
            self.first = min(self.first or value, value)
            self.last = max(self.last or value, value)

    def __str__(self) -> str:
        return f"{self.first} to {self.last}" if self.first else "unknown"


@dataclass(slots=True)
class SiteTally:
    """The lines of one site: how many, of how many articles, how many without a date, when they
    were published (also by the Jalali calendar) and captured."""

    lines: int = 0
    articles: int = 0
    undated: int = 0
    published: Extent = field(default_factory=Extent)
    jalali: Extent = field(default_factory=Extent)
    fetched: Extent = field(default_factory=Extent)


class LineTally:
    """The lines of a data set, by site. `languages`, `flags` and `makers` are counters: a maker is
    the versions of baygan and trafilatura and the digest of the rules. `imported` is how many were
    captured by another program."""

    def __init__(self) -> None:
        self.sites: dict[str, SiteTally] = {}
        self.languages: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()
        self.makers: Counter[tuple[str, str, str]] = Counter()
        self.fetched = Extent()
        self.imported = 0

    @property
    def lines(self) -> int:
        """How many lines there are of all sites."""
        return sum(site.lines for site in self.sites.values())

    @property
    def articles(self) -> int:
        """How many articles there are of all sites."""
        return sum(site.articles for site in self.sites.values())

    def counting(self, lines: Iterable[ArticleLine]) -> Iterator[ArticleLine]:
        """`lines` as they come; each is counted as it passes."""
        seen: set[str] = set()
        for line in lines:
            self._count(line, new=line["id"] not in seen)
            seen.add(line["id"])
            yield line

    def _count(self, line: ArticleLine, *, new: bool) -> None:
        site = self.sites.setdefault(line["site"], SiteTally())
        site.lines += 1
        site.articles += new
        site.undated += line["published"] is None
        site.published.see(line["published"])
        site.jalali.see(line["published_jalali"])
        site.fetched.see(line["fetched"])
        self.fetched.see(line["fetched"])
        self.imported += is_imported(line["warc"]["file"])
        self.flags.update(line["flags"])
        if line["language"]:
            self.languages[line["language"].partition("-")[0].lower()] += 1
        made = line["extractor"]
        self.makers[made["baygan"], made.get("rules", "-"), made.get("trafilatura", "-")] += 1
