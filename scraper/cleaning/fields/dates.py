"""Finds when an article was published and changed, and says which source has it.

The sources are tried in this order: the listing (REST, a feed, a sitemap), JSON-LD, meta names,
`time`, the visible text, the address, a Jalali date in REST. A source without a plausible day is
passed over: no date is better than a wrong one.

Listings are wrong, too: plugins write the Jalali year where a Gregorian one belongs (WP-Parsidate
issues 3, 21, 203), and a date that was never set is MySQL's 0000-00-00 or Unix's 1970-01-01.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import chain
from typing import NamedTuple

from archive.model import LISTINGS, Hints
from archive.times.days import FIRST_GREGORIAN_YEAR, TEHRAN
from scraper.cleaning import rules
from scraper.cleaning.boilerplate.links import host_of
from scraper.cleaning.date_parser import Moment, scan, told_by_address
from scraper.cleaning.fields import visible_date
from scraper.cleaning.fields.neighbours import Neighbours
from scraper.cleaning.html.document import Document, Element
from scraper.cleaning.html.head import Head
from scraper.cleaning.html.json_ld import JsonLd, Node, string_of
from scraper.cleaning.month_names import KABUL

_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
# A listing may have older days than a page: some papers put their old issues online.
_FIRST_TOLD = datetime(FIRST_GREGORIAN_YEAR, 1, 1, tzinfo=UTC)
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)
_ANY_ZONE = timedelta(hours=14)
# Clocks and time zones may be wrong by so much; a date later than that is no date of publication.
_AHEAD = timedelta(days=2)
# The one `time` of a page, that of a change by its class.
_LAST_SOURCE = "time of a change"
_LAST = datetime(2100, 1, 1, tzinfo=UTC)


class Dates(NamedTuple):
    """Instants in UTC, and the `source` of `published`: `rest`, `feed`, `sitemap`, `json-ld`,
    `meta`, `time`, `visible` or `url`. `exact`: not only its day is known."""

    published: datetime | None
    modified: datetime | None
    source: str | None
    exact: bool


class Evidence(NamedTuple):
    """Everything a date may be read from."""

    page: Document
    head: Head
    graph: JsonLd
    neighbours: Neighbours
    node: Node | None
    headline: Element | None
    content: Element
    url: str | None
    hints: Hints


def find(evidence: Evidence) -> Dates:
    """The article's dates, each from the first source with a plausible one, else None."""
    published, source, exact = _published(evidence)
    told = _told(evidence.hints.modified, evidence.hints.captured)
    modified = told or _modified(evidence)
    if modified and published and not told and modified < published:
        modified = None
    if source == "time" and modified == published and not told:
        # The one `time` of the page cannot tell of both.
        modified = None
    return Dates(published, modified, source, exact)


def _published(evidence: Evidence) -> tuple[datetime | None, str | None, bool]:
    hints = evidence.hints
    listing = hints.date_source or "rest"
    if listing in LISTINGS and (told := _told(hints.published, hints.captured)):
        return told, listing, True
    zone = _zone(evidence)
    read = (
        (source, moment)
        for source, text in _candidates(evidence)
        if (moment := scan(text, hints.captured, zone)) and _plausible(moment, hints.captured)
    )
    if found := next(read, None):
        source, moment = found if found[1].exact else _with_time(*found, read)
        return moment.at, "time" if source == _LAST_SOURCE else source, moment.exact
    if listing == "rest" and (jalali := _as_jalali(hints.published, hints.captured)):
        return jalali.at, listing, False
    return None, None, True


def _with_time(
    source: str, day: Moment, further: Iterator[tuple[str, Moment]]
) -> tuple[str, Moment]:
    """What a further source tells if it has the time of that day, too; else the day. Only its best
    reading counts: the next one may have a film's length in it, and the last one is of a change."""
    read = {source, _LAST_SOURCE}
    for name, moment in further:
        if name not in read and moment.exact and _same_day(moment.at, day.at):
            return name, moment
        read.add(name)
    return source, day


def _same_day(one: datetime, other: datetime) -> bool:
    return one.astimezone(TEHRAN).date() == other.astimezone(TEHRAN).date()


def _told(moment: datetime | None, captured: datetime | None) -> datetime | None:
    """A listing's date in UTC; None if it cannot be a date of publication."""
    if moment is None or not _FIRST_TOLD <= moment <= _latest(captured):
        return None
    return None if abs(moment - _UNIX) <= _ANY_ZONE else moment.astimezone(UTC)


def _as_jalali(moment: datetime | None, captured: datetime | None) -> Moment | None:
    """The day of REST's date, read as a Jalali one; None if it cannot be one. The hour is not used:
    nobody knows which clock the plugin took. A feed names its months, so its calendar is not known
    and it is not read in this way."""
    if moment is None or moment.year >= FIRST_GREGORIAN_YEAR:
        return None
    read = scan(moment.date().isoformat())
    return read if read and _plausible(read, captured) else None


def _candidates(evidence: Evidence) -> Iterator[tuple[str, str]]:
    for node in (evidence.node, evidence.graph.web_page()):
        if node and (text := string_of(node.get("datePublished"))):
            yield "json-ld", text
    for name in rules.load("fields/fields")["published"]:
        if text := evidence.head.meta.get(name):
            yield "meta", text
    yield from (("meta", text) for text in _items(evidence, "datePublished"))
    shown = _shown(evidence)
    yield from (("time", stamp) for stamp in shown.stamps())
    yield from (("visible", text) for text in shown.texts())
    if lone := shown.lone_change():
        yield _LAST_SOURCE, lone
    if told := told_by_address(evidence.url or ""):
        yield "url", told


def _items(evidence: Evidence, name: str) -> Iterator[str]:
    """The values of a property in `meta` elements of microdata that are about the article."""
    for element in evidence.page.find(f"[itemprop={name}]"):
        text = element.get("content")
        if text and element.tag == "meta" and evidence.neighbours.is_own_item(element):
            yield text


def _shown(evidence: Evidence) -> visible_date.Shown:
    return visible_date.Shown(
        evidence.page, evidence.neighbours, evidence.headline, evidence.content
    )


def _zone(evidence: Evidence) -> tzinfo | None:
    """Kabul's time zone for a site whose language or domain is Afghan; else None."""
    tongues = (evidence.head.language, evidence.head.meta.get("og:locale"))
    named = {(tongue or "").replace("_", "-").lower() for tongue in tongues}
    if not named.isdisjoint(rules.load("fields/fields")["afghan"]):
        return KABUL
    return KABUL if host_of(evidence.url or "").endswith(".af") else None


def _modified(evidence: Evidence) -> datetime | None:
    texts = [
        string_of(node.get("dateModified"))
        for node in (evidence.node, evidence.graph.web_page())
        if node
    ]
    texts += [evidence.head.meta.get(name) for name in rules.load("fields/fields")["modified"]]
    texts += _items(evidence, "dateModified")
    texts += [
        element.get("datetime")
        for element in evidence.page.find("time")
        if ("updated" in element.get("class", "") or visible_date.names_change(element))
        and not visible_date.names_publication(element)
        and evidence.neighbours.is_own(element)
    ]
    zone = _zone(evidence)
    for text in chain(texts, _shown(evidence).changes()):
        moment = scan(text, evidence.hints.captured, zone) if text else None
        if moment and _plausible(moment, evidence.hints.captured):
            return moment.at
    return None


def _plausible(moment: Moment, captured: datetime | None) -> bool:
    return _EARLIEST <= moment.at <= _latest(captured)


def _latest(captured: datetime | None) -> datetime:
    return captured + _AHEAD if captured else _LAST
