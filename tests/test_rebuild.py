"""`baygan rebuild`: the lines of all nights again, from the WARC files alone."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path

import pytest

from archive.layout import REBUILDING
from tests.archive.material import tree
from tests.newsroom.newsroom import Newsroom
from tests.process import Baygan
from tests.sister import sisters

DERIVED = ("articles", "text", "index.db")


def raw_lines(baygan: Baygan) -> list[bytes]:
    """Every line, sorted: a night writes them in the order of keeping."""
    files = sorted((baygan.folder / "news" / "articles").glob("*.jsonl"))
    return sorted(line for path in files for line in path.read_bytes().splitlines())


@pytest.fixture
def three_nights(baygan: Baygan, newsroom: Newsroom) -> Baygan:
    """Versions, a silent edit, a renamed post, a post that is gone, one that is no article."""
    site = newsroom.site
    first, second, third, fourth, fifth, *_ = (post.id for post in newsroom.posts)
    newsroom.be("challenge", newsroom.posts[5].path)
    assert baygan("crawl").code in (0, 3)
    newsroom.be("calm")
    site.edit(first, lead="این خبر از نو نوشته شد و شمار کشته‌ها در آن بیشتر است.")
    site.edit(second, title="تیتری تازه برای خبری که پیش‌تر نوشته شده بود")
    site.edit(third, slug="nam-e-taze")
    site.remove(fourth)
    assert baygan("crawl").code in (0, 3)
    site.edit(first, lead="این خبر بار دیگر نوشته شد.")
    site.edit(fifth, silent=True, lead="این خبر بی‌صدا دگرگون شد.")
    assert baygan("crawl", "--again").code in (0, 3)
    assert {json.loads(line)["version"] for line in raw_lines(baygan)} == {1, 2, 3}
    assert b"silent_edit" in b"".join(raw_lines(baygan))
    return baygan


def test_the_lines_of_three_nights_byte_for_byte(three_nights: Baygan) -> None:
    baygan, site = three_nights, three_nights.folder / "news"
    before = raw_lines(baygan)
    kept = {name: (site / name).read_bytes() for name in ("runs.jsonl", "removals.jsonl")}
    for name in DERIVED:
        path = site / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    done = baygan("rebuild")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert raw_lines(baygan) == before
    assert {name: (site / name).read_bytes() for name in kept} == kept
    check = baygan("check")
    assert (check.code, check.err) == (0, ""), check.out


def test_a_dry_run_changes_nothing_and_says_what_would_change(three_nights: Baygan) -> None:
    baygan, site = three_nights, three_nights.folder / "news"
    before = tree(site)
    done = baygan("rebuild", "-n")
    assert (done.code, done.err) == (0, "")
    articles = len({json.loads(line)["id"] for line in raw_lines(baygan)})
    assert f"; {articles} as before" in done.out
    [path] = (site / "articles").iterdir()
    lines = path.read_text().splitlines(keepends=True)
    changed, gone = json.loads(lines[0]), json.loads(lines[1])
    changed |= {"title": "تیتری دیگر", "authors": ["کسی دیگر"]}
    path.write_text(json.dumps(changed) + "\n" + "".join(lines[2:]))
    before = tree(site)
    done = baygan("rebuild", "--dry-run", "-v")
    assert tree(site) == before
    assert f"{changed['id']}: authors, title\n" in done.out
    assert f"{gone['id']}: new\n" in done.out or f"{gone['id']}: versions\n" in done.out
    assert "authors 1, title 1" in done.out
    assert not (site / REBUILDING).exists()


def test_rules_of_today(three_nights: Baygan) -> None:
    baygan = three_nights
    with (baygan.folder / "sites.toml").open("a") as toml:
        toml.write('remove = ["h2", "blockquote"]\n')
    [told] = baygan("rebuild", "--json").lines
    assert told["changed"] > 0 and set(told["fields"]) <= {"text", "text_sha256", "lead", "flags"}
    aside = Path(told["quarantine"])
    assert {path.name for path in aside.iterdir()} >= {"articles", "text", "index.db"}
    [again] = baygan("rebuild", "--json").lines
    assert (again["changed"], again["new"], again["gone"]) == (0, 0, 0)


def test_the_next_night_asks_for_no_article(three_nights: Baygan, newsroom: Newsroom) -> None:
    assert three_nights("rebuild").code == 0
    newsroom.server.forget()
    assert three_nights("crawl").code in (0, 3)
    paths = {post.path for post in newsroom.posts} - {newsroom.posts[4].path}
    assert not [exchange for exchange in newsroom.exchanges if exchange.target in paths]


@pytest.mark.parametrize(
    "place",
    ["lines.write:5:half", "rebuild.completed", "rebuild.move",
     *sisters("index.commit:3", "aside.move:2", "manifest.write", "text.write:2",
              "rebuild.complete", "aside.move", "aside.move:3", "rebuild.move:2",
              "rebuild.move:3", "folder.sync:20")],
)  # fmt: skip
def test_killed_anywhere_it_has_changed_nothing_or_is_completed(
    baygan: Baygan, newsroom: Newsroom, place: str
) -> None:
    assert baygan("crawl").code == 0
    before = raw_lines(baygan)
    with (baygan.folder / "sites.toml").open("a") as toml:
        toml.write('remove = ["h2"]\n')
    assert baygan("rebuild", "--workers", "1", BAYGAN_FAILPOINT=place).code == -signal.SIGKILL
    site = baygan.folder / "news"
    if not list(site.glob(".rebuilt-*")) and raw_lines(baygan) == before:
        assert baygan("check").code == 0
    newsroom.server.forget()
    assert baygan("crawl").code == 0, "the next run completes it"
    assert not [path for path in site.iterdir() if path.name.startswith(".rebuil")]
    paths = {post.path for post in newsroom.posts}
    assert not [exchange for exchange in newsroom.exchanges if exchange.target in paths]
    assert baygan("rebuild").code == 0
    after = raw_lines(baygan)
    assert len(after) == len(before) and after != before
    check = baygan("check")
    assert (check.code, check.err) == (0, ""), check.out


def test_a_broken_capture_is_told_and_nothing_is_replaced(baygan: Baygan) -> None:
    assert baygan("crawl").code == 0
    [path] = (baygan.folder / "news" / "warc").rglob("*.warc.gz")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    before = tree(baygan.folder / "news")
    done = baygan("rebuild")
    assert (done.code, done.out) == (4, "")
    assert path.name in done.err and "Nothing was changed" in done.err
    assert {n: d for n, d in tree(baygan.folder / "news").items() if REBUILDING not in n} == before


def test_on_a_terminal_a_line_a_site(baygan: Baygan) -> None:
    assert baygan("crawl").code == 0
    done = baygan("rebuild", terminal=True)
    assert (done.code, done.out) == (0, "")
    assert "news: 13 articles of 13 pages; 13 as before; the old files are in" in done.err
