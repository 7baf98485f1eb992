"""The public API: docs/notebook.md and the README's snippet are run as they are printed."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import archive
import scraper.cleaning
from archive import Archive, SiteFolder, UnknownArticle, UsageError
from tests.archive.material import archived, exchange, keep
from tests.newsroom.answer import Answer
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.nights import Nights
from tests.process import REPOSITORY, Baygan

NOTEBOOK = (REPOSITORY / "docs" / "notebook.md").read_text()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the archive `persian-news` of the documents."""
    folder = tmp_path_factory.mktemp("notebook") / "persian-news"
    with Newsroom(Site(8)) as room:
        folder.mkdir()
        site = f'[sites.bamdad]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
        (folder / "sites.toml").write_text(site)
        assert Baygan(folder)("crawl").code == 0
    return folder.parent


def test_notebook_md_is_what_happens(crawled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(crawled)
    # A fence would be taken for the end of an answer.
    session = NOTEBOOK.replace("```", "")
    found = doctest.DocTestParser().get_doctest(session, {}, "notebook.md", None, 0)
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    assert runner.run(found, out=told.append).failed == 0, "".join(told)
    assert len(found.examples) > 20


def test_the_readme_s_snippet_runs(
    crawled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(crawled)
    [snippet] = re.findall(r"```python\n(.*?)```", (REPOSITORY / "README.md").read_text(), re.S)
    exec(compile(snippet, "README.md", "exec"), {})
    assert len(capsys.readouterr().out.splitlines()) == 9


def test_all_public_names_are_there_and_described() -> None:
    for module in (archive, scraper.cleaning):
        for name in module.__all__:
            assert getattr(module, name).__doc__, name
    for name, member in vars(SiteFolder).items():
        assert name.startswith("_") or member.__doc__, name


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    """Posts 1 to 3, of 2026-11-22 in Iran."""
    return archived(tmp_path / "archive", 1, 2, 3)


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        (None, None, 3),
        ("1405-09-01", None, 3),
        ("1405-09-02", None, 0),
        (None, "1405-08", 0),
        ("1405", "1405", 3),
        ("۱۴۰۵/۹/۱", "2026-11-22", 3),
        (date(2026, 11, 22), date(2026, 11, 22), 3),
        (date(1405, 9, 1), None, 3),
        (date(2026, 11, 23), None, 0),
        # 21:00 in UTC is half past midnight in Tehran.
        (datetime(2026, 11, 21, 21, tzinfo=UTC), None, 3),
        (datetime(2026, 11, 22, 21, tzinfo=UTC), None, 0),
    ],
)
def test_days_are_iran_s_in_either_calendar(
    site: SiteFolder, since: str | date | None, until: str | date | None, count: int
) -> None:
    assert len(list(site.articles(since, until))) == count


@pytest.mark.parametrize(("since", "until"), [("soon", None), ("1405-13", None), ("1405", "1404")])
def test_days_that_are_none_are_told_at_once(
    site: SiteFolder, since: str, until: str | None
) -> None:
    with pytest.raises(UsageError):
        site.articles(since, until)


def test_an_article_is_its_newest_version_and_all_can_be_had(tmp_path: Path) -> None:
    with Newsroom(Site(3)) as room:
        nights = Nights(room, tmp_path / "archive")
        nights()
        post = room.site.posts[0]
        nights.forward(hours=1)
        room.site.edit(post.id, lead="از نو نوشته شد.")
        assert nights()["changed"] == 1
        site = Archive(nights.baygan.folder).site("news")
        key = f"news/post/{post.id}"
        first, second = site.versions(key)
        assert site.article(key) == second == site.article(second["url"])
        assert [line for line in site.articles() if line["id"] == key] == [second]
        every = [line for line in site.articles(versions="all") if line["id"] == key]
        assert every == [first, second]
        assert site.page(first) != site.page(second)
        with pytest.raises(UnknownArticle, match="post/99999"):
            site.article("news/post/99999")


def test_a_page_that_came_again_is_read_through_its_revisit(tmp_path: Path) -> None:
    with Newsroom(Site(2)) as room:
        nights = Nights(room, tmp_path / "archive")
        nights()
        nights("--again")
        site = Archive(nights.baygan.folder).site("news")
        first, again = (
            list(captures) for captures in (list(site.captures())[:3], list(site.captures())[3:])
        )
        assert {capture.url for capture in first} == {capture.url for capture in again}
        pages = {capture.url: site.page(capture) for capture in first}
        for capture in again:
            assert capture.is_page
            assert site.record(capture).field("WARC-Type") == "response"
            assert site.page(capture) == pages[capture.url]


def test_captures_tell_of_errors_as_well(tmp_path: Path) -> None:
    with Newsroom(Site(3)) as room:
        gone = room.site.posts[1]
        absent = Answer.page(b"<h1>404</h1>", status="404 Not Found")
        room.be(lambda request, document: absent, gone.path)
        nights = Nights(room, tmp_path / "archive")
        nights(code=None)
        site = Archive(nights.baygan.folder).site("news")
        told = {capture.url: capture for capture in site.captures()}
        assert len(told) == 4
        missed = told[room.site.url(gone)]
        assert (missed.status, missed.is_page) == (404, False)
        assert site.record(missed).block.startswith(b"HTTP/1.1 404")


def test_removals_are_the_posts_that_are_missing_now(tmp_path: Path) -> None:
    with Newsroom(Site(4)) as room:
        nights = Nights(room, tmp_path / "archive")
        nights()
        goes, comes_back = room.site.posts[:2]
        for post in (goes, comes_back):
            room.site.unpublish(post.id)
        nights.forward(hours=1)
        nights()
        site = Archive(nights.baygan.folder).site("news")
        assert {removal.post_id for removal in site.removals()} == {goes.id, comes_back.id}
        assert [run["gone"] for run in site.runs()] == [0, 2]


def test_an_archive_before_its_first_crawl_is_empty(tmp_path: Path) -> None:
    (tmp_path / "sites.toml").write_text('[sites.khabar]\nurl = "http://khabar.example/"\n')
    site = Archive(tmp_path).site("khabar")
    for found in (site.articles(), site.captures(), site.runs(), site.removals()):
        assert list(found) == []


def test_a_crawl_may_write_while_an_archive_is_read(tmp_path: Path) -> None:
    from archive.writer.site_writer import SiteWriter

    site = archived(tmp_path / "archive", 1)
    with SiteWriter(site) as writer:
        keep(writer, 2)
        writer.capture(exchange(3))
        reader = Archive(site.archive.path).site("khabar")
        assert reader.article("khabar/post/1")["version"] == 1
        pages: Iterator[bytes] = (reader.page(line) for line in reader.articles())
        assert set(pages) == {b"<p>salaam</p>"}
        reading = reader.captures()
    # Its last file has got its final name since.
    assert list(reading) == []
