"""Nobody is watching: signals, limits, quiet sites, the log's days, and what cron starts."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.jsonl.runs import Run, append_run
from archive.outcomes import Verdict
from scraper.verdict.staleness import staleness
from tests.newsroom.newsroom import Newsroom
from tests.process import REPOSITORY, Baygan, Started

README = (REPOSITORY / "README.md").read_text()


def wait_for_a_page(newsroom: Newsroom, process: Started) -> None:
    while not any(exchange.target.startswith("/20") for exchange in newsroom.exchanges):
        assert process.poll() is None
        time.sleep(0.02)


def ended(process: Started, seconds: float) -> int:
    """The exit code of a process that says nothing and ends in so many seconds."""
    assert process.communicate(timeout=seconds) == (b"", b"")
    return process.returncode


def test_a_hang_up_ends_it_in_good_order(baygan: Baygan, newsroom: Newsroom) -> None:
    newsroom.be("slow", "/20*", delay=1.0)
    process = baygan.start("crawl")
    wait_for_a_page(newsroom, process)
    process.send_signal(signal.SIGHUP)
    assert ended(process, 30) == 128 + signal.SIGHUP
    assert list(baygan.folder.glob("news/*/*/*.open")) == []
    newsroom.be("calm")
    assert baygan("crawl").code == 0
    assert len(baygan("export").lines) == len(newsroom.site.listed())


def test_a_page_that_hangs_holds_up_the_end_for_ten_seconds_at_most(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    newsroom.be("hang", "/20*")
    process = baygan.start("crawl")
    wait_for_a_page(newsroom, process)
    began = time.monotonic()
    process.terminate()
    assert ended(process, 30) == 143
    assert time.monotonic() - began < 20


def test_a_second_signal_ends_it_at_once(baygan: Baygan, newsroom: Newsroom) -> None:
    newsroom.be("hang", "/20*")
    process = baygan.start("crawl")
    wait_for_a_page(newsroom, process)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert ended(process, 30) == 130
    assert time.monotonic() - began < 8
    newsroom.be("calm")
    assert baygan("crawl").code == 0
    assert len(baygan("export").lines) == len(newsroom.site.listed())


def test_no_limited_run_makes_a_later_night_skip_anything(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    site, posts = newsroom.site, newsroom.posts
    assert baygan("crawl", "--limit", "3").code == 0
    site.edit(posts[0].id, title="تیتری که پس از آزمایش نخست عوض شد")
    assert baygan("crawl", "--dry-run").code == 0
    site.edit(posts[1].id, title="تیتری که پس از آزمایش دوم عوض شد")
    assert baygan("crawl", "--limit", "1").code == 0
    assert baygan("crawl", "--stop-after", "0s").code == 0
    assert baygan("crawl", "--since", "2100-01-01").code in (0, 3)
    assert baygan("crawl", "--json").lines[0]["verdict"] == "complete"
    titles = {line["post_id"]: line["title"] for line in baygan("export").lines}
    assert titles == {post.id: post.title for post in site.listed()}


def test_a_budget_ends_the_night_and_the_next_one_goes_on(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    with (baygan.folder / "sites.toml").open("a") as toml:
        toml.write("budget = 10\n")
    done = baygan("crawl", terminal=True)
    assert done.code == 0
    assert len(newsroom.exchanges) == 10
    assert "left; incomplete; the budget of 10 requests is spent" in done.err.replace("\n", " ")
    newsroom.server.forget()
    nights = 1
    while baygan("crawl", "--json").lines[0]["verdict"] != "complete":
        assert len(newsroom.exchanges) <= 10
        newsroom.server.forget()
        nights += 1
        assert nights < 6
    assert len(baygan("export").lines) == len(newsroom.site.listed())


def test_a_budget_that_does_not_reach_the_listings_is_told(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    with (baygan.folder / "sites.toml").open("a") as toml:
        toml.write("budget = 2\n")
    done = baygan("crawl")
    assert done.code == 1
    assert "Raise budget in [sites.news]" in done.err
    assert len(newsroom.exchanges) == 2


# Days on which something new came, the last day looked at, and whether that is too long.
QUIET = [
    ([0, 1, 2, 3, 4], 8, False),
    ([0, 1, 2, 3, 4], 9, True),
    ([0, 7, 14, 21], 40, False),
    ([0, 7, 14, 21], 50, True),
    ([0, 1, 2], 90, False),
    ([], 90, False),
]


@pytest.mark.parametrize(("news", "last", "too_long"), QUIET)
def test_silence_is_measured_by_what_is_usual(news: list[int], last: int, too_long: bool) -> None:
    runs = [night(day, new=int(day in news)).to_object() for day in range(last + 1)]
    assert (staleness(reversed(runs)) is not None) == too_long


def night(day: int, new: int) -> Run:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    run = Run(run="0" * 8, site="news", started=moment, ended=moment, verdict=Verdict.COMPLETE)
    run.counts.new = new
    return run


def test_a_site_gone_quiet_is_told_by_status_and_once_by_mail(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    assert baygan("crawl").code == 0
    runs = baygan.folder / "news" / "runs.jsonl"
    runs.unlink()
    for day in range(8):
        append_run(runs, night(day, new=1))
    first, second = baygan("crawl"), baygan("crawl")
    assert (first.code, second.code, second.err) == (3, 0, "")
    assert "days, and there always was something" in first.err
    status = baygan("status")
    assert status.code == 3
    assert "days, and there always was something" in status.out


def test_logs_of_more_than_a_month_ago_are_packed_and_kept(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    logs = baygan.folder / "logs"
    logs.mkdir()
    recent = f"{datetime.now(UTC) - timedelta(days=3):%Y-%m-%d}.log"
    for name in ("2026-01-05.log", recent, "notes.log"):
        (logs / name).write_text(f"{name} of old\n")
    assert baygan("crawl", "--limit", "1").code == 0
    assert gzip.decompress((logs / "2026-01-05.log.gz").read_bytes()) == b"2026-01-05.log of old\n"
    assert not (logs / "2026-01-05.log").exists()
    assert (logs / recent).exists() and (logs / "notes.log").exists()


def test_the_readme_s_cron_lines_are_commands_that_exist() -> None:
    [block] = re.findall(r"```cron\n(.*?)```", README, re.S)
    lines = [line.split() for line in block.splitlines() if line[:1].isdigit()]
    assert len(lines) == 2
    for line in lines:
        assert line[5].endswith("/baygan")
        assert Baygan(REPOSITORY)(line[6], "--help").code == 0


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_the_readme_s_units_are_what_systemd_takes(tmp_path: Path) -> None:
    blocks = re.findall(r"```ini\n# (baygan\.\w+)\n(.*?)```", README, re.S)
    assert [name for name, _ in blocks] == ["baygan.service", "baygan.timer"]
    for name, text in blocks:
        (tmp_path / name).write_text(text.replace("%h/.local/bin/baygan", "/bin/true"))
    assert "MemoryMax=" in blocks[0][1]
    paths = [str(tmp_path / name) for name, _ in blocks]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", *paths],
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert (done.returncode, done.stderr.strip()) == (0, "")
