"""Commands over a cluster say what they say on one machine: real scheduler, workers, sites."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.files.lock import Lock
from tests.cluster.machines import Machines
from tests.cluster.trouble import Rooms
from tests.copying_site import copying_site
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.nights import after_the_first
from tests.process import Baygan, Outcome

POSTS = 6


class Places:
    """The same archive, crawled once over the cluster; `both` runs a command in both ways."""

    def __init__(self, folder: Path, address: str) -> None:
        self.baygan = Baygan(folder)
        self.over = ("--cluster", address)

    def both(self, *arguments: str) -> tuple[Outcome, Outcome]:
        """The outcome on this machine, and the one over the cluster."""
        return self.baygan(*arguments), self.baygan(*arguments, *self.over)


@pytest.fixture(scope="module")
def places(machines: Machines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """Two sites, of which one copies from the other, and one that is not there."""
    first = Site(POSTS)
    with (
        Newsroom(first) as room,
        Newsroom(copying_site(first), host="127.0.0.2") as other,
    ):
        folder = tmp_path_factory.mktemp("archive")
        urls = {"bamdad": room.url, "sedaye": other.url}
        _write(folder, urls)
        found = Places(folder, machines.address)
        done = found.baygan("crawl", "--json", *found.over)
        assert (done.code, done.err) == (0, "")
        runs: list[dict[str, Any]] = done.lines
        assert [run["site"] for run in runs] == list(urls)
        assert {run["verdict"] for run in runs} == {"complete"}
        yield found


def _write(folder: Path, urls: dict[str, str], more: str = "") -> None:
    tables = (f'[sites.{name}]\nurl = "{url}"\n' for name, url in urls.items())
    (folder / "sites.toml").write_text(
        "[defaults]\ndelay = 0\nallow_private = true\n" + "".join(tables) + more
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("export",),
        pytest.param(
            ("export", "--csv", "--bom", "--fields", "id,title,text"), marks=pytest.mark.sister
        ),
        pytest.param(("export", "sedaye", "--until", "1404"), marks=pytest.mark.sister),
        ("copies", "--json"),
        pytest.param(("copies", "--across", "--csv"), marks=pytest.mark.sister),
        ("check", "--deep", "--json"),
        ("rebuild", "--dry-run"),
        pytest.param(("rebuild", "--dry-run", "--json", "sedaye"), marks=pytest.mark.sister),
        pytest.param(("crawl", "--dry-run", "--again"), marks=pytest.mark.sister),
    ],
    ids=" ".join,
)
def test_the_same_is_printed(places: Places, arguments: tuple[str, ...]) -> None:
    here, there = places.both(*arguments)
    assert (there.code, there.err) == (here.code, here.err) == (0, "")
    assert there.out == here.out
    assert there.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "--cdxj"), "--cdxj makes one thing out of all sites"),
        (("export", "--distinct"), "--distinct compares the texts of all sites"),
        (("crawl", "nosuch"), "no site 'nosuch'"),
    ],
)
def test_what_cannot_be_is_refused_at_once(
    places: Places, arguments: tuple[str, ...], said: str
) -> None:
    done = places.baygan(*arguments, *places.over)
    assert done.code == 2
    assert said in done.err


@pytest.mark.sister
def test_damage_at_a_worker_is_told_as_damage_here(
    places: Places, machines: Machines, tmp_path: Path
) -> None:
    shutil.copytree(places.baygan.folder, tmp_path / "archive")
    broken = Places(tmp_path / "archive", machines.address)
    path, *_ = sorted((tmp_path / "archive" / "sedaye" / "warc").glob("*/*.warc.gz"))
    path.write_bytes(path.read_bytes()[:-40])
    here, there = broken.both("check")
    assert (there.code, there.out, there.err) == (here.code, here.out, here.err)
    assert there.code == 4
    here, there = broken.both("rebuild", "--json")
    assert there.code == here.code == 4
    assert there.err == here.err
    assert [line["site"] for line in there.lines] == ["bamdad"]


def test_one_summary_one_mail_one_exit_code(
    places: Places, machines: Machines, tmp_path: Path
) -> None:
    """Of two good sites, and one that answers nothing."""
    toml = (places.baygan.folder / "sites.toml").read_text()
    note = tmp_path / "told"
    hook = f'[notify]\non_end = ["sh", "-c", "cat >> {note}"]\n'
    dead = '[sites.dead]\nurl = "http://127.0.0.3:9/"\n'
    (tmp_path / "sites.toml").write_text(hook + toml + dead)
    baygan = Baygan(tmp_path)
    done = baygan("crawl", "--json", "--limit", "2", *places.over)
    assert done.code == 3
    assert [(run["site"], run["verdict"], run["new"]) for run in done.lines] == [
        ("bamdad", "incomplete", 2),
        ("sedaye", "incomplete", 2),
        ("dead", "failed", 0),
    ]
    [warning] = done.err.splitlines()
    assert warning.startswith("Warning: dead: ")
    [mail] = note.read_text().splitlines()
    account = json.loads(mail)
    assert account["exit_code"] == 3
    assert [site["site"] for site in account["sites"]] == ["bamdad", "sedaye", "dead"]
    # The trouble of the dead site is no news any more.
    again = baygan("crawl", "--limit", "1", *places.over)
    assert (again.code, again.out, again.err) == (0, "", "")
    assert baygan("crawl", "dead", *places.over).code == 1


@pytest.mark.sister
def test_a_site_that_another_run_holds_is_waited_for_and_then_told(
    places: Places, tmp_path: Path
) -> None:
    shutil.copytree(places.baygan.folder, tmp_path / "archive")
    baygan = Baygan(tmp_path / "archive")
    lock = Lock(baygan.folder / "sedaye" / ".lock")
    try:
        done = baygan("crawl", "--json", *places.over)
        assert (done.code, [run["site"] for run in done.lines]) == (3, ["bamdad"])
        assert done.err.startswith("Error: another baygan is at work on sedaye (pid ")
        assert baygan("rebuild", "sedaye", *places.over).code == 5
    finally:
        lock.close()


def test_a_terminal_shows_all_sites_in_one_place(places: Places) -> None:
    seen = places.baygan("crawl", "--limit", "2", *places.over, terminal=True)
    assert seen.code == 0
    assert "crawling" in seen.err
    assert "2/2" in seen.err
    assert "bamdad  nothing new; complete\n" in seen.err
    assert "sedaye  nothing new; complete\n" in seen.err


@pytest.mark.sister
def test_a_network_that_is_down_is_told_once(places: Places, tmp_path: Path) -> None:
    _write(tmp_path, {f"site-{n}": f"http://127.0.8.{n}:9/" for n in range(1, 5)})
    done = Baygan(tmp_path)("crawl", *places.over)
    assert done.code == 1
    [warning] = done.err.splitlines()
    assert warning.startswith("Warning: 4 of 4 sites could not be reached, so the network looks")


@pytest.mark.sister
def test_sites_on_one_host_are_not_crawled_at_the_same_time(
    machines: Machines, tmp_path: Path
) -> None:
    rooms = Rooms(1, 4)
    with rooms, Newsroom(Site(4), host="127.0.9.1") as other:
        _write(tmp_path, {"one": rooms.rooms["site-00"].url, "other": other.url})
        done = Baygan(tmp_path)("crawl", "--json", "--cluster", machines.address)
    assert done.code == 0
    one, two = sorted(done.lines, key=lambda run: str(run["started"]))
    assert one["ended"] <= two["started"]


@pytest.mark.sister
def test_a_removal_is_confirmed_by_the_second_night(machines: Machines, tmp_path: Path) -> None:
    """The head decides it, when it knows how all sites went; a worker enters it."""
    with after_the_first(POSTS, tmp_path / "archive") as nights:
        gone = nights.room.posts[1]
        nights.room.site.remove(gone.id)
        for confirmed in (False, True):
            nights.forward(days=1)
            nights("--cluster", machines.address)
            [entry] = nights.ledger
            assert entry["post_id"] == gone.id
            assert bool(entry["confirmed"]) == confirmed
