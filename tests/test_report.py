"""baygan report of a newsroom's archive: what the page tells, in the browser and out of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.post import Post
from tests.newsroom.site import Site
from tests.nights import Nights
from tests.process import REPOSITORY, Baygan
from tests.report_view import asked_for, found, need_chromium, seen, text_of

DAYS = ((2025, 11, 20), (2025, 11, 20), (2025, 11, 24), (2026, 1, 3))
NEW_TITLE, NEW_LEAD = "تیتری که دیگر شد", "آغازی که کسی نگفت تازه است."


class Crawled(NamedTuple):
    """An archive of four nights: what was edited openly, silently, erased and unpublished."""

    baygan: Baygan
    edited: Post
    silent: Post
    erased: Post
    unpublished: Post


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    with Newsroom(Site(12)) as room:
        posts = room.posts
        for number, post in enumerate(posts):
            day = datetime(*DAYS[number % len(DAYS)], 9, tzinfo=UTC)
            room.site.edit(post.id, published=day)
        nights = Nights(room, tmp_path_factory.mktemp("report") / "archive")
        nights()
        nights.forward(days=1)
        room.site.edit(posts[0].id, title=NEW_TITLE)
        room.site.edit(posts[1].id, lead=NEW_LEAD, silent=True)
        room.site.remove(posts[2].id)
        room.site.unpublish(posts[3].id)
        nights("--again", code=None)
        nights.forward(days=2)
        nights("--again", code=None)
    yield Crawled(nights.baygan, *posts[:4])


def page_of(baygan: Baygan, *options: str) -> str:
    """The page that the command prints."""
    done = baygan("report", *options)
    assert (done.code, done.err) == (0, "")
    return done.out


def section(page: str, name: str) -> str:
    """The text of a section."""
    [one] = found(page, f"//section[@id='{name}']")
    return text_of(one)


def counted(page: str) -> dict[str, str]:
    """The numbers at the top of the page."""
    return {text_of(pair[0]): text_of(pair[1]) for pair in found(page, "//dl/div")}


def test_the_page_tells_what_the_newsroom_did(crawled: Crawled) -> None:
    page = page_of(crawled.baygan, "--page-language", "en")
    articles = len(crawled.baygan("export").lines)
    assert counted(page) == {
        "articles": str(articles),
        "sites": "1",
        "edits": "1",
        "silent edits": "1",
        "removed": "2",
        "problems that stand": "0",
    }
    edits, silent = section(page, "edits"), section(page, "silent")
    assert NEW_TITLE in edits
    assert f"news/post/{crawled.edited.id}" in edits
    assert NEW_LEAD in silent
    assert f"news/post/{crawled.silent.id}" in silent
    assert NEW_LEAD not in edits
    words = found(page, "//section[@id='edits']//ins")
    assert [text_of(word) for word in words] == [NEW_TITLE]
    removed = section(page, "removed")
    assert all(f"{kind}: 1," in removed for kind in ("erased", "unpublished"))


def test_removals_have_their_evidence(crawled: Crawled) -> None:
    text = section(page_of(crawled.baygan, "--page-language", "en"), "removed")
    removals = crawled.baygan("status", "--removed", "--json").lines
    assert {removal["kind"] for removal in removals} == {"erased", "unpublished"}
    for removal, post in zip(removals, (crawled.erased, crawled.unpublished), strict=True):
        assert post.title in text
        place = removal["evidence"]
        assert f"news/{place['file']} @{place['offset']}+{place['length']}" in text
        assert place["record_id"].strip("<>") in text
    assert "confirmed: 2" in text


def test_days_months_and_gaps_are_those_of_count(crawled: Crawled) -> None:
    page = page_of(crawled.baygan, "--page-language", "en")
    titles = [title.text for title in found(page, "//figure//title")]
    told = dict(title.rsplit(": ", 1) for title in titles)
    for by, jalali in (("day", ()), ("month", ("--jalali",))):
        for row in crawled.baygan("count", "--by", by, *jalali, "--json").lines:
            assert told[row[by]] == str(row["articles"])
    gaps = found(page, "//section[@id='published']//table//tr[td]")
    rows = [[cell.text for cell in row] for row in gaps]
    assert rows == [["2025-11-25", "2026-01-02", "39"], ["2025-11-21", "2025-11-23", "3"]]


def test_nights_are_those_of_the_ledger(crawled: Crawled) -> None:
    text = section(page_of(crawled.baygan, "--page-language", "en"), "nights")
    [state] = crawled.baygan("status", "--json").lines
    assert state["verdict"] in text
    assert "The last crawl of no site had a problem" in section(
        page_of(crawled.baygan, "--page-language", "en"), "problems"
    )


def test_a_selection_has_its_own_edits_and_removals(crawled: Crawled) -> None:
    page = page_of(crawled.baygan, "--page-language", "en", "--since", "2026")
    assert "--since 2026-01-01" in text_of(found(page, "//header")[0])
    assert counted(page)["articles"] == "3"
    assert (counted(page)["edits"], counted(page)["silent edits"]) == ("0", "0")
    # The fourth post of the newsroom is of that year, the third is not.
    assert counted(page)["removed"] == "1"
    assert crawled.unpublished.title in section(page, "removed")
    everything = counted(page_of(crawled.baygan, "--page-language", "en", "--versions", "all"))
    assert int(everything["versions"]) == len(crawled.baygan("export", "--versions", "all").lines)
    removed = counted(page_of(crawled.baygan, "--page-language", "en", "--removed"))
    assert (removed["articles"], removed["edits"]) == ("2", "0")


@pytest.mark.parametrize(
    "options", [("--since", "1380", "--until", "1380"), ("--match", "ناموجود")]
)
def test_a_selection_without_an_article_is_a_page(
    crawled: Crawled, options: tuple[str, ...]
) -> None:
    assert "هیچ مطلبی با تاریخ" in page_of(crawled.baygan, *options)


def test_an_archive_that_was_never_crawled_is_a_page(baygan: Baygan) -> None:
    page = page_of(baygan, "--page-language", "en")
    assert counted(page)["articles"] == "0"
    assert "Not crawled yet: news" in section(page, "problems")


def test_a_file_is_written_whole_or_not_at_all(crawled: Crawled, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("older")
    assert crawled.baygan("report", "--out", str(target)).out == ""
    assert target.read_text().endswith("</html>\n")
    done = crawled.baygan("report", "--out", str(tmp_path / "absent" / "report.html"))
    assert done.code == 1
    assert "cannot write" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("nevs",), "no site 'nevs'"),
        (("--page-language", "de"), "'de' is not one of"),
        (("--since", "1404-13"), "is no day"),
    ],
)
def test_wrong_use_is_told(crawled: Crawled, options: tuple[str, ...], said: str) -> None:
    done = crawled.baygan("report", *options)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_without_jinja2_it_says_what_to_install(baygan: Baygan, tmp_path: Path) -> None:
    (tmp_path / "absent").mkdir()
    (tmp_path / "absent" / "jinja2.py").write_text("raise ModuleNotFoundError('jinja2')\n")
    path = f"{tmp_path / 'absent'}:{REPOSITORY}"
    done = baygan("report", "--out", "news.html", PYTHONPATH=path)
    assert done.code == 2
    assert "jinja2, which is not installed" in done.err
    assert "pip install 'baygan[report]'" in done.err
    assert not (baygan.folder / "news.html").exists()
    assert baygan("count", "--by", "day", PYTHONPATH=path).code == 0


def test_its_head_forbids_requests(crawled: Crawled) -> None:
    """Chromium without a window asks for no icon, so that of the page is looked for here."""
    page = page_of(crawled.baygan)
    [policy] = found(page, "/html/head/meta[@http-equiv='Content-Security-Policy']/@content")
    rules = policy.split("; ")
    assert rules[:3] == ["default-src 'none'", "style-src 'unsafe-inline'", "img-src data:"]
    assert found(page, "/html/head/link/@href") == ["data:,"]
    assert found(page, "//@src") == []


@pytest.mark.parametrize(("language", "direction"), [("fa", "rtl"), ("en", "ltr")])
def test_a_browser_shows_it_in_its_direction(
    crawled: Crawled, language: str, direction: str
) -> None:
    need_chromium()
    page = page_of(crawled.baygan, "--page-language", language)
    assert asked_for(page) == ["/report.html"]
    shown = seen(page)
    assert (shown["scripts"], shown["direction"]) == (0, direction)
    # Time goes the way that is read; the first chart comes first.
    by_day = shown["bars"][: len(DAYS) - 1]
    assert by_day == sorted(by_day, reverse=direction == "rtl")
    assert len(set(by_day)) > 1


@pytest.mark.parametrize("language", ["fa", "en"])
def test_it_fits_a_phone(crawled: Crawled, language: str) -> None:
    need_chromium()
    assert seen(page_of(crawled.baygan, "--page-language", language), 390)["width"] <= 390


def test_it_is_dark_where_the_reader_wants_that(crawled: Crawled) -> None:
    need_chromium()
    page = page_of(crawled.baygan)
    light = seen(page)["background"]
    dark = seen(page, 1000, "--blink-settings=preferredColorScheme=0")["background"]
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(20, 23, 27)")
