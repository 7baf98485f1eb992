"""Listings of many megabytes are read in a child: they hold up no other site, and have limits."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from archive.http.json_body import json_of
from scraper.workers import CleaningWorkers
from spiders.sources.sitemap_file import NotASitemap, parse
from spiders.sources.steps import BESIDE, LARGE, TooHeavy, aside
from tests.newsroom.document import Document
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Options, Site
from tests.nights import Nights


@pytest.fixture(scope="module")
def workers() -> Iterator[CleaningWorkers]:
    workers = CleaningWorkers(1)
    yield workers
    workers.close()


def read(workers: CleaningWorkers, work: Any, body: bytes, **how: Any) -> Any:
    """What `work` makes of `body` in a site's discovery."""

    async def discovery() -> Any:
        BESIDE.set(partial(workers.for_site, "news", seconds=how.pop("seconds", 60)))
        return await aside(work, body, **how)

    return asyncio.run(discovery())


def whose(body: bytes) -> int:
    """The process that reads it."""
    return os.getpid()


def endless(body: bytes) -> None:
    """A parser that an answer keeps busy."""
    end = process_time() + 60
    while process_time() < end:
        pass


def test_what_is_large_is_read_in_another_process(workers: CleaningWorkers) -> None:
    own = os.getpid()
    assert read(workers, whose, b"x" * 100) == own
    assert read(workers, whose, b"x" * LARGE) == own
    assert read(workers, whose, b"x" * (LARGE + 1)) != own
    # A packed one may be a thousand times as large as it looks.
    assert read(workers, whose, b"x" * 100, packed=True) != own


def test_there_is_the_same_in_it(workers: CleaningWorkers) -> None:
    urls = "".join(f"<url><loc>https://khabar.example/{n}/</loc></url>" for n in range(60_000))
    sitemap = f"<urlset>{urls}</urlset>".encode()
    assert len(sitemap) > LARGE
    assert read(workers, parse, sitemap) == parse(sitemap)
    packed = gzip.compress(sitemap)
    assert read(workers, parse, packed, packed=True) == parse(sitemap)
    numbers = f"[{'1,' * LARGE}2]".encode()
    assert read(workers, json_of, numbers)[-1] == 2


def test_what_is_wrong_with_it_is_told(workers: CleaningWorkers) -> None:
    with pytest.raises(NotASitemap):
        read(workers, parse, b"<html><body>" + b"<p>no</p>" * LARGE)
    with pytest.raises(TooHeavy, match="too long to read or too much memory"):
        read(workers, endless, b"x" * (LARGE + 1), seconds=2)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_site_with_a_sitemap_of_three_megabytes_is_whole(pack: Any, tmp_path: Path) -> None:
    site = Site(4, options=Options("rest_login_required"))
    with Newsroom(site) as room:
        blank = b"<!-- " + b"x" * 1000 + b" -->\n"

        def mood(request: Any, document: Document) -> Any:
            body = document.body.replace(b"</urlset>", blank * 3000 + b"</urlset>")
            return Document(pack(body), content_type="text/xml").answer()

        room.be(mood, "/wp-sitemap-posts-post-1.xml")
        night = Nights(room, tmp_path / "archive")()
        assert (night["new"], night["verdict"], night["problems"]) == (5, "unprovable", [])
