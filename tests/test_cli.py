"""Every command on the newsroom, through the real process: what it prints, where, and its code."""

from __future__ import annotations

import csv
import io
import json
import platform
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest

from archive.version import __version__
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.post import Post
from tests.newsroom.site import Site
from tests.process import Baygan

SILENT = (0, "", "")
LATER = datetime(2025, 11, 25, 8, tzinfo=UTC)  # 1404-09-04


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Baygan, list[Post]]]:
    """baygan in an archive that holds all of a newsroom, for commands that only read; and the
    newsroom's posts. One title is what a spreadsheet would take for a formula; three posts are
    younger than the others."""
    folder = tmp_path_factory.mktemp("crawled")
    with Newsroom(Site(12)) as room:
        room.site.edit(room.posts[0].id, title="=۲+۲ چند می‌شود؟")
        for post in room.posts[-3:]:
            room.site.edit(post.id, published=LATER)
        site = f'[sites.news]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
        (folder / "sites.toml").write_text(site)
        baygan = Baygan(folder)
        done = baygan("crawl")
        assert (done.code, done.out, done.err) == SILENT
        posts = room.site.listed()
    yield baygan, posts


def test_help_says_what_there_is_and_what_the_exit_codes_mean(tmp_path: Path) -> None:
    done = Baygan(tmp_path)("--help")
    assert (done.code, done.err) == (0, "")
    commands = ["init", "add", "probe", "crawl", "status", "show", "export", "clean"]
    places = [done.out.index(f"\n  {command} ") for command in commands]
    assert places == sorted(places)
    for code in (0, 1, 2, 3, 4, 5, 130):
        assert f"\n    {code}  " in done.out
    assert "..." not in done.out.partition("Commands:")[2]
    assert max(len(line) for line in done.out.splitlines()) <= 80
    assert Baygan(tmp_path)("-h").out == done.out


def test_no_command_at_all_is_answered_with_the_help(tmp_path: Path) -> None:
    done = Baygan(tmp_path)()
    assert (done.code, done.out) == (2, "")
    assert "Commands:" in done.err


def test_version(tmp_path: Path) -> None:
    """Its lines name what decides on a capture and on a text, for a bug report."""
    done = Baygan(tmp_path)("-V")
    assert (done.code, done.err) == (0, "")
    first, second, third = done.out.splitlines()
    assert re.fullmatch(rf"baygan {re.escape(__version__)}, rules [0-9a-f]{{12}}", first)
    assert second.startswith(f"Python {platform.python_version()}, ")
    assert f"trafilatura {version('trafilatura')}, warcio {version('warcio')}" in third
    assert Baygan(tmp_path)("--version").out == done.out


def test_init_makes_an_archive_and_changes_none(tmp_path: Path) -> None:
    baygan = Baygan(tmp_path)
    done = baygan("init", "persian-news", terminal=True)
    assert (done.code, done.out, done.err) == (0, "", "made persian-news/sites.toml\n")
    toml = tmp_path / "persian-news" / "sites.toml"
    tomllib.loads(toml.read_text())
    assert Baygan(tmp_path / "persian-news")("status").code == 0
    toml.write_text(toml.read_text() + "# mine\n")
    again = baygan("init", "persian-news")
    assert (again.code, again.out) == (2, "")
    assert "is an archive already; nothing was changed" in again.err
    assert toml.read_text().endswith("# mine\n")


def test_add_takes_the_site_into_sites_toml(tmp_path: Path, newsroom: Newsroom) -> None:
    baygan = Baygan(tmp_path)
    baygan("init")
    arguments = ("add", newsroom.url, "--name", "bamdad", "--allow-private")
    done = baygan(*arguments, terminal=True)
    assert (done.code, done.out) == (0, "")
    assert "WordPress REST: 13 of type post" in done.err
    assert done.err.endswith("added [sites.bamdad]; fetch its articles with: baygan crawl bamdad\n")
    toml = (tmp_path / "sites.toml").read_text()
    site = {"url": newsroom.url, "allow_private": True}
    assert tomllib.loads(toml)["sites"] == {"bamdad": site}
    again = baygan(*arguments)
    assert again.code == 2
    assert "[sites.bamdad]" in again.err
    assert (tmp_path / "sites.toml").read_text() == toml


def test_probe_tells_a_person_and_prints_toml(tmp_path: Path, newsroom: Newsroom) -> None:
    done = Baygan(tmp_path)("probe", newsroom.url, "--allow-private")
    assert done.code == 0
    [site] = tomllib.loads(done.out)["sites"].values()
    assert site == {"url": newsroom.url, "allow_private": True}
    assert "WordPress REST: 13 of type post" in done.err
    assert list(tmp_path.iterdir()) == []


def test_status_as_a_table_and_as_json(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, posts = crawled
    done = baygan("status")
    assert (done.code, done.err) == (0, "")
    head, row = done.out.splitlines()
    assert head.split()[:5] == ["site", "articles", "listed", "removed", "newest"]
    assert row.split()[:2] == ["news", str(len(posts))]
    assert row.endswith(f"complete: {len(posts)} new")
    [state] = baygan("status", "news", "--json").lines
    assert (state["site"], state["articles"], state["due"]) == ("news", len(posts), 0)
    assert (state["verdict"], state["problems"]) == ("complete", [])


def test_show_in_all_forms(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, posts = crawled
    post = posts[3]
    key = f"news/post/{post.id}"
    text = baygan("show", key)
    assert (text.code, text.err) == (0, "")
    assert text.out.startswith(post.title + "\n\n")
    assert text.out.endswith("\n\n".join(post.paragraphs) + "\n")
    line = json.loads(baygan("show", "--json", key).out)
    assert (line["id"], line["title"]) == (key, post.title)
    assert baygan("show", line["url"]).out == text.out
    assert baygan("show", line["url"].upper().replace("HTTP", "http")).out == text.out
    html = baygan("show", "--html", key).out
    assert html.startswith("<!DOCTYPE html>")
    assert post.title in html
    assert baygan("show", "--versions", key).out == (
        f"1  {line['fetched']}  {line['modified']}"
        f"  {','.join(line['flags']) or '-'}  {post.title}\n"
    )


def test_show_prints_the_record_as_it_is_stored(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, posts = crawled
    process = baygan.start("show", "--warc", f"news/post/{posts[0].id}")
    record, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert record.startswith(b"WARC/1.1\r\nWARC-Type: response\r\n")
    assert b"\r\n\r\nHTTP/1.1 200 OK\r\n" in record
    assert record.endswith(b"\r\n\r\n")


def test_export_as_json_lines(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, posts = crawled
    done = baygan("export")
    assert (done.code, done.err) == (0, "")
    assert {line["title"] for line in done.lines} == {post.title for post in posts}
    assert "\\u06" not in done.out
    chosen = baygan("export", "news", "--fields", "title,id").lines
    assert chosen == [{"title": line["title"], "id": line["id"]} for line in done.lines]


def test_export_of_some_days(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, _ = crawled
    every = baygan("export", "--fields", "id,published").lines
    since = baygan("export", "--fields", "id,published", "--since", "1404-09-04").lines
    until = baygan("export", "--fields", "id,published", "--until", "2025-11-24").lines
    assert [line["published"] for line in since] == 3 * ["2025-11-25T08:00:00Z"]
    assert until == [line for line in every if line not in since]


def test_export_as_csv_defuses_formulas(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, posts = crawled
    done = baygan("export", "--csv", "--fields", "id,title,tags,image,lead")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert len(rows) == len(posts)
    assert "'=۲+۲ چند می‌شود؟" in [row["title"] for row in rows]
    tags = {f"news/post/{post.id}": set(post.tags) for post in posts}
    assert {row["id"]: set(row["tags"].split("; ")) for row in rows} == tags
    assert all(json.loads(row["image"])["url"].endswith(".png") for row in rows)


def test_csv_of_no_article_has_its_header(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, _ = crawled
    header, _, _ = baygan("export", "--csv").out.partition("\r\n")
    assert baygan("export", "--csv", "--type", "none").out == f"{header}\r\n"
    some = baygan("export", "--csv", "--fields", "title, id", "--until", "1300")
    assert (some.code, some.out) == (0, "title,id\r\n")


def test_fields_are_checked_before_the_first_article(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, _ = crawled
    for names in ("titel", "id,warc.file", ""):
        done = baygan("export", "--fields", names, "--until", "1300")
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("Error: no key '")


def test_clean_filters_a_file_or_a_pipe(crawled: tuple[Baygan, list[Post]], tmp_path: Path) -> None:
    baygan, posts = crawled
    post = posts[5]
    html = baygan("show", "--html", f"news/post/{post.id}").out
    page = tmp_path / "page.html"
    page.write_text(html)
    text = "\n\n".join((post.title, *post.paragraphs)) + "\n"
    from_file = baygan("clean", str(page))
    assert (from_file.code, from_file.out, from_file.err) == (0, text, "")
    assert baygan("clean", stdin=html.encode()).out == text
    url = "https://khabar.example/1/"
    article = json.loads(baygan("clean", "--json", "--url", url, stdin=html.encode()).out)
    assert (article["title"], article["tags"]) == (post.title, list(post.tags))


def test_clean_refuses_what_is_no_article(tmp_path: Path) -> None:
    done = Baygan(tmp_path)("clean", stdin=b"<html><body><p></p></body></html>")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Error: no article on this page: empty")


def test_the_archive_is_named_before_or_after_the_command_or_in_the_environment(
    crawled: tuple[Baygan, list[Post]], tmp_path: Path
) -> None:
    there, _ = crawled
    here, folder = Baygan(tmp_path), str(there.folder)
    expected = there("status").out
    assert here("-C", folder, "status").out == expected
    assert here("status", "-C", folder).out == expected
    assert here("status", "--archive", folder).out == expected
    assert here("status", BAYGAN_ARCHIVE=folder).out == expected
    assert here("status").code == 2


def test_a_reader_that_leaves_ends_the_export_without_a_word(
    crawled: tuple[Baygan, list[Post]],
) -> None:
    baygan, _ = crawled
    process = baygan.start("export")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 1
    process.stderr.close()
