"""One line of articles/*.jsonl: one version of an article, and where its page is stored.

The keys are stable; new ones may be added. `archive/line.schema.json` is the JSON Schema of a
line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from archive.model import Article, Capture
from archive.text.fold import fold, utf8, well_formed
from archive.times.days import jalali, utc

# JSON allows these inside a string, but `str.splitlines` would break a line there.
_BREAKS = {mark: f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}


class WarcPlace(TypedDict):
    """The stored page that an article was made from. `file` is relative to the site's folder,
    `offset` and `length` (bytes) are those of the response record's gzip member. `further` are
    the other pages of an article that has several."""

    file: str
    offset: int
    length: int
    record_id: str
    payload_sha256: str
    further: NotRequired[list[WarcPlace]]


class LineImage(TypedDict):
    """The main image of an article."""

    url: str
    caption: str | None


class ArticleContent(TypedDict):
    """The keys of a line that cleaning fills; line.schema.json describes each. Instants are in
    UTC (`2026-11-22T05:00:00Z`), `published_jalali` is a day in Tehran (`1405-09-01`)."""

    post_id: int | None
    post_type: str
    title: str | None
    lead: str | None
    text: str
    authors: list[str]
    categories: list[str]
    tags: list[str]
    language: str | None
    source: str | None
    end_marker: str | None
    published: str | None
    modified: str | None
    published_jalali: str | None
    date_source: str | None
    image: LineImage | None
    comments: int | None
    text_sha256: str
    flags: list[str]


class CleanedPage(ArticleContent):
    """What cleaning makes of a page that may have no address."""

    url: str | None


class ArticleLine(ArticleContent):
    """A whole line: one version of an article, its ID, and where its page lies."""

    id: str
    site: str
    version: int
    url: str
    fetched: str
    warc: WarcPlace
    extractor: dict[str, str]


LINE_KEYS = (
    "id", "site", "version", "url", *ArticleContent.__annotations__, "fetched", "warc", "extractor",
)  # fmt: skip
"""The keys of a line, in their order."""


def article_id(site: str, post_type: str, post_id: int | None, url: str) -> str:
    """`khabar/post/12345`; for a page without a known ID `khabar/url/` and a digest."""
    if post_id is not None:
        return f"{site}/{post_type}/{post_id}"
    return f"{site}/url/{hashlib.sha256(well_formed(url).encode()).hexdigest()[:16]}"


def make_line(
    site: str,
    url: str,
    version: int,
    article: Article,
    capture: Capture,
    extractor: dict[str, str],
    further: Sequence[Capture] = (),
) -> ArticleLine:
    """The line of `article`, cleaned from the page at `url` that is stored as `capture`, and
    from the `further` pages that it goes on with."""
    warc = _place(capture)
    if further:
        warc["further"] = [_place(one) for one in further]
    return {
        "id": article_id(site, article.post_type or "post", article.post_id, url),
        "site": site,
        "version": version,
        "url": url,
        **_content(article),
        "fetched": utc(capture.date),
        "warc": warc,
        "extractor": extractor,
    }


def _place(capture: Capture) -> WarcPlace:
    return {
        "file": capture.file,
        "offset": capture.offset,
        "length": capture.length,
        "record_id": capture.record_id,
        "payload_sha256": capture.payload_sha256,
    }


def article_object(article: Article) -> CleanedPage:
    """The keys of a line that cleaning fills, as JSON has them."""
    return {"url": article.url, **_content(article)}


def _content(article: Article) -> ArticleContent:
    image = article.image
    return {
        "post_id": article.post_id,
        "post_type": article.post_type or "post",
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "authors": list(article.authors),
        "categories": list(article.categories),
        "tags": list(article.tags),
        "language": article.language,
        "source": article.source,
        "end_marker": article.end_marker,
        "published": utc(article.published),
        "modified": utc(article.modified),
        "published_jalali": jalali(article.published),
        "date_source": article.date_source,
        "image": {"url": image.url, "caption": image.caption} if image else None,
        "comments": article.comments,
        "text_sha256": text_sha256(article.text),
        "flags": list(article.flags),
    }


def encode(line: Mapping[str, object]) -> bytes:
    """`line` as UTF-8 JSON with its newline. Persian is not escaped; lone surrogates become
    U+FFFD."""
    text = json.dumps(line, ensure_ascii=False)
    for mark, escape in _BREAKS.items():
        text = text.replace(mark, escape)
    return well_formed(text).encode() + b"\n"


def text_sha256(text: str) -> str:
    """SHA-256 of the folded text: equal for two spellings of the same words."""
    return hashlib.sha256(utf8(fold(text))).hexdigest()
