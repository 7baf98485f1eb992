"""Cleans stored pages anew: children read them from the WARC files and clean them, many at a time.

A child gets only the places of pages and returns lines, so that the parent, which is one process,
has little work for each page.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from archive.errors import BayganError, NotAnArticle
from archive.folder import SiteFolder
from archive.jsonl.article_line import ArticleLine, make_line
from archive.model import Missed
from archive.outcomes import PageState, Reason
from archive.sites import Site
from archive.times.days import begin_of
from archive.warc.listed_content import content_of
from archive.warc.pages import PageCapture, read_response
from archive.warc.records import WarcRecord
from archive.warc.text_records import text_record
from scraper.cleaning.fingerprint import extractor
from scraper.workers import CleaningWorkers, failure_of
from spiders.page import stored_page

_CHUNK = 16
_AHEAD = 16


class Refused(NamedTuple):
    """A page that gave no line: whether it was `refused` or `failed`, and the reason."""

    state: PageState
    reason: str


class Recleaned(NamedTuple):
    """What a page gave: its line, still without a version, and its text record."""

    line: ArticleLine
    text: WarcRecord


def reclean(
    folder: SiteFolder, pages: Iterable[PageCapture], workers: CleaningWorkers
) -> Iterator[tuple[PageCapture, Recleaned | Refused]]:
    """Clean `pages` with today's rules; give each page with its result, in their order.

    Damaged if a record cannot be read. If a page kills its child, only that page fails.
    """
    waiting: deque[tuple[list[PageCapture], Future[list[Recleaned | Refused]]]] = deque()
    rest = iter(pages)
    while chunk := list(islice(rest, _CHUNK)):
        waiting.append((chunk, workers.schedule(_clean_stored, folder.path, folder.site, chunk)))
        if len(waiting) > _AHEAD:
            yield from _results(folder, *waiting.popleft(), workers)
    while waiting:
        yield from _results(folder, *waiting.popleft(), workers)


def _results(
    folder: SiteFolder,
    chunk: list[PageCapture],
    future: Future[list[Recleaned | Refused]],
    workers: CleaningWorkers,
) -> Iterator[tuple[PageCapture, Recleaned | Refused]]:
    error = future.exception()
    if error is None:
        yield from zip(chunk, future.result(), strict=True)
    elif isinstance(error, BayganError):
        raise error
    elif len(chunk) == 1:
        yield chunk[0], Refused(PageState.REFUSED, failure_of(error).reason)
    else:
        # One of the pages ended the child: now clean each by itself.
        for page in chunk:
            alone = workers.schedule(_clean_stored, folder.path, folder.site, [page])
            yield from _results(folder, [page], alone, workers)


def _clean_stored(
    site_folder: Path, site: Site, pages: Sequence[PageCapture]
) -> list[Recleaned | Refused]:
    """In the child."""
    return [_clean_one(site_folder, site, page) for page in pages]


def _clean_one(site_folder: Path, site: Site, found: PageCapture) -> Recleaned | Refused:
    from scraper.cleaning import clean

    hints = replace(found.hints, remove=site.remove, content=site.content)
    more = [read_response(site_folder, one) for one in found.further]
    page = stored_page(replace(found, hints=hints), read_response(site_folder, found), more)
    if isinstance(page, Missed):
        return Refused(PageState.FAILED, page.reason)
    try:
        bodies = tuple(one.body for one in page.further)
        told = content_of(site_folder, page.hints)
        article = clean(page.body, page.url, page.hints, bodies, told)
    except NotAnArticle as error:
        return Refused(PageState.REFUSED, error.reason)
    if site.since and article.published and article.published < begin_of(site.since):
        return Refused(PageState.REFUSED, Reason.BEFORE_SINCE)
    captures = [one.capture for one in page.further]
    line = make_line(site.name, page.url, 0, article, page.capture, extractor(), captures)
    return Recleaned(line, text_record(line))
