"""Redirects that lead nowhere: each is named, and stops nothing but itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood, calm
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.process import Baygan


def to(location: str, *headers: tuple[str, str]) -> Mood:
    answer = Answer.page(b"", status="302 Found", headers=[("Location", location), *headers])
    return lambda request, document: answer


def back(request: Request, document: Document) -> Answer:
    """To itself until a cookie comes back, as a browser check does."""
    if "seen=1" in request.headers.get("cookie", ""):
        return calm(request, document)
    headers = (("Location", request.target), ("Set-Cookie", "seen=1; path=/"))
    return Answer.page(b"", status="302 Found", headers=headers)


def counting(request: Request, document: Document) -> Answer:
    """The same, with a number in the address that grows."""
    path, _, number = request.target.partition("?try=")
    location = f"{path}?try={int(number or 0) + 1}"
    headers = (("Location", location), ("Set-Cookie", f"try={location}; path=/"))
    return Answer.page(b"", status="302 Found", headers=headers)


def to_and_fro(request: Request, document: Document) -> Answer:
    """To a page that sets the cookie, which leads back to the first."""
    if request.target.startswith("/check"):
        back = request.target.partition("=")[2]
        return Answer.page(
            b"", status="302 Found", headers=[("Location", back), ("Set-Cookie", "seen=1")]
        )
    return Answer.page(
        b"", status="302 Found", headers=[("Location", f"/check?to={request.target}")]
    )


def night(baygan: Baygan, code: int = 0) -> dict[str, Any]:
    done = baygan("crawl", "--json")
    assert done.code == code, done.err
    run: dict[str, Any] = json.loads(done.out)
    return run


@pytest.mark.parametrize("mood", [back, counting, to_and_fro])
def test_a_loop_that_wants_a_cookie_back_is_a_browser_check(
    baygan: Baygan, newsroom: Newsroom, mood: Mood
) -> None:
    newsroom.be(mood, lambda request: request.path != "/robots.txt")
    done = baygan("crawl")
    assert done.code == 1
    [warning] = done.err.splitlines()
    assert "a browser check by cookie answered in place of" in warning
    assert "Only browsers pass." in warning
    assert len(newsroom.exchanges) <= 16


def test_a_loop_without_a_cookie_is_a_loop(baygan: Baygan, newsroom: Newsroom) -> None:
    newsroom.be("loop", "/")
    done = baygan("probe", newsroom.url, "--allow-private")
    assert done.code == 1
    assert "leads to itself again and again" in done.err


def test_a_page_may_lead_to_itself_once(baygan: Baygan, newsroom: Newsroom) -> None:
    """While its cache is filled, say."""
    path = newsroom.posts[3].path
    newsroom.be(to(path), path, times=1)
    assert night(baygan)["verdict"] == "complete"


@pytest.mark.parametrize(
    "location", ["http://khabar.example:port/", "http://[::1/", "//:80/", "mailto:a@b"]
)
def test_a_page_that_leads_to_no_address_stops_nothing_else(
    baygan: Baygan, newsroom: Newsroom, location: str
) -> None:
    newsroom.be(to(location), newsroom.posts[3].path)
    run = night(baygan)
    assert (run["new"], run["failed"]) == (12, 1)
    assert run["coverage"]["failed"] == {"bad-redirect": 1}


def test_a_page_that_leads_to_another_site_says_so(baygan: Baygan, newsroom: Newsroom) -> None:
    newsroom.be("offsite", newsroom.posts[3].path)
    run = night(baygan)
    assert (run["coverage"]["refused"], run["coverage"]["failed"]) == ({"elsewhere": 1}, {})


def test_a_redirect_without_end_is_named(baygan: Baygan, newsroom: Newsroom) -> None:
    newsroom.be("redirects", newsroom.posts[3].path, hops=40)
    run = night(baygan)
    assert run["coverage"]["failed"] == {"too-many-redirects": 1}
