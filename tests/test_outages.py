"""Bad days of a site, and bad dates in its listings: what comes into the archive, and what not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Options, Site
from tests.nights import Nights

POSTS = 4
LISTED = POSTS + 1
FRAME = (
    '<html><head><title>بامداد</title></head><body class="single"><nav><a href="/">خانه</a></nav>'
    '<main><div class="entry-content"></div></main><footer>بامداد</footer></body></html>'
)
BAD_DAYS = [
    "<html><head><title>خطای پایگاه‌داده</title></head><body><h1>خطا در برقراری ارتباط با"
    " پایگاه‌داده</h1></body></html>",
    "<br />\n<b>Fatal error</b>:  Out of memory in <b>/b/wp-load.php</b> on line <b>4</b><br />",
    "<html><head><title>بامداد</title></head><body><p>سایت در دست تعمیر است.</p></body></html>",
    FRAME,
    "<html><head><title>بامداد</title></head><body><p>ظهر برمی‌گردیم!</p></body></html>",
]


def bad_day() -> Mood:
    """Each address has one of the pages of bad days, always the same."""
    seen: dict[str, int] = {}

    def mood(request: Request, document: Document) -> Answer:
        number = seen.setdefault(request.path, len(seen))
        return Document(BAD_DAYS[number % len(BAD_DAYS)].encode()).answer()

    return mood


def frames(request: Request, document: Document) -> Answer:
    """Every page with its head, its headline and its frame, and without its text."""
    before, _, rest = document.body.partition(b'<div class="entry-content')
    after = rest.partition(b"</article>")[2]
    before = re.sub(rb'<div class="lead">.*?</div>', b"", before)
    body = before + b'<div class="entry-content"></div></article>' + after
    return Document(body).answer()


@pytest.mark.parametrize(
    "rest", ["open", pytest.param("rest_login_required", marks=pytest.mark.sister)]
)
@pytest.mark.parametrize("mood", [bad_day(), frames], ids=["outages", "frames"])
def test_a_bad_day_takes_no_article_s_place(mood: Mood, rest: str, tmp_path: Path) -> None:
    with Newsroom(Site(POSTS, options=Options(rest=rest))) as room:
        nights = Nights(room, tmp_path / "archive")
        nights(code=None)
        before = nights.baygan("export").out
        room.be(mood, "/20*")
        night = nights("--again", code=None)
        assert nights.fetched == LISTED
        assert (night["new"], night["changed"], night["silent"]) == (0, 0, 0)
        assert nights.baygan("export").out == before
        # Nor do the rules of another day, which have the notes of that night alone.
        assert nights.baygan("rebuild").code == 0
        lines = nights.baygan("export").lines
        assert [line["version"] for line in lines] == [1] * LISTED


def test_a_first_night_on_a_bad_day_takes_nothing(tmp_path: Path) -> None:
    with Newsroom(Site(POSTS)) as room:
        nights = Nights(room, tmp_path / "archive")
        room.be(bad_day(), "/20*")
        night = nights(code=None)
        assert (night["new"], nights.fetched) == (0, LISTED)
        assert nights.baygan("export").lines == []


@pytest.mark.parametrize("rest", ["open", "rest_login_required"])
def test_a_protected_post_fetched_again_is_the_same(rest: str, tmp_path: Path) -> None:
    site = Site(POSTS, options=Options(rest=rest, sitemap="none" if rest != "open" else "core"))
    [secret] = site.protected
    with Newsroom(site) as room:
        nights = Nights(room, tmp_path / "archive")
        nights(code=None)
        night = nights("--again", code=None)
        assert (nights.fetched, night["changed"], night["silent"]) == (LISTED, 0, 0)
        [line] = [li for li in nights.baygan("export").lines if li["post_id"] == secret.id]
        assert (line["title"], line["text"]) == (secret.title, "")
        assert line["version"] == 1


def replaced(old: bytes, new: bytes) -> Mood:
    def mood(request: Request, document: Document) -> Answer:
        document = Document(document.body.replace(old, new), content_type=document.content_type)
        return document.answer()

    return mood


def dated_by(
    mood: Callable[[Site], Mood], options: Options, where: str, folder: Path
) -> set[object]:
    """How each date differs from the post's own, and where it was taken from."""
    site = Site(POSTS, options=options)
    with Newsroom(site) as room:
        room.be(mood(site), where)
        nights = Nights(room, folder / "archive")
        nights(code=None)
        told = {post.id: f"{post.published:%Y-%m-%dT%H:%M:%SZ}" for post in site.listed()}
        lines = nights.baygan("export").lines
        assert len(lines) == LISTED
        return {(line["published"] == told[line["post_id"]], line["date_source"]) for line in lines}


def years(site: Site) -> bytes:
    [year] = {post.published.year for post in site.listed()}
    return f"{year}".encode()


FEED = Options(rest="rest_login_required", sitemap="none")


@pytest.mark.parametrize("year", ["1404", "2999", "1970"])
def test_a_feed_with_impossible_years(year: str, tmp_path: Path) -> None:
    def mood(site: Site) -> Mood:
        return replaced(b" " + years(site) + b" ", b" " + year.encode() + b" ")

    assert dated_by(mood, FEED, "/feed/*", tmp_path) == {(True, "json-ld")}


@pytest.mark.parametrize(
    "stamp", ["1404-08-20T10:00:00", "1970-01-01T00:00:00", "0000-00-00T00:00:00"]
)
def test_a_rest_api_with_impossible_dates(stamp: str, tmp_path: Path) -> None:
    def mood(site: Site) -> Mood:
        def changed(request: Request, document: Document) -> Answer:
            body = document.body
            for post in site.listed():
                moment = f'"date_gmt":"{post.published:%Y-%m-%dT%H:%M:%S}"'.encode()
                body = body.replace(moment, f'"date_gmt":"{stamp}"'.encode())
            assert b"per_page" not in request.target.encode() or stamp.encode() in body
            return Document(
                body, content_type=document.content_type, headers=document.headers
            ).answer()

        return changed

    # A Jalali day in the Gregorian place is read as the day that it means, here another one.
    expected = {(False, "rest")} if stamp.startswith("1404") else {(True, "json-ld")}
    assert dated_by(mood, Options(), "/wp-json/*", tmp_path) == expected


def test_a_listing_that_tells_the_truth_is_named(tmp_path: Path) -> None:
    def calm(site: Site) -> Mood:
        return lambda request, document: document.answer()

    for name, options in (("rest", Options()), ("feed", FEED)):
        (tmp_path / name).mkdir()
        assert dated_by(calm, options, "/none", tmp_path / name) == {(True, name)}
    sitemap = Options(rest="rest_login_required")
    assert dated_by(calm, sitemap, "/none", tmp_path) == {(True, "json-ld")}
