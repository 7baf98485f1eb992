"""A site leaves the archive, or gets another name: nothing is lost, and a kill changes nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.files.lock import Lock
from archive.folder import Archive
from tests.archive.material import tree
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan

POSTS = 14


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(Site(POSTS)) as room:
        yield room


@pytest.fixture(scope="module")
def crawled(room: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one good run."""
    folder = tmp_path_factory.mktemp("crawled") / "news"
    crawl_of(room, folder)
    return folder


def crawl_of(room: Newsroom, folder: Path) -> Baygan:
    folder.mkdir()
    (folder / "sites.toml").write_text(
        f'[sites.khabar]\nurl = "{room.url}"\nallow_private = true\ndelay = 0  # our own\n'
    )
    baygan = Baygan(folder)
    assert baygan("crawl").code == 0
    return baygan


@pytest.fixture
def baygan(crawled: Path, tmp_path: Path) -> Baygan:
    return Baygan(Path(shutil.copytree(crawled, tmp_path / "news")))


def kept(baygan: Baygan, *options: str) -> list[dict[str, Any]]:
    return baygan("export", "--versions", "all", *options).lines


def test_a_site_that_is_removed_is_an_archive_in_quarantine(baygan: Baygan) -> None:
    lines, before = kept(baygan), tree(baygan.folder / "khabar")
    done = baygan("remove", "khabar")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert baygan("status", "--json").lines == []
    assert not (baygan.folder / "khabar").exists()
    [place] = (baygan.folder / "quarantine/khabar").iterdir()
    assert tree(place / "khabar") == before
    assert kept(baygan, "-C", str(place)) == lines
    assert baygan("check", "-C", str(place)).code == 0
    assert "our own" in (place / "sites.toml").read_text()


def test_it_says_on_a_terminal_where_all_is(baygan: Baygan) -> None:
    said = baygan("remove", "khabar", terminal=True).err
    assert "removed khabar; all of it is in" in said.replace("\n", " ")
    assert "baygan export -C" in said


def test_a_site_of_which_nothing_is_there(tmp_path: Path) -> None:
    (tmp_path / "sites.toml").write_text('[sites.khabar]\nurl = "http://khabar.example/"\n')
    baygan = Baygan(tmp_path)
    assert baygan("rename", "khabar", "akhbar").code == 0
    assert list(Archive(tmp_path).settings.sites) == ["akhbar"]
    assert baygan("remove", "akhbar").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["sites.toml"]


def test_all_of_a_renamed_site_speaks_of_the_new_name(tmp_path: Path) -> None:
    with Newsroom(Site(POSTS)) as room:
        baygan = crawl_of(room, tmp_path / "news")
        first, second, *_ = room.site.listed("post")
        room.site.edit(first.id, lead="متن این خبر از نو نوشته شد و چیز دیگری می‌گوید.")
        room.site.unpublish(second.id)
        assert baygan("crawl").code == 0
    removed = baygan("status", "--removed", "--json").out
    assert "khabar/post/" in removed
    lines = kept(baygan)
    assert max(line["version"] for line in lines) == 2
    captures = {p.name for p in baygan.folder.glob("khabar/*/*/*.warc.gz")}
    assert baygan("rename", "khabar", "akhbar").code == 0
    found = kept(baygan)
    for line in lines:
        line["id"], line["site"] = line["id"].replace("khabar/", "akhbar/"), "akhbar"
    assert found == lines
    assert {p.name for p in baygan.folder.glob("akhbar/*/*/*.warc.gz")} == captures
    assert {run["site"] for run in Archive(baygan.folder).site("akhbar").runs()} == {"akhbar"}
    assert (baygan("check", "--deep").code, baygan("check").out) == (0, "")
    assert baygan("show", lines[0]["id"]).code == 0
    now = baygan("status", "--removed", "--json").out
    assert [one["id"] for one in map(json.loads, now.splitlines())] == [
        one["id"].replace("khabar/", "akhbar/") for one in map(json.loads, removed.splitlines())
    ]
    [place] = (baygan.folder / "quarantine/khabar").iterdir()
    assert len(kept(baygan, "-C", str(place))) == len(lines)
    assert not list(baygan.folder.glob("akhbar/.rename*"))


def test_the_next_run_of_a_renamed_site_fetches_nothing_again(
    baygan: Baygan, room: Newsroom
) -> None:
    assert baygan("rename", "khabar", "akhbar").code == 0
    before = len(room.exchanges)
    done = baygan("crawl", "--json")
    assert (done.code, done.lines[0]["new"], done.lines[0]["verdict"]) == (0, 0, "complete")
    assert len(room.exchanges) - before <= 4
    again = baygan("rebuild", "--json").lines[0]
    assert (again["changed"], again["new"], again["gone"]) == (0, 0, 0)


def test_a_name_that_a_person_changed_in_sites_toml(baygan: Baygan) -> None:
    count = len(kept(baygan))
    toml = baygan.folder / "sites.toml"
    toml.write_text(toml.read_text().replace("[sites.khabar]", "[sites.akhbar]"))
    assert "baygan rename khabar NEW" in baygan("status").out
    assert baygan("rename", "khabar", "akhbar").code == 0
    assert len(kept(baygan)) == count
    assert baygan("status").out.count("khabar/") == 0


def test_a_folder_that_sites_toml_does_not_name_is_removed(baygan: Baygan) -> None:
    toml = baygan.folder / "sites.toml"
    toml.write_text("")
    assert baygan("remove", "khabar").code == 0
    assert len(list((baygan.folder / "quarantine/khabar").iterdir())) == 1
    assert toml.read_text() == ""


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("remove", "khabr"), 2, "Did you mean 'khabar'?"),
        (("remove", "../khabar"), 2, "no site"),
        (("remove", "logs"), 2, "no site"),
        (("rename", "khabr", "akhbar"), 2, "Did you mean 'khabar'?"),
        (("rename", "khabar", "Akhbar!"), 2, "cannot be a site's name"),
        (("rename", "khabar", "quarantine"), 2, "cannot be a site's name"),
        (("rename", "khabar", "khabar"), 2, "already"),
        (("rename", "khabar", "full"), 1, "is there already"),
        (("rename", "khabar"), 2, "Missing argument"),
        (("rename", "../elsewhere", "khabar"), 2, "no site"),
        (("rename", "quarantine", "khabar"), 2, "no site"),
        (("rename", "full", "khabar"), 2, "no site"),
        (("remove", "full"), 2, "no site"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    baygan: Baygan, arguments: tuple[str, ...], code: int, said: str
) -> None:
    (baygan.folder / "full").mkdir()
    (baygan.folder / "quarantine").mkdir(exist_ok=True)
    shutil.copytree(baygan.folder / "khabar", baygan.folder.parent / "elsewhere")
    before = tree(baygan.folder)
    done = baygan(*arguments)
    assert done.code == code
    assert said in done.err
    assert tree(baygan.folder) == before
    assert (baygan.folder.parent / "elsewhere" / "runs.jsonl").exists()


def test_a_run_holds_the_site(baygan: Baygan) -> None:
    before = tree(baygan.folder)
    lock = Lock(baygan.folder / "khabar" / ".lock")
    try:
        assert baygan("remove", "khabar").code == baygan("rename", "khabar", "akhbar").code == 5
    finally:
        lock.close()
    assert tree(baygan.folder) == before


def test_pages_that_a_killed_run_left_are_kept_before_a_site_is_renamed(
    tmp_path: Path,
) -> None:
    with Newsroom(Site(POSTS)) as room:
        baygan = crawl_of(room, tmp_path / "news")
        count = len(kept(baygan))
        room.site.add()
        assert baygan("crawl", BAYGAN_FAILPOINT="lines.write").code == -9
        done = baygan("rename", "khabar", "akhbar")
        assert (done.code, "First: baygan crawl khabar" in done.err) == (1, True)
        assert baygan("crawl").code == 0
    assert baygan("rename", "khabar", "akhbar").code == 0
    assert len(kept(baygan)) == count + 1


@pytest.mark.parametrize(
    "point", ["rename.made", "rename.placed", "site.move", "lines.write:3:half", "index.commit:2"]
)
@pytest.mark.parametrize("error", ["", ":ENOSPC"])
def test_a_kill_or_a_full_disk_in_the_middle_of_a_renaming(
    baygan: Baygan, point: str, error: str
) -> None:
    lines = kept(baygan)
    armed = point + error if ":" in point or not error else f"{point}:1{error}"
    done = baygan("rename", "khabar", "akhbar", BAYGAN_FAILPOINT=armed)
    assert done.code == (1 if error else -9), done.err
    assert "Traceback" not in done.err
    found = kept(baygan)
    assert [line["title"] for line in found] == [line["title"] for line in lines]
    assert baygan("check").code == 0
    assert baygan("rename", "khabar", "akhbar").code == 0
    assert [line["id"] for line in kept(baygan)] == [
        line["id"].replace("khabar/", "akhbar/") for line in lines
    ]
    assert (baygan("check").code, baygan("crawl").code) == (0, 0)
    left = {path.name for path in baygan.folder.iterdir()}
    assert left == {"sites.toml", "akhbar", "quarantine", "logs"}


def test_a_kill_in_the_middle_of_a_removal(baygan: Baygan) -> None:
    count = len(kept(baygan))
    done = baygan("remove", "khabar", BAYGAN_FAILPOINT="site.move")
    assert done.code == -9
    assert "baygan remove khabar" in baygan("status").out
    assert baygan("remove", "khabar").code == 0
    places = list((baygan.folder / "quarantine/khabar").iterdir())
    held = [place for place in places if (place / "khabar").is_dir()]
    assert len(kept(baygan, "-C", str(held[0]))) == count
    assert json.dumps(baygan("status", "--json").lines) == "[]"
