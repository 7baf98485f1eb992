"""[notify]: a command, a health check and a file for Prometheus hear of each crawl, once; the
mail and the exit code are as ever, whatever becomes of them."""

from __future__ import annotations

import json
import re
import signal
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from scraper.notify import textfile
from scraper.notify.textfile import EXIT_CODE, METRICS
from tests.archive.material import archived
from tests.newsroom.newsroom import Newsroom
from tests.process import REPOSITORY, Baygan

PAGE = REPOSITORY / "docs" / "notify.md"
SECRET = "9f2c1e60-5d1f-4c55-8f0e-2f3f2f1f7a55"


class Check(ThreadingHTTPServer):
    """A server of health checks that keeps the pings: their paths and bodies."""

    def __init__(self, status: int = 200) -> None:
        self.pings: list[tuple[str, str]] = []
        self.status = status
        super().__init__(("127.0.0.1", 0), _Answer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/{SECRET}"


class _Answer(BaseHTTPRequestHandler):
    server: Check

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        self.server.pings.append((self.path.removeprefix(f"/{SECRET}"), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Nothing: a test's stderr is the program's."""


@pytest.fixture
def check() -> Iterator[Check]:
    with Check() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def notify(baygan: Baygan, **keys: object) -> None:
    """Write [notify] with these keys; a string or a list of strings is the same in JSON."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    toml = baygan.folder / "sites.toml"
    toml.write_text("\n".join(["[notify]", *lines, "", toml.read_text()]))


def hook(folder: Path, body: str = "") -> list[str]:
    """A command that appends what it is told to told.jsonl, and then does `body`."""
    script = folder / "tell.sh"
    script.write_text(f"#!/bin/sh\ncat >> '{folder}/told.jsonl'\n{body}\n")
    script.chmod(0o755)
    return [str(script)]


def told(folder: Path) -> list[Any]:
    return [json.loads(line) for line in (folder / "told.jsonl").read_text().splitlines()]


def log_of(baygan: Baygan) -> str:
    return "".join(path.read_text() for path in baygan.folder.glob("logs/*.log"))


def test_a_crawl_that_is_well(baygan: Baygan, tmp_path: Path, check: Check) -> None:
    notify(baygan, on_end=hook(tmp_path), healthcheck=check.url, textfile="baygan.prom")
    done = baygan("crawl")
    assert (done.code, done.out, done.err) == (0, "", "")
    (account,) = told(tmp_path)
    assert (account["exit_code"], account["error"]) == (0, None)
    assert [(site["site"], site["new"]) for site in account["sites"]] == [("news", 13)]
    assert [path for path, _ in check.pings] == ["/start", ""]
    assert "news: complete, 13 new" in check.pings[-1][1]
    # Whoever watches stdout gets what they asked for, and nothing else.
    assert [line["site"] for line in baygan("crawl", "--json").lines] == ["news"]
    assert len(told(tmp_path)) == 2


def test_a_night_that_fails_is_told_as_one(
    baygan: Baygan, newsroom: Newsroom, tmp_path: Path, check: Check
) -> None:
    newsroom.be("500")
    plain = baygan("crawl")
    notify(baygan, on_end=hook(tmp_path), healthcheck=check.url, textfile="baygan.prom")
    done = baygan("crawl")
    assert done.code == plain.code == 1
    (account,) = told(tmp_path)
    assert account["exit_code"] == 1
    assert account["sites"][0]["problems"]
    assert [path for path, _ in check.pings] == ["/start", "/fail"]
    assert account["sites"][0]["problems"][0] in check.pings[-1][1]


def test_an_error_that_ends_a_crawl_is_told(baygan: Baygan, tmp_path: Path, check: Check) -> None:
    notify(baygan, on_end=hook(tmp_path), healthcheck=check.url)
    assert baygan("crawl").code == 0
    running = baygan.folder / "news" / "runs.jsonl"
    running.unlink()
    running.mkdir()
    done = baygan("crawl")
    assert done.code == 1
    assert done.err
    account = told(tmp_path)[-1]
    assert account["exit_code"] == 1
    assert account["error"] in " ".join(done.err.split())
    assert check.pings[-1][0] == "/fail"


@pytest.mark.parametrize(
    ("body", "said"),
    [("sleep 60 &\nsleep 60", "was killed"), ("echo no paper; exit 7", "ended with 7: no paper")],
    ids=["hangs", "fails"],
)
def test_a_hook_that_goes_wrong_harms_nothing(
    baygan: Baygan, tmp_path: Path, body: str, said: str
) -> None:
    notify(baygan, on_end=hook(tmp_path, body), seconds=1)
    began = time.monotonic()
    done = baygan("crawl")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert time.monotonic() - began < 45
    assert len(told(tmp_path)) == 1
    assert said in log_of(baygan)


def test_a_hook_that_is_missing_harms_nothing(baygan: Baygan) -> None:
    notify(baygan, on_end=["/nowhere/tell"], textfile="/nowhere/baygan.prom")
    done = baygan("crawl")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert "/nowhere/tell cannot be started: No such file or directory" in log_of(baygan)
    assert "/nowhere/baygan.prom cannot be written" in log_of(baygan)


def test_a_check_that_does_not_answer_harms_nothing(baygan: Baygan, check: Check) -> None:
    check.status = 503
    notify(baygan, healthcheck=check.url)
    done = baygan("crawl")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert "the health check was not pinged (success): it answered 503" in log_of(baygan)
    notify_again = (baygan.folder / "sites.toml").read_text()
    (baygan.folder / "sites.toml").write_text(
        notify_again.replace(":" + check.url.split(":")[2], ":9/" + SECRET)
    )
    assert baygan("crawl").code == 0
    assert "(start): " in log_of(baygan)
    assert SECRET not in log_of(baygan)


def test_the_address_of_a_check_is_in_no_message(baygan: Baygan) -> None:
    notify(baygan, healthcheck=f"ftp://checks.example/{SECRET}")
    done = baygan("crawl")
    assert done.code == 2
    assert "healthcheck is no web address" in " ".join(done.err.split())
    assert SECRET not in done.err


def test_a_dry_run_tells_nobody(baygan: Baygan, tmp_path: Path, check: Check) -> None:
    notify(baygan, on_end=hook(tmp_path), healthcheck=check.url, textfile="baygan.prom")
    assert baygan("crawl", "-n").code == 0
    assert check.pings == []
    assert not (tmp_path / "told.jsonl").exists()
    assert not (baygan.folder / "baygan.prom").exists()


def test_a_stopped_crawl_is_told_in_time(
    baygan: Baygan, newsroom: Newsroom, tmp_path: Path, check: Check
) -> None:
    notify(baygan, on_end=hook(tmp_path, "sleep 60"), healthcheck=check.url)
    newsroom.be("slow", "/20*", delay=1.0)
    process = baygan.start("crawl")
    while not any(exchange.target.startswith("/20") for exchange in newsroom.exchanges):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert process.communicate(timeout=45) == (b"", b"")
    assert process.returncode == 143
    assert time.monotonic() - began < 25
    assert [account["exit_code"] for account in told(tmp_path)] == [143]
    assert check.pings[-1][0] == "/fail"


def test_a_site_that_cannot_be_read_is_missing_in_the_textfile(tmp_path: Path) -> None:
    site = archived(tmp_path / "archive", 1)
    site.index_path.unlink()
    told = textfile.write(tmp_path / "baygan.prom", site.archive, 0)
    assert told is not None
    assert "tells nothing of khabar" in told
    assert "baygan_articles{" not in (tmp_path / "baygan.prom").read_text()


def test_the_textfile_is_what_prometheus_reads(baygan: Baygan) -> None:
    notify(baygan, textfile="baygan.prom")
    began = time.time()
    assert baygan("crawl").code == 0
    text = (baygan.folder / "baygan.prom").read_text()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert families.keys() == {*METRICS, EXIT_CODE}
    assert {family.type for family in families.values()} == {"gauge"}
    values = {name: family.samples[0].value for name, family in families.items()}
    labels = {name: family.samples[0].labels for name, family in families.items()}
    assert labels["baygan_articles"] == {"site": "news"}
    assert values["baygan_articles"] == 13
    assert (values["baygan_lag_articles"], values[EXIT_CODE]) == (0, 0)
    assert began - 1 <= values["baygan_last_success_timestamp_seconds"] <= time.time()
    assert values["baygan_received_bytes"] > 10_000
    assert list(baygan.folder.glob("baygan.prom?*")) == []


def test_notify_md_names_every_metric() -> None:
    rows = re.findall(r"^\| `(baygan_\w+)` \| (.+) \|$", PAGE.read_text(), re.MULTILINE)
    assert dict(rows[:-1]) == METRICS
    assert rows[-1] == (EXIT_CODE, "The exit code of the last `baygan crawl`.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("on_end = 'tell'", "on_end = 'tell' must be a command as a list"),
        ("seconds = 0", "seconds = 0 must be above 0"),
        ("onend = []", "no such key 'onend'. Did you mean 'on_end'?"),
    ],
)
def test_a_mistake_in_notify_is_told(baygan: Baygan, line: str, said: str) -> None:
    toml = baygan.folder / "sites.toml"
    toml.write_text(f"[notify]\n{line}\n{toml.read_text()}")
    done = baygan("crawl")
    assert done.code == 2
    assert said in " ".join(done.err.split())
