"""Cleans many HTML files, several at a time, and gives the results in order. A page that fails does
not stop the others."""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import NotAnArticle, UsageError
from archive.jsonl.article_line import article_object
from archive.model import Article, Hints
from scraper.workers import CleaningWorkers, failure_of

# So many pages wait for each child, so that it always has work; only these are in memory.
_AHEAD = 4
# One byte more than cleaning takes, so that it sees that the file is too large.
_MOST = (16 << 20) + 1


@dataclass(frozen=True)
class Source:
    """The file of a page, and the page's address if that is known."""

    path: str
    url: str | None = None


def sources(lines: Iterable[str], name: str) -> Iterator[Source]:
    """The pages of a list. Each line is a path, or a JSON object with `path` and perhaps `url`.

    UsageError for a line that is neither; `name` is the name of the list.
    """
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        if not text.startswith("{"):
            yield Source(text)
            continue
        try:
            told = json.loads(text)
        except ValueError:
            told = {}
        path, url = told.get("path"), told.get("url")
        if not isinstance(path, str) or not isinstance(url, str | None):
            raise UsageError(
                f"{name}, line {number}: no page in it. A line is a path, or a JSON object such"
                ' as {"path": "a.html", "url": "https://khabar.example/a/"}.'
            )
        yield Source(path, url)


def read_page(path: str) -> bytes:
    """The bytes of a file (`-`: of standard input), at most as many as cleaning reads; UsageError
    if it cannot be read."""
    if path == "-":
        return sys.stdin.buffer.read(_MOST)
    try:
        with Path(path).open("rb") as file:
            return file.read(_MOST)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. Name HTML files.") from error
    except ValueError as error:
        raise UsageError(f"{path!r} is no file's name. Name HTML files.") from error


def clean_all(pages: Iterable[Source]) -> Iterator[dict[str, Any]]:
    """An object for every page, in their order.

    It has the page's `path`, and either the article's keys, or `refused` (why the page is no
    article) and `detail`, or `failed` (why it could not be read or cleaned) and `detail`.
    """
    count = os.cpu_count() or 1
    workers = CleaningWorkers(count)
    waiting: deque[tuple[Source, Future[Article] | UsageError]] = deque()
    try:
        for page in pages:
            waiting.append((page, _begin(workers, page)))
            if len(waiting) >= count * _AHEAD:
                yield _end(*waiting.popleft())
        while waiting:
            yield _end(*waiting.popleft())
    finally:
        workers.close()


def _begin(workers: CleaningWorkers, page: Source) -> Future[Article] | UsageError:
    try:
        return workers.submit(read_page(page.path), page.url, Hints())
    except UsageError as error:
        return error


def _end(page: Source, work: Future[Article] | UsageError) -> dict[str, Any]:
    if isinstance(work, UsageError):
        return {"path": page.path, "failed": "unreadable-file", "detail": str(work)}
    error = work.exception()
    if error is None:
        return {"path": page.path, **article_object(work.result())}
    if isinstance(error, NotAnArticle):
        return {"path": page.path, "refused": error.reason, "detail": str(error)}
    failure = failure_of(error)
    return {"path": page.path, "failed": failure.reason, "detail": str(failure)}
