"""Reads captured pages from the WARC files, as samples to learn a layout from.

Each has the content that a listing gave, if there is one. It is done in a child process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.errors import NotAnArticle
from archive.model import Page
from archive.warc.listed_content import content_of
from archive.warc.pages import PageCapture, read_response
from scraper.cleaning.html import charset, limits
from scraper.cleaning.html.document import Document
from scraper.cleaning.layout import Layout, Sample
from spiders.page import stored_page


def samples(site_folder: Path, captures: Iterable[PageCapture]) -> Iterator[Sample]:
    """The samples of the captured pages; without those that are no page any more. Damaged if a
    record is not there as it was written."""
    for found in captures:
        page = stored_page(found, read_response(site_folder, found))
        if isinstance(page, Page):
            hints = page.hints
            told = content_of(site_folder, hints)
            content = told.html if told and told.is_current else None
            yield Sample(page.url, page.body, content, hints.published, hints.charset)


def lacks(site_folder: Path, found: PageCapture, layout: Layout) -> bool:
    """Whether a captured page has none of the layout's places of the text, or cannot be parsed."""
    for sample in samples(site_folder, [found]):
        try:
            limits.check_file(sample.html)
            source, _ = charset.to_utf8(sample.html, sample.charset)
            limits.check(source)
            return layout.root(Document(source)) is None
        except NotAnArticle:
            return True
    return True
