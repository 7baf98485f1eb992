"""`baygan crawl` on the newsroom: quiet for cron, talkative on a terminal, and its options."""

from __future__ import annotations

import signal
import time
from datetime import UTC, datetime

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.process import Baygan

SILENT = (0, "", "")
ERASED = "\x1b[2K"


def articles_fetched(newsroom: Newsroom) -> int:
    """How often the newsroom was asked for the page of a post."""
    paths = {post.path for post in newsroom.site.listed()}
    return sum(exchange.target in paths for exchange in newsroom.exchanges)


def test_with_no_terminal_and_nothing_wrong_it_writes_not_one_byte(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    first = baygan("crawl")
    assert (first.code, first.out, first.err) == SILENT
    newsroom.server.forget()
    second = baygan("crawl")
    assert (second.code, second.out, second.err) == SILENT
    assert articles_fetched(newsroom) == 0
    assert len(newsroom.exchanges) <= 4
    [log] = (baygan.folder / "logs").iterdir()
    assert log.read_text().count(" kept: ") == len(newsroom.site.listed())


def test_on_a_terminal_a_bar_and_then_a_line_a_site(baygan: Baygan) -> None:
    done = baygan("crawl", terminal=True)
    assert (done.code, done.out) == (0, "")
    assert "/13" in done.err
    assert done.err.split(ERASED)[-1] == "news  13 new; complete\n"


def test_quiet_is_quiet_on_a_terminal_too(baygan: Baygan) -> None:
    done = baygan("crawl", "-q", terminal=True)
    assert (done.code, done.out, done.err) == SILENT


def test_json_prints_the_line_of_runs_jsonl(baygan: Baygan, newsroom: Newsroom) -> None:
    done = baygan("crawl", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.out == (baygan.folder / "news" / "runs.jsonl").read_text()
    [run] = done.lines
    expected = ("news", len(newsroom.site.listed()), "complete")
    assert (run["site"], run["new"], run["verdict"]) == expected


def test_verbose_tells_of_every_article(baygan: Baygan, newsroom: Newsroom) -> None:
    told = baygan("crawl", "-v").err
    assert all(f"kept: {post.title}\n" in told for post in newsroom.posts)
    assert " scrapy" not in told
    assert " INFO scrapy" in baygan("crawl", "-vv").err


def test_a_dry_run_prints_addresses_and_fetches_no_article(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    done = baygan("crawl", "--dry-run")
    assert (done.code, done.err) == (0, "")
    published = {newsroom.site.url(post) for post in newsroom.site.listed()}
    assert set(done.out.splitlines()) == published
    assert articles_fetched(newsroom) == 0
    assert baygan("status", "--json").lines[0]["articles"] == 0


def test_a_limit_is_kept_to_and_the_next_run_goes_on(baygan: Baygan, newsroom: Newsroom) -> None:
    first = baygan("crawl", "--limit", "5")
    assert (first.code, first.out, first.err) == SILENT
    assert articles_fetched(newsroom) == 5
    assert baygan("crawl").code == 0
    assert articles_fetched(newsroom) == len(newsroom.site.listed())
    assert baygan("status", "--json").lines[0]["articles"] == len(newsroom.site.listed())


def test_no_page_is_begun_after_the_given_time(baygan: Baygan, newsroom: Newsroom) -> None:
    none = baygan("crawl", "--stop-after", "0s")
    assert (none.code, none.out, none.err) == SILENT
    assert articles_fetched(newsroom) == 0


def test_since_takes_the_later_articles_by_either_calendar(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    later = newsroom.posts[-3:]
    for post in later:
        newsroom.site.edit(post.id, published=datetime(2025, 11, 25, 8, tzinfo=UTC))
    assert baygan("crawl", "--since", "1404/09/04").code == 0
    assert {line["post_id"] for line in baygan("export").lines} == {post.id for post in later}
    assert baygan("crawl", "--since", "2025-11-25", "--json").lines[0]["new"] == 0
    assert baygan("crawl", "--json").lines[0]["new"] == len(newsroom.site.listed()) - 3


def test_one_site_of_two_in_trouble_ends_with_3_and_status_remembers(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    with (baygan.folder / "sites.toml").open("a") as toml:
        toml.write('[sites.closed]\nurl = "http://127.0.0.1:1/"\nallow_private = true\n')
    done = baygan("crawl")
    assert (done.code, done.out) == (3, "")
    [warning] = done.err.splitlines()
    assert warning.startswith("Warning: closed: http://127.0.0.1:1/ gave no answer")
    assert baygan("crawl", "-q").err == ""
    status = baygan("status")
    assert status.code == 3
    assert "closed: http://127.0.0.1:1/ gave no answer" in status.out
    assert baygan("status", "news").code == 0
    assert baygan("crawl", "closed").code == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_good_order_and_the_next_run_has_all(
    baygan: Baygan, newsroom: Newsroom, number: signal.Signals
) -> None:
    newsroom.be("slow", "/20*", delay=1.0)
    process = baygan.start("crawl")
    while not articles_fetched(newsroom):
        time.sleep(0.02)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (128 + number, b"", b"")
    assert list(baygan.folder.glob("news/*/*/*.open")) == []
    assert articles_fetched(newsroom) < len(newsroom.site.listed())
    newsroom.be("calm")
    assert baygan("crawl").code == 0
    kept = sorted(line["title"] for line in baygan("export").lines)
    assert kept == sorted(post.title for post in newsroom.site.listed())
