"""Answers whose Content-Encoding is not true, or was not asked for: that one's own misfortune."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import brotli
import pytest

from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Site
from tests.process import Baygan

NOISE = b"\x01\x9f\x00\x03" * 500


def claimed(coding: str) -> Mood:
    """Plain bodies under a header that says they are packed."""
    return lambda request, document: Answer.page(
        document.body,
        status=document.status,
        content_type=document.content_type,
        headers=(*document.headers, ("Content-Encoding", coding)),
    )


def unasked(request: Request, document: Document) -> Answer:
    """Brotli, which nobody asked for."""
    return Answer.page(
        brotli.compress(document.body),
        status=document.status,
        content_type=document.content_type,
        headers=(*document.headers, ("Content-Encoding", "br")),
    )


def noise(request: Request, document: Document) -> Answer:
    return Answer.page(NOISE, headers=[("Content-Encoding", "gzip")])


def night(baygan: Baygan, code: int = 0) -> tuple[dict[str, Any], str]:
    done = baygan("crawl", "--json")
    assert done.code == code, done.err
    return json.loads(done.out or "{}"), done.err


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
def test_plain_bodies_under_a_coding_are_read_as_they_are(
    baygan: Baygan, newsroom: Newsroom, coding: str
) -> None:
    """robots.txt, REST and pages alike."""
    newsroom.be(claimed(coding))
    run, mail = night(baygan)
    assert (run["new"], run["verdict"], mail) == (13, "complete", "")


def test_brotli_that_comes_unasked_is_kept_checked_and_rebuilt(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    newsroom.be(unasked)
    assert night(baygan)[0]["new"] == 13
    before = sorted(baygan("export").out.splitlines())
    assert baygan("check", "--deep").code == 0
    assert baygan("rebuild", "--workers", "0").code == 0
    assert sorted(baygan("export").out.splitlines()) == before


@pytest.mark.parametrize("mood", [claimed("gzip"), unasked, claimed("zstd")])
def test_sitemaps_under_a_coding_are_read(baygan: Baygan, newsroom: Newsroom, mood: Mood) -> None:
    newsroom.site.options.rest = "rest_login_required"
    newsroom.be(mood, lambda request: "sitemap" in request.path)
    run, _ = night(baygan)
    assert run["new"] == 13
    assert run["coverage"]["source"] == "sitemap"


def test_a_page_that_cannot_be_unpacked_is_missed_for_that_reason(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    newsroom.be(noise, newsroom.posts[4].path)
    run, _ = night(baygan)
    assert (run["new"], run["failed"]) == (12, 1)
    assert run["coverage"]["failed"] == {"coding": 1}
    newsroom.be("calm")
    assert night(baygan)[0]["new"] == 1


def test_a_robots_txt_that_cannot_be_unpacked_ends_the_wait_of_its_own_site_only(
    tmp_path: Path,
) -> None:
    """Whoever waited for it used to wait for ever, the site's lock in hand."""
    with Newsroom(Site(3)) as sick, Newsroom(Site(3)) as well:
        tables = (
            f'[sites.{name}]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
            for name, room in (("sick", sick), ("well", well))
        )
        (tmp_path / "sites.toml").write_text("".join(tables))
        sick.be(noise, "/robots.txt")
        baygan = Baygan(tmp_path)
        done = baygan("crawl", "--json")
        runs = {run["site"]: run for run in done.lines}
        assert (done.code, runs["well"]["verdict"], runs["sick"]["new"]) == (3, "complete", 0)
        [warning] = done.err.splitlines()
        assert warning.startswith("Warning: sick: the robots.txt of 127.0.0.1:")
        assert "robots.txt-coding" in warning
        assert {exchange.path for exchange in sick.exchanges} == {"/robots.txt"}
        sick.be("calm")
        assert baygan("crawl").code == 0


def test_a_listing_that_cannot_be_unpacked_is_told_in_words(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    newsroom.be(noise, "/")
    done = baygan("probe", newsroom.url, "--allow-private")
    assert done.code == 1
    assert "packed in a way that cannot be unpacked" in done.err
    assert "is the network up" not in done.err


@pytest.mark.parametrize("path", ["/robots.txt", "/wp-json/", "/"])
def test_an_error_s_status_counts_whatever_its_body_is(
    baygan: Baygan, newsroom: Newsroom, path: str
) -> None:
    gone = Answer.page(NOISE, status="404 Not Found", headers=[("Content-Encoding", "br")])
    newsroom.be(lambda request, document: gone, path)
    done = baygan("crawl")
    assert done.code == (1 if path == "/" else 0)
    assert ("answers 404" in done.err) == (path == "/")
