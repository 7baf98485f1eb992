"""The tap against a server that keeps its own bytes: what was captured is what was sent."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from twisted.web._newclient import HTTP11ClientProtocol

from archive.errors import WireBroken
from scraper.download.peers import is_public
from scraper.download.recording import HEADERS_MAX
from scraper.download.wire import INSTALL, check_names
from tests.newsroom.answer import Answer
from tests.newsroom.request import Request
from tests.newsroom.server import Exchange, Server
from tests.wire_cases import CASES, FLOODS, MAXSIZE, PARALLEL, SILENT, Case, compressed

HOUSE = Path(__file__).parent.parent

PRIVATE = (
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1"),
    *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1"),
    *("ff0e::1", "2001:db8::1", "2001::1", "3fff::1", "5f00::1", "100::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
    *("64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:101::", "::ffff:169.254.169.254"),
)


@dataclass
class Crawl:
    """What came of a crawl: captured exchanges and outcomes by target, and how it ended."""

    data: dict[str, Any]

    def __post_init__(self) -> None:
        self.exchanges: list[dict[str, Any]] = self.data["exchanges"]
        for exchange in self.exchanges:
            for name in ("request", "response"):
                exchange[name] = base64.b64decode(exchange[name])
        self.outcomes: list[dict[str, Any]] = self.data["outcomes"]

    def captured(self, target: str) -> list[dict[str, Any]]:
        return [found for found in self.exchanges if found["url"].endswith(target)]

    def outcome(self, target: str) -> dict[str, Any]:
        [outcome] = [found for found in self.outcomes if found["asked"].endswith(target)]
        return outcome


def crawl(
    folder: Path,
    requests: list[dict[str, Any]],
    *,
    settings: dict[str, Any] | None = None,
    ca_file: Path | None = None,
    **plan: Any,
) -> Crawl:
    """Run `tests.wire_crawl` on these requests; it must end well and say nothing."""
    file = folder / "plan.json"
    plan = {"requests": requests, "settings": settings or {}, "allow_private": True} | plan
    file.write_text(json.dumps(plan))
    environment = {name: text for name, text in os.environ.items() if name != "SSL_CERT_FILE"}
    if ca_file is not None:
        environment["SSL_CERT_FILE"] = str(ca_file)
    done = subprocess.run(
        [sys.executable, "-m", "tests.wire_crawl", str(file)],
        cwd=HOUSE,
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.stderr.decode() == ""
    assert done.returncode == 0
    return Crawl(json.loads(done.stdout))


def playing(cases: tuple[Case, ...]) -> Callable[[Request], Answer | None]:
    """A handler that gives each case its answers in turn."""
    turns = {case.target: case for case in cases}
    asked: dict[str, int] = defaultdict(int)

    def answer(request: Request) -> Answer | None:
        if request.path.startswith("/many/"):
            return compressed(int(request.path[6:]))
        case = turns.get(request.target)
        if case is None:
            return Answer.page(b"found", odd=True)
        turn = min(asked[request.target], len(case.answers) - 1)
        asked[request.target] += 1
        return case.answers[turn]

    return answer


@dataclass
class Run:
    """One crawl over every case, and the server's own record of it."""

    server: Server
    crawl: Crawl

    def sent(self, target: str) -> list[Exchange]:
        """The exchanges in which the server answered at least one byte."""
        return [each for each in self.server.exchanges if each.target == target and each.response]


def wanted(server: Server, case: Case) -> dict[str, Any]:
    url = server.url.rstrip("/") + case.target
    return {"url": f"{url}#part", "method": case.method, "body": case.body, "meta": case.meta}


@pytest.fixture(scope="module", params=[False, True], ids=["http", "tls"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with Server(playing((*CASES, SILENT)), tls=request.param) as server:
        requests = [wanted(server, case) for case in (*CASES, SILENT)]
        requests += [{"url": f"{server.url}many/{number}"} for number in range(PARALLEL)]
        settings = {
            "DOWNLOAD_MAXSIZE": MAXSIZE,
            "DOWNLOAD_VERIFY_CERTIFICATES": request.param,
            "ROBOTSTXT_OBEY": True,
        }
        folder = tmp_path_factory.mktemp("crawl")
        yield Run(server, crawl(folder, requests, settings=settings, ca_file=server.ca_file))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_bytes_captured_are_the_bytes_on_the_wire(run: Run, case: Case) -> None:
    sent, captured = run.sent(case.target), run.crawl.captured(case.target)

    assert [kept["request"] for kept in captured] == [each.request for each in sent]
    assert captured
    for kept, each in zip(captured, sent, strict=True):
        if case.exact:
            assert kept["response"] + case.extra == each.response
        else:
            assert each.response.startswith(kept["response"])
            assert kept["response"]
        assert kept["truncated"] == case.cut


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_crawl_sees_what_came_of_it(run: Run, case: Case) -> None:
    outcome = run.crawl.outcome(case.target)

    assert outcome.get("error", outcome.get("status")) == case.ends
    assert ("dataloss" in outcome.get("flags", ())) == (case.name == "reset-unsized")


@pytest.mark.parametrize("target", ["/robots.txt", "/found"])
def test_what_scrapy_asks_for_by_itself_is_captured_too(run: Run, target: str) -> None:
    [sent] = run.sent(target)
    [kept] = run.crawl.captured(target)

    assert (kept["request"], kept["response"]) == (sent.request, sent.response)


def test_many_at_once_over_kept_connections(run: Run) -> None:
    sent = {each.target: each for each in run.server.exchanges if each.target.startswith("/many")}
    connections = {each.connection for each in sent.values()}

    assert len(sent) == PARALLEL
    assert 1 < len(connections) < PARALLEL / 2
    for target, each in sent.items():
        [kept] = run.crawl.captured(target)
        assert (kept["request"], kept["response"]) == (each.request, each.response)
        assert kept["truncated"] is None


def test_every_exchange_says_where_and_when(run: Run) -> None:
    tls = run.server.url.startswith("https")
    for kept in run.crawl.exchanges:
        started, ended = (datetime.fromisoformat(kept[name]) for name in ("started", "ended"))
        assert started <= ended
        assert started.utcoffset() == ended.utcoffset() == timedelta(0)
        assert (kept["ip"], kept["port"]) == ("127.0.0.1", run.server.port)
        assert "#" not in kept["url"]
        assert kept["request"].startswith(kept["method"].encode() + b" /")
        assert kept["tls_version"] == ("TLSv1.3" if tls else None)
        assert kept["tls_verified"] == (True if tls else None)
        assert (kept["tls_cipher"] or "").startswith("TLS_" if tls else "")


def test_the_capture_in_meta_is_the_last_exchange_of_that_request(run: Run) -> None:
    for outcome in run.crawl.outcomes:
        captured = run.crawl.captured(outcome["url"])
        if outcome["url"].endswith(("?503-nothing", "?silent")):
            assert outcome["capture"] is None
        else:
            assert run.crawl.exchanges[outcome["capture"]] == captured[-1]


def test_without_one_byte_of_response_there_is_no_exchange(run: Run) -> None:
    asked = [each for each in run.server.exchanges if each.target == SILENT.target]

    assert len(asked) > 1
    assert run.crawl.captured(SILENT.target) == []
    assert run.crawl.outcome(SILENT.target)["error"] == SILENT.ends


def test_endless_headers_stop_at_the_cap(run: Run) -> None:
    for case in FLOODS:
        [kept] = run.crawl.captured(case.target)
        assert len(kept["response"]) == HEADERS_MAX
        assert "header section is longer" in run.crawl.outcome(case.target)["message"]
    assert run.crawl.data["rss"] < 160 * 2**20


def test_the_right_end_after_twisted_asked_again_by_itself(tmp_path: Path) -> None:
    turns = iter((Answer.page(b"one"), None, Answer.page(b"two")))
    with Server(lambda request: next(turns)) as server:
        requests = [{"url": f"{server.url}one"}, {"url": f"{server.url}two"}]
        settings = {"CONCURRENT_REQUESTS": 1, "RETRY_ENABLED": False}
        done = crawl(tmp_path, requests, settings=settings)

        first, dead, second = server.exchanges
    assert first.connection == dead.connection != second.connection
    assert [kept["response"] for kept in done.exchanges] == [first.response, second.response]
    assert [kept["request"] for kept in done.exchanges] == [first.request, second.request]
    assert [kept["truncated"] for kept in done.exchanges] == [None, None]


@pytest.mark.parametrize("verify", [False, True])
def test_a_certificate_of_nobody(tmp_path: Path, verify: bool) -> None:
    with Server(lambda request: Answer.page(b"salaam"), tls=True) as server:
        settings = {"DOWNLOAD_VERIFY_CERTIFICATES": verify}
        done = crawl(tmp_path, [{"url": server.url}], settings=settings)

        seen = server.exchanges
    if verify:
        assert done.outcomes[0]["error"] == "BadCertificate"
        assert not done.exchanges
        assert not seen
    else:
        [kept] = done.exchanges
        assert kept["tls_verified"] is False
        assert kept["response"] == seen[0].response


class Listener:
    """A socket that accepts, says nothing, and keeps what it is told."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.heard: list[bytes] = []
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                plug, _ = self.socket.accept()
            except OSError:
                return
            with plug:
                plug.settimeout(5)
                self.heard.append(plug.recv(4096))

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self.socket.close()


def test_a_private_peer_is_not_even_connected_to(tmp_path: Path) -> None:
    listener = Listener()
    hosts = ("127.0.0.1", "localhost", "2130706433", "127.1")
    urls = [f"{way}://{host}:{listener.port}/" for way in ("http", "https") for host in hosts]
    try:
        done = crawl(tmp_path, [{"url": url} for url in urls], allow_private=False)
    finally:
        listener.close()

    assert {outcome["error"] for outcome in done.outcomes} == {"PrivatePeer"}
    assert len(done.outcomes) == len(urls)
    assert listener.heard == []
    assert done.exchanges == []


def test_a_proxy_may_be_private(tmp_path: Path) -> None:
    with Server(lambda request: Answer.page(b"salaam")) as server:
        url = "http://news.example/1"
        requests = [{"url": url, "meta": {"proxy": server.url}}]
        done = crawl(tmp_path, requests, allow_private=False)

        [sent] = server.exchanges
    [kept] = done.exchanges
    assert kept["url"] == sent.target == url
    assert (kept["request"], kept["response"]) == (sent.request, sent.response)


@pytest.mark.parametrize("error", ["BayganError", "OSError"])
def test_what_cannot_be_kept_stops_the_run(tmp_path: Path, error: str) -> None:
    with Server(lambda request: Answer.page(b"salaam")) as server:
        requests = [{"url": f"{server.url}{number}"} for number in range(12)]
        # One at a time, while the others wait inside the downloader.
        settings = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0.05}
        done = crawl(tmp_path, requests, settings=settings, fail_at=3, error=error)

        asked = len(server.exchanges)
    assert asked == done.data["calls"] == 3
    assert done.data["reason"] == "capture_failed"
    assert "disk full" in done.data["failure"]
    assert [outcome.get("error") for outcome in done.outcomes[:3]] == [None, None, "WriteFailed"]
    assert len(done.outcomes) > 3
    assert all(outcome["error"] == "WriteFailed" for outcome in done.outcomes[2:])
    assert all(outcome["message"] == done.data["failure"] for outcome in done.outcomes[2:])


def test_after_a_failure_nothing_in_flight_is_kept(tmp_path: Path) -> None:
    with Server(lambda request: replace(Answer.page(b"salaam"), delay=0.3)) as server:
        requests = [{"url": f"{server.url}{number}"} for number in range(8)]
        done = crawl(tmp_path, requests, fail_at=1)

        assert len(server.exchanges) > 1
    assert done.data["calls"] == 1
    assert done.exchanges == []
    assert {outcome["error"] for outcome in done.outcomes} == {"WriteFailed"}


def test_a_robots_txt_that_cannot_be_kept_ends_the_run_as_well(tmp_path: Path) -> None:
    """Those who waited for its rules used to wait for ever."""
    with Server(lambda request: Answer.page(b"")) as server:
        requests = [{"url": f"{server.url}{number}"} for number in range(4)]
        robots = {"DOWNLOADER_MIDDLEWARES": {"scraper.download.robots.RobotsMiddleware": 100}}
        done = crawl(tmp_path, requests, settings=robots, fail_at=1)

        assert [exchange.target for exchange in server.exchanges] == ["/robots.txt"]
    assert done.data["reason"] == "capture_failed"
    assert {outcome["error"] for outcome in done.outcomes} == {"WriteFailed"}


def test_the_private_names_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    check_names()
    monkeypatch.delattr(HTTP11ClientProtocol, "_finishResponse")

    with pytest.raises(WireBroken) as caught:
        check_names()

    for part in ("HTTP11ClientProtocol._finishResponse", "nothing was written", INSTALL):
        assert part in str(caught.value)


def test_the_command_given_installs_what_setup_cfg_pins() -> None:
    config = ConfigParser()
    config.read(HOUSE / "setup.cfg")
    required = config["options"]["install_requires"].split("\n")
    pinned = [line for line in required if line.startswith(("scrapy", "twisted"))]

    assert " ".join(["pip install", *(f'"{line}"' for line in pinned)]) == INSTALL


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2001:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"],
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)
