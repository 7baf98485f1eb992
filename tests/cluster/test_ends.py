"""What ends a run over a cluster: Ctrl-C, kill -9 of the head, no scheduler, no worker."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cluster.machines import Machines
from tests.cluster.trouble import Rooms
from tests.process import REPOSITORY, Baygan

POSTS = 60


def wait_until(condition: Callable[[], object], seconds: float = 150) -> None:
    """Until `condition` is true; an error after so many seconds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)


def busy(machines: Machines) -> list[int]:
    """The processes that the workers have started."""
    return [pid for number in (1, 2) for pid in machines.children(number)]


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), pytest.param(signal.SIGINT, 130, marks=pytest.mark.sister)],
    ids=["term", "ctrl-c"],
)
def test_a_signal_ends_all_in_good_order(
    machines: Machines, tmp_path: Path, number: int, code: int
) -> None:
    """What was fetched is kept, and sites that were not begun stay as they are."""
    with Rooms(6, POSTS) as rooms:
        rooms.write_toml(tmp_path, delay=0.1)
        baygan = Baygan(tmp_path)
        crawl = baygan.start("crawl", "--json", "--cluster", machines.address)
        wait_until(lambda: len(rooms.arrivals) > 12)
        begun = time.monotonic()
        crawl.send_signal(number)
        out, err = crawl.communicate(timeout=20)
        assert time.monotonic() - begun < 10
    assert (crawl.returncode, err) == (code, b"")
    runs = [json.loads(line) for line in out.splitlines()]
    assert 0 < len(runs) <= 4
    assert all(run["verdict"] != "complete" for run in runs)
    # One that had not read the site's listings yet is a failed one.
    assert all(run["verdict"] == "incomplete" for run in runs if run["new"]), runs
    kept = sum(len(path.read_bytes().splitlines()) for path in tmp_path.glob("*/articles/*"))
    assert kept == sum(run["new"] for run in runs) > 0
    assert not busy(machines)
    checked = baygan("check")
    assert (checked.code, checked.out) == (0, "")


@pytest.mark.sister
def test_children_end_if_the_head_is_killed(machines: Machines, tmp_path: Path) -> None:
    with Rooms(2, POSTS // 3) as rooms:
        rooms.write_toml(tmp_path, delay=0.2)
        baygan = Baygan(tmp_path)
        crawl = baygan.start("crawl", "--cluster", machines.address)
        wait_until(lambda: len(rooms.arrivals) > 4)
        crawl.kill()
        crawl.communicate()
        wait_until(lambda: not busy(machines), 15)
        # The workers live, and take the next run.
        rooms.write_toml(tmp_path, delay=0)
        done = baygan("crawl", "--json", "--cluster", machines.address)
    assert (done.code, [run["verdict"] for run in done.lines]) == (0, ["complete"] * 2)


def test_no_scheduler_no_worker_no_address(tmp_path: Path) -> None:
    (tmp_path / "sites.toml").write_text('[sites.news]\nurl = "http://127.0.0.1:9/"\n')
    baygan = Baygan(tmp_path)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
        for command in ("crawl", "export"):
            done = baygan(command, "--cluster", nobody, BAYGAN_CLUSTER_WAIT="1")
            assert (done.code, done.out) == (1, "")
            assert done.err.startswith(f"Error: no scheduler answers at {nobody}.")
    done = baygan("check", "--cluster", "what://is:this")
    assert done.code == 2
    assert done.err.startswith("Error: 'what://is:this' is no address of a scheduler")
    done = baygan("check", "--pin")
    assert done.code == 2
    assert "--pin is for --cluster ADDRESS" in done.err
    with Machines(0) as machines:
        done = baygan("check", "--cluster", machines.address, BAYGAN_CLUSTER_WAIT="2")
    assert done.code == 1
    assert "the scheduler has no worker, so news was not done." in done.err


@pytest.mark.sister
def test_a_scheduler_that_stays_away_is_told_and_what_was_done_counts(tmp_path: Path) -> None:
    with Rooms(2, POSTS) as rooms, Machines(1) as machines:
        rooms.write_toml(tmp_path, delay=0.1)
        baygan = Baygan(tmp_path)
        crawl = baygan.start("crawl", "--cluster", machines.address, BAYGAN_CLUSTER_WAIT="3")
        wait_until(lambda: len(rooms.arrivals) > 4)
        machines.lose(0)
        out, err = crawl.communicate(timeout=40)
    assert (crawl.returncode, out) == (1, b"")
    assert f"the scheduler at {machines.address} is gone, and did not come back" in err.decode()


@pytest.mark.sister
def test_pinned_sites_run_where_they_lie_even_if_the_worker_dies_there(tmp_path: Path) -> None:
    """Each of two workers says which site it has; of a third site nobody says so."""
    seen = set()
    with Rooms(3, 20) as rooms, Machines(2, resources=("site-00=1", "site-01=1")) as machines:
        rooms.write_toml(tmp_path, delay=0.1)
        crawl = Baygan(tmp_path).start(
            "crawl", "--json", "--pin", "--cluster", machines.address, BAYGAN_CLUSTER_WAIT="15"
        )
        killed = False
        while crawl.poll() is None:
            at = {(n, name) for n in (1, 2) for name in sites_at(machines, n)}
            seen |= at
            if not killed and (1, "site-00") in at and len(rooms.arrivals) > 4:
                machines.kill_worker(1, with_children=True)
                killed = True
            time.sleep(0.05)
        out, err = crawl.communicate()
    assert killed and machines.starts == 4
    assert seen == {(1, "site-00"), (2, "site-01")}
    assert crawl.returncode == 3
    runs = {run["site"]: run["verdict"] for run in map(json.loads, out.splitlines())}
    assert runs == {"site-00": "complete", "site-01": "complete"}
    assert "no worker says that site-02 lies there" in err.decode()


@pytest.mark.sister
def test_a_pinned_site_whose_worker_stays_away_is_given_up(tmp_path: Path) -> None:
    with Rooms(1, POSTS) as rooms, Machines(1, resources=("site-00=1",)) as machines:
        rooms.write_toml(tmp_path, delay=0.1)
        crawl = Baygan(tmp_path).start(
            "crawl", "--pin", "--cluster", machines.address, BAYGAN_CLUSTER_WAIT="3"
        )
        wait_until(lambda: len(rooms.arrivals) > 4)
        machines.lose(1)
        out, err = crawl.communicate(timeout=40)
    assert (crawl.returncode, out) == (1, b"")
    assert err.decode().startswith("Error: no worker says that site-00 lies there.")


def sites_at(machines: Machines, number: int) -> list[str]:
    """The sites whose commands the worker with this number runs now."""
    lines = [Path(f"/proc/{pid}/cmdline") for pid in machines.children(number)]
    told = [path.read_bytes().split(b"\0") for path in lines if path.exists()]
    return [words[-2].decode() for words in told if b"--" in words]


def test_without_the_library_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sites.toml").write_text('[sites.news]\nurl = "http://127.0.0.1:9/"\n')
    (tmp_path / "distributed.py").write_text("raise ModuleNotFoundError('distributed')\n")
    path = f"{tmp_path}:{REPOSITORY}"
    done = Baygan(tmp_path)("check", "--cluster", "tcp://127.0.0.1:8786", PYTHONPATH=path)
    assert done.code == 2
    assert "distributed, which is not installed" in done.err
    assert "pip install 'baygan[cluster]'" in done.err
