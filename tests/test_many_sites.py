"""Twenty sites in one run: four in trouble, sixteen that must not notice."""

from __future__ import annotations

import json
import re
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from archive.files.lock import Lock
from archive.jsonl.runs import Run
from archive.layout import LOCK
from scraper.console.report import warnings
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import COMMAND, Baygan, environment

ESCAPE = re.compile("\x1b\\[[0-9;?]*[a-zA-Z]")
HEALTHY = 16
POSTS = 4
TROUBLED = {"hanging": "timeout", "blocked": "ArvanCloud", "dead": "no-such-host", "broken": "500"}


@pytest.fixture
def twenty(tmp_path: Path) -> Iterator[Baygan]:
    """An archive of twenty sites."""
    with ExitStack() as stack:
        urls = {f"site-{n:02}": _room(stack).url for n in range(HEALTHY)}
        for name, mood in (("hanging", "hang"), ("blocked", "challenge"), ("broken", "500")):
            room = _room(stack)
            room.be(mood)
            urls[name] = room.url
        urls["dead"] = "http://no-such-host.invalid/"
        _write(tmp_path, urls)
        yield Baygan(tmp_path)


def _room(stack: ExitStack) -> Newsroom:
    return stack.enter_context(Newsroom(Site(POSTS)))


def _write(folder: Path, urls: dict[str, str]) -> None:
    tables = (f'[sites.{name}]\nurl = "{url}"\n' for name, url in urls.items())
    (folder / "sites.toml").write_text(
        "[defaults]\ndelay = 0\nallow_private = true\n" + "".join(tables)
    )


def test_a_dead_or_hanging_site_slows_no_other(twenty: Baygan) -> None:
    began = time.monotonic()
    done = twenty("crawl", "--json")
    took = time.monotonic() - began
    assert done.code == 3
    runs: dict[str, Any] = {run["site"]: run for run in done.lines}
    assert len(runs) == HEALTHY + len(TROUBLED)
    for name, run in runs.items():
        assert run["verdict"] == ("failed" if name in TROUBLED else "complete"), name
        assert run["new"] == (0 if name in TROUBLED else POSTS + 1), name
    slowest = max(_seconds(run) for name, run in runs.items() if name not in TROUBLED)
    assert slowest < _seconds(runs["hanging"])
    assert _seconds(runs["dead"]) < 15
    # What takes longest is that robots.txt is waited for twice, twenty seconds each.
    assert took < 80
    warnings = done.err.splitlines()
    assert len(warnings) == len(TROUBLED)
    for name, sign in TROUBLED.items():
        [line] = [line for line in warnings if line.startswith(f"Warning: {name}: ")]
        assert sign in line


def _seconds(run: dict[str, Any]) -> float:
    moments = [datetime.fromisoformat(run[key]) for key in ("started", "ended")]
    return (moments[1] - moments[0]).total_seconds()


def test_the_usual_limit_of_open_files_stops_no_site(tmp_path: Path) -> None:
    with Newsroom(Site(POSTS)) as room:
        _write(tmp_path, {f"site-{n:02}": room.url for n in range(40)})
        done = subprocess.run(
            [*COMMAND, "crawl", "--json"],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (128, 4096)),
        )
    assert (done.returncode, done.stderr) == (0, "")
    verdicts = [json.loads(line)["verdict"] for line in done.stdout.splitlines()]
    assert verdicts == ["complete"] * 40


def limited(folder: Path, files: int, *words: str) -> subprocess.CompletedProcess[str]:
    """A crawl that may have only so many files open."""
    return subprocess.run(
        [*COMMAND, "crawl", "--json", *words],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)),
    )


def test_sites_beyond_what_the_machine_allows_wait_for_their_turn(tmp_path: Path) -> None:
    with Newsroom(Site(POSTS)) as room:
        _write(tmp_path, {f"site-{n:02}": room.url for n in range(24)})
        done = limited(tmp_path, 124)
    assert (done.returncode, done.stderr) == (0, "")
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    assert [run["site"] for run in runs] == [f"site-{n:02}" for n in range(24)]
    assert {run["verdict"] for run in runs} == {"complete"}
    assert at_once(runs) <= 4


def at_once(runs: list[dict[str, str]]) -> int:
    """The most `runs` that were under way at one time, by the second."""
    spans = [(run["started"], run["ended"]) for run in runs]
    return max(sum(begin <= at < end for begin, end in spans) for at, _ in spans)


def test_who_had_no_turn_is_told_and_is_first_in_the_next_run(tmp_path: Path) -> None:
    with ExitStack() as stack:
        rooms = [_room(stack) for _ in range(3)]
        for room in rooms:
            room.be("slow", delay=0.6)
        _write(tmp_path, {f"site-{n}": room.url for n, room in enumerate(rooms)})
        baygan = Baygan(tmp_path)
        first = baygan("crawl", "--json", "--jobs", "1", "--stop-after", "1s")
        second = baygan("crawl", "--json", "--jobs", "1", "--stop-after", "1s")
        third = baygan("crawl", "--json", "--jobs", "3")
    [begun] = map(json.loads, first.out.splitlines())
    assert (begun["site"], first.code) == ("site-0", 3)
    told = "the time was over before 2 sites had their turn: site-1, site-2."
    assert told in first.err
    [then] = map(json.loads, second.out.splitlines())
    assert then["site"] == "site-1"
    runs = [json.loads(line) for line in third.out.splitlines()]
    assert {run["verdict"] for run in runs} == {"complete"}
    assert third.code == 0


def test_a_site_that_another_run_holds_is_passed_over_when_its_turn_comes(tmp_path: Path) -> None:
    with Newsroom(Site(POSTS)) as room, ExitStack() as stack:
        _write(tmp_path, {f"site-{n}": room.url for n in range(3)})
        baygan = Baygan(tmp_path)
        assert baygan("crawl").code == 0
        stack.enter_context(closing(Lock(tmp_path / "site-1" / LOCK)))
        done = baygan("crawl", "--json", "--jobs", "1")
    assert [json.loads(line)["site"] for line in done.out.splitlines()] == ["site-0", "site-2"]
    assert (done.code, "site-1" in done.err) == (3, True)


def test_a_signal_ends_a_run_that_waits_for_another_one(tmp_path: Path) -> None:
    with Newsroom(Site(POSTS)) as room, ExitStack() as stack:
        _write(tmp_path, {f"site-{n}": room.url for n in range(2)})
        baygan = Baygan(tmp_path)
        assert baygan("crawl").code == 0
        stack.enter_context(closing(Lock(tmp_path / "site-1" / LOCK)))
        waiting = baygan.start("crawl", "--jobs", "1", "--wait", "1h")
        log = tmp_path / "site-0" / "runs.jsonl"
        until = time.monotonic() + 60
        while log.read_text().count("\n") < 2 and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(1)
        waiting.send_signal(signal.SIGTERM)
        _, err = waiting.communicate(timeout=10)
    assert (waiting.returncode, err) == (143, b"")


def test_twenty_bars_fit_a_terminal(twenty: Baygan) -> None:
    """No line of the live display is wider than the terminal, and none scrolls away."""
    seen = twenty("crawl", *(f"site-{n:02}" for n in range(HEALTHY)), "--limit", "2", terminal=True)
    assert seen.code == 0
    bars = [line for line in re.split("[\n\r]", ESCAPE.sub("", seen.err)) if "/min" in line]
    assert bars
    assert all(len(line) <= 80 for line in bars)
    assert any(re.search(r"site-\d\d .*\d/2 +\d+/min +(\d+:\d\d|-)", line) for line in bars)
    assert "site-00  2 new, 3 left; incomplete\n" in seen.err


def test_a_network_that_is_down_is_told_once(tmp_path: Path) -> None:
    _write(tmp_path, {f"site-{n}": f"http://127.0.0.1:{n}/" for n in range(1, 8)})
    done = Baygan(tmp_path)("crawl")
    assert (done.code, done.out) == (1, "")
    [warning] = done.err.splitlines()
    assert warning.startswith("Warning: 7 of 7 sites could not be reached, so the network looks")
    assert "site-1, site-2, site-3, site-4, site-5 …" in warning
    status = [json.loads(line) for line in Baygan(tmp_path)("status", "--json").out.splitlines()]
    assert all("refused-connection" in state["problems"][0] for state in status)


def test_a_mail_stays_short_however_many_sites_are_in_trouble() -> None:
    runs = [_run(f"site-{n}", "the site stopped answering.") for n in range(100)]
    told = warnings(runs)
    assert len(told) == 13
    assert told[-1] == "88 more problems; see them all with: baygan status"
    assert warnings([_run("khabar")]) == []


def _run(site: str, *problems: str) -> Run:
    return Run(run="0" * 8, site=site, started=datetime.now(), problems=list(problems))
