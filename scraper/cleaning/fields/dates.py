"""When an article was published and changed, and where that is told.

The sources are tried in this order: the listing (REST, a feed), JSON-LD, meta, `time`, the visible
text, the address, a Jalali date that REST told. A source without a plausible day is passed over:
rather no date than a wrong one. A year in the footer does not count.

Listings are wrong, too: plugins write the Jalali year into Gregorian places (WP-Parsidate issues
3, 21, 203), and a date that was never set is MySQL's 0000-00-00 or Unix's 1970-01-01.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import unquote

from archive.model import Hints
from archive.text.fold import fold
from archive.times.days import FIRST_GREGORIAN_YEAR
from scraper.cleaning import rules
from scraper.cleaning.boilerplate.by_name import Boilerplate
from scraper.cleaning.date_parser import Moment, scan
from scraper.cleaning.html.document import Document, Element, length_of, text_of
from scraper.cleaning.html.head import Head
from scraper.cleaning.html.json_ld import JsonLd, Node, string_of

_CHANGE = re.compile("به ?روز ?رسانی|بروز ?رسانی|ویرایش|updated|modified|آخرین تغییر")
_IN_PATH = re.compile(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:/|-|$)")
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
# A listing may tell of older days than a page's own dates: whole papers were put online.
_FIRST_TOLD = datetime(FIRST_GREGORIAN_YEAR, 1, 1, tzinfo=UTC)
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)
_ANY_ZONE = timedelta(hours=14)
# Clocks differ, and zones are mistaken; later than this nothing can have been published.
_AHEAD = timedelta(days=2)
_LAST = datetime(2100, 1, 1, tzinfo=UTC)
_LISTINGS = ("rest", "feed", "sitemap")
_LABEL = 160
_LABELLED = re.compile(
    r"(?:تاریخ|زمان|ساعت)(?: انتشار| درج| خبر| ارسال)?\W|منتشر شده|انتشار\W|ارسال شده|درج شده"
)
_UNNAMED = 60
_PUBLICATION = frozenset(("published", "post-published", "entry-date"))


class Dates(NamedTuple):
    """Instants in UTC, the source that `published` came from, and whether its time is known."""

    published: datetime | None
    modified: datetime | None
    source: str | None
    exact: bool


class Evidence(NamedTuple):
    """Everything a date may be read from."""

    page: Document
    head: Head
    graph: JsonLd
    boilerplate: Boilerplate
    node: Node | None
    region: Element | None
    headline: Element | None
    content: Element
    url: str | None
    hints: Hints


def find(evidence: Evidence) -> Dates:
    """The article's dates, from the first source that has a plausible one."""
    published, source, exact = _published(evidence)
    told = _told(evidence.hints.modified, evidence.hints.captured)
    modified = told or _modified(evidence)
    if modified and published and not told and modified < published:
        modified = None
    return Dates(published, modified, source, exact)


def _published(evidence: Evidence) -> tuple[datetime | None, str | None, bool]:
    hints = evidence.hints
    listing = hints.date_source or "rest"
    if listing in _LISTINGS and (told := _told(hints.published, hints.captured)):
        return told, listing, True
    for source, text in _candidates(evidence):
        moment = scan(text, hints.captured)
        if moment and _plausible(moment, hints.captured):
            return moment.at, source, moment.exact
    if listing == "rest" and (read := _as_jalali(hints.published, hints.captured)):
        return read.at, listing, False
    return None, None, True


def _told(moment: datetime | None, captured: datetime | None) -> datetime | None:
    """What a listing told, in UTC, if that can be a date at all."""
    if moment is None or not _FIRST_TOLD <= moment <= _latest(captured):
        return None
    return None if abs(moment - _UNIX) <= _ANY_ZONE else moment.astimezone(UTC)


def _as_jalali(moment: datetime | None, captured: datetime | None) -> Moment | None:
    """The day that REST's numbers name by the Jalali calendar. Whose clock the plugin took for
    the hour nobody knows, and a month that a feed names may be of either calendar."""
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
    for element in _own(evidence, "time"):
        stamp = element.get("datetime")
        if stamp and (_names_publication(element) or not _tells_change(element)):
            yield "time", stamp
    for text in _visible(evidence):
        yield "visible", text
    if evidence.url and (found := _IN_PATH.search(unquote(evidence.url))):
        yield "url", "-".join(found.groups())


def _visible(evidence: Evidence) -> Iterator[str]:
    """Short texts where themes show the date."""
    seen: set[Element] = set()
    for selector in rules.load("fields/fields")["date"]:
        for element in _own(evidence, selector):
            text = (element.get("title") if element.tag == "abbr" else "") or text_of(element)
            if element in seen or length_of(text) > _LABEL or _tells_change(element):
                continue
            seen.add(element)
            yield " ".join(text.split())
    yield from _unnamed(evidence)


def _unnamed(evidence: Evidence) -> Iterator[str]:
    """Short lines without a telling name that stand between headline and text or say
    «تاریخ انتشار»."""
    position, content = evidence.page.position, evidence.content
    start = position.get(evidence.headline, -1) if evidence.headline is not None else -1
    for tag in ("li", "span", "div", "p", "td", "small"):
        for element in _own(evidence, tag):
            text = " ".join(text_of(element).split())
            if not 6 <= length_of(text) <= _UNNAMED or _tells_change(element):
                continue
            between = 0 <= start < position[element] < position[content]
            between = between and text[-1] not in ".!؟"
            if (between or _LABELLED.match(fold(text))) and element is not content:
                yield text


def _own(evidence: Evidence, selector: str) -> Iterator[Element]:
    """Elements that speak of this article: in its region, not in a foreign block or a card."""
    for element in evidence.page.find(selector):
        if evidence.boilerplate.is_foreign(element):
            continue
        for above in element.iterancestors():
            if above is evidence.region:
                yield element
                break
            if above.tag in ("li", "article") and evidence.region is not None and _is_card(above):
                break


def _is_card(element: Element) -> bool:
    """A list item or inner article with a linked headline: another post's teaser."""
    return any(h.find(".//a") is not None for h in element.iter("h2", "h3", "h4", "h5"))


def _names_publication(element: Element) -> bool:
    """Whether a `time` is the date of publication by its class, whatever the words in it say.

    Themes without a second `time` print hAtom's `published` and `updated` on the first one;
    Publisher writes «last updated» into its `post-published`.
    """
    return not _PUBLICATION.isdisjoint(element.get("class", "").split())


def _tells_change(element: Element) -> bool:
    if "updated" in element.get("class", "").split() and not _names_publication(element):
        return True
    parent = element.getparent()
    label = text_of(element) + " " + (text_of(parent) if parent is not None else "")
    return length_of(label) < _LABEL and bool(_CHANGE.search(fold(label))) and "انتشار" not in label


def _modified(evidence: Evidence) -> datetime | None:
    texts = [
        string_of(node.get("dateModified"))
        for node in (evidence.node, evidence.graph.web_page())
        if node
    ]
    texts += [evidence.head.meta.get(name) for name in rules.load("fields/fields")["modified"]]
    texts += [
        element.get("datetime")
        for element in _own(evidence, "time")
        if "updated" in element.get("class", "") and not _names_publication(element)
    ]
    for text in texts:
        moment = scan(text, evidence.hints.captured) if text else None
        if moment and _plausible(moment, evidence.hints.captured):
            return moment.at
    return None


def _plausible(moment: Moment, captured: datetime | None) -> bool:
    return _EARLIEST <= moment.at <= _latest(captured)


def _latest(captured: datetime | None) -> datetime:
    return captured + _AHEAD if captured else _LAST
