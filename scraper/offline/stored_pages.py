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
from typing import NamedTuple, TypeAlias

from archive.epochs import Epoch, Epochs
from archive.errors import BayganError, NotAnArticle
from archive.folder import SiteFolder
from archive.index.index import Index
from archive.jsonl.article_line import ArticleLine, WarcPlace, make_line
from archive.jsonl.articles import ArticleLines
from archive.model import Missed
from archive.outcomes import PageState, Reason
from archive.sites import Site
from archive.times.days import begin_of
from archive.warc.listed_content import content_of
from archive.warc.pages import PageCapture, page_of_line, read_response
from archive.warc.records import WarcRecord
from archive.warc.text_records import text_record
from archive.writer.versions import made_otherwise
from scraper.cleaning.fingerprint import extractor
from scraper.workers import CleaningWorkers, failure_of
from spiders.page import stored_page

_Placed: TypeAlias = tuple[PageCapture, Epoch | None]
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
    folder: SiteFolder,
    pages: Iterable[PageCapture],
    workers: CleaningWorkers,
    epochs: Epochs | None = None,
) -> Iterator[tuple[PageCapture, Recleaned | Refused]]:
    """Clean `pages` with today's rules, each with the layout of its epoch; give each page with its
    result, in their order.

    Damaged if a record cannot be read. If a page kills its child, only that page fails.
    """
    waiting: deque[tuple[list[_Placed], Future[list[Recleaned | Refused]]]] = deque()
    rest = iter(pages)
    known = epochs or Epochs()
    while chunk := list(islice(rest, _CHUNK)):
        placed = [(page, known.of(page.run)) for page in chunk]
        waiting.append((placed, workers.schedule(_clean_stored, folder.path, folder.site, placed)))
        if len(waiting) > _AHEAD:
            yield from _results(folder, *waiting.popleft(), workers)
    while waiting:
        yield from _results(folder, *waiting.popleft(), workers)


def says_the_same(
    folder: SiteFolder,
    line: ArticleLine,
    epoch: Epoch | None,
    workers: CleaningWorkers,
    index: Index,
    lines: ArticleLines,
) -> bool:
    """Whether `line` has other words than the version before (in `index` and `lines`) for the
    layout of its `epoch` alone, or for other rules."""
    other = made_otherwise(line, index, lines)
    if other is None:
        return False
    arguments = (folder.path, folder.site, other["warc"], line, epoch)
    work = workers.schedule(cleaned_alike, *arguments)
    return work.exception() is None and work.result()


def cleaned_alike(
    site_folder: Path, site: Site, other: WarcPlace, line: ArticleLine, epoch: Epoch | None
) -> bool:
    """Whether another page, cleaned with the layout of `epoch`, gives the words of `line`; in the
    child."""
    found = _clean_one(site_folder, site, page_of_line(site_folder, other), epoch)
    if isinstance(found, Refused):
        return False
    words = ("title", "text_sha256")
    return all(found.line.get(key) == line.get(key) for key in words)


def _results(
    folder: SiteFolder,
    chunk: list[_Placed],
    future: Future[list[Recleaned | Refused]],
    workers: CleaningWorkers,
) -> Iterator[tuple[PageCapture, Recleaned | Refused]]:
    error = future.exception()
    if error is None:
        yield from zip((page for page, _ in chunk), future.result(), strict=True)
    elif isinstance(error, BayganError):
        raise error
    elif len(chunk) == 1:
        yield chunk[0][0], Refused(PageState.REFUSED, failure_of(error).reason)
    else:
        # One of the pages ended the child: now clean each by itself.
        for page in chunk:
            alone = workers.schedule(_clean_stored, folder.path, folder.site, [page])
            yield from _results(folder, [page], alone, workers)


def _clean_stored(
    site_folder: Path, site: Site, pages: Sequence[_Placed]
) -> list[Recleaned | Refused]:
    """In the child."""
    return [_clean_one(site_folder, site, page, epoch) for page, epoch in pages]


def _clean_one(
    site_folder: Path, site: Site, found: PageCapture, epoch: Epoch | None
) -> Recleaned | Refused:
    from scraper.cleaning import clean
    from scraper.cleaning.layout import layout_of

    hints = replace(found.hints, remove=site.remove, content=site.content)
    more = [read_response(site_folder, one) for one in found.further]
    page = stored_page(replace(found, hints=hints), read_response(site_folder, found), more)
    if isinstance(page, Missed):
        return Refused(PageState.FAILED, page.reason)
    try:
        bodies = tuple(one.body for one in page.further)
        told = content_of(site_folder, page.hints)
        layout = layout_of(epoch.layout) if epoch else None
        article = clean(page.body, page.url, page.hints, bodies, told, layout)
    except NotAnArticle as error:
        return Refused(PageState.REFUSED, error.reason)
    if site.since and article.published and article.published < begin_of(site.since):
        return Refused(PageState.REFUSED, Reason.BEFORE_SINCE)
    captures = [one.capture for one in page.further]
    digest = epoch.digest if epoch else None
    line = make_line(site.name, page.url, 0, article, page.capture, extractor(digest), captures)
    return Recleaned(line, text_record(line))
