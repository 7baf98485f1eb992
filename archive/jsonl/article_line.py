"""One line of articles/*.jsonl: an article version, who it is and where its page lies.

The keys are stable and new ones may be added; `line.schema.json` beside this file is the
JSON Schema of a line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from archive.model import Article, Capture
from archive.text.fold import fold, utf8, well_formed
from archive.times.days import jalali, utc

Line = dict[str, Any]
# JSON allows these inside a string, but `str.splitlines` would break a line there.
_BREAKS = {mark: f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}


def article_id(site: str, post_type: str, post_id: int | None, url: str) -> str:
    """`khabar/post/12345`; for a page that hides its number `khabar/url/` and a digest."""
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
) -> Line:
    """The line of `article`, cleaned from the page at `url` that is stored as `capture`, and
    from the `further` pages that it goes on with."""
    warc: dict[str, Any] = _place(capture)
    if further:
        warc["further"] = [_place(one) for one in further]
    return {
        "id": article_id(site, article.post_type or "post", article.post_id, url),
        "site": site,
        "version": version,
        **article_object(article),
        "url": url,
        "fetched": utc(capture.date),
        "warc": warc,
        "extractor": extractor,
    }


def _place(capture: Capture) -> dict[str, Any]:
    return {
        "file": capture.file,
        "offset": capture.offset,
        "length": capture.length,
        "record_id": capture.record_id,
        "payload_sha256": capture.payload_sha256,
    }


def article_object(article: Article) -> dict[str, Any]:
    """The keys of a line that cleaning fills, as JSON has them."""
    image = article.image
    return {
        "url": article.url,
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


def encode(line: Line) -> bytes:
    """`line` as UTF-8 JSON with its newline; Persian as Persian, lone surrogates as U+FFFD."""
    text = json.dumps(line, ensure_ascii=False)
    for mark, escape in _BREAKS.items():
        text = text.replace(mark, escape)
    return well_formed(text).encode() + b"\n"


def text_sha256(text: str) -> str:
    """SHA-256 of the folded text: equal for two spellings of the same words."""
    return hashlib.sha256(utf8(fold(text))).hexdigest()
