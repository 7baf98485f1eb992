"""The archive's folder: what is opened is closed, and what nothing reads any more is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.errors import BayganError, Damaged
from archive.folder import Archive, SiteFolder
from scraper.console.unnamed import articles_in
from tests.archive.material import archived
from tests.process import Baygan


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    return archived(tmp_path / "archive", 1, 2, 3)


def opened() -> list[str]:
    """The files of indexes that this process has open."""
    targets = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            targets.append(str(link.readlink()))
        except FileNotFoundError:  # the one that lists them
            continue
    return [target for target in targets if "index.db" in target]


def test_the_index_is_closed_when_no_more_articles_are_wanted(site: SiteFolder) -> None:
    articles = site.articles()
    next(articles)
    assert opened() != []
    articles.close()
    assert opened() == []


def test_the_index_is_closed_when_a_line_is_broken(site: SiteFolder) -> None:
    [lines] = site.lines.folder.iterdir()
    lines.write_bytes(lines.read_bytes()[:-9])
    # Whoever holds an error holds all that it has passed.
    with pytest.raises(Damaged) as told:
        list(site.articles())
    assert opened() == []
    assert str(lines) in str(told.value)
    with pytest.raises(Damaged):
        site.versions("khabar/post/3")
    assert opened() == []


def test_the_index_is_closed_when_it_is_broken_itself(site: SiteFolder) -> None:
    size = site.index_path.stat().st_size
    with site.index_path.open("rb+") as index:
        index.seek(4096)
        index.write(b"\xff" * (size - 4096))
    with pytest.raises(BayganError) as told:
        list(site.articles())
    assert opened() == []
    with pytest.raises(BayganError) as told_too:
        site.versions("khabar/post/1")
    assert opened() == []
    assert str(site.index_path) in str(told.value) == str(told_too.value)


def renamed(site: SiteFolder) -> Baygan:
    toml = site.archive.path / "sites.toml"
    toml.write_text(toml.read_text().replace("[sites.khabar]", "[sites.akhbar]"))
    return Baygan(site.archive.path)


def test_a_site_that_was_renamed_is_told_by_status_and_check(site: SiteFolder) -> None:
    baygan = Baygan(site.archive.path)
    for command in ("status", "check"):
        assert "sites.toml" not in baygan(command).out
    renamed(site)
    for command in ("status", "check"):
        done = baygan(command)
        assert (done.code, done.err) == (0, "")
        [told] = [line for line in done.out.splitlines() if "khabar/" in line]
        assert "the folder khabar/ is here with 3 articles" in told
        assert "sites.toml has no [sites.khabar]" in told
        assert baygan(command, "akhbar").out == done.out.replace(told + "\n", "")
    status, checked = (baygan(command, "--json").lines[-1] for command in ("status", "check"))
    assert (status["site"], status["url"], status["articles"]) == ("khabar", None, 3)
    assert (checked["site"], checked["damage"]) == ("khabar", [])
    assert status["notes"] == [checked["notes"][0]["what"]]


def test_a_site_that_was_taken_out_before_anything_was_sealed(site: SiteFolder) -> None:
    """No index, no runs.jsonl, and a file that is still being written: a run was killed."""
    (site.archive.path / "sites.toml").write_text("")
    for path in site.path.iterdir():
        if path.is_file():
            path.unlink()
    [warc] = site.path.glob("warc/*/*")
    warc.rename(f"{warc}.open")
    done = Baygan(site.archive.path)("check")
    assert done.code == 0
    assert "the folder khabar/ is here with what was captured there, but" in done.out


def test_a_stray_index_that_is_broken_stops_nothing(site: SiteFolder) -> None:
    site.index_path.write_bytes(b"no database" * 999)
    done = renamed(site)("status")
    assert done.code == 0
    assert "the folder khabar/ is here with what was captured there, but" in done.out
    assert articles_in(site) is None


def test_other_folders_are_none_of_our_business(site: SiteFolder) -> None:
    folder = site.archive.path
    for name in ("notes", "logs", "quarantine/khabar/warc/2026", "khabar.bak", "plots/warc"):
        (folder / name).mkdir(parents=True)
    for name in ("notes/runs.txt", "quarantine/khabar/runs.jsonl", "khabar.bak/runs.jsonl"):
        (folder / name).write_text("")
    (folder / "readme").write_text("")
    assert Archive(folder).unnamed() == []
    baygan = Baygan(folder)
    assert [line["site"] for line in baygan("status", "--json").lines] == ["khabar"]
    assert [line["site"] for line in baygan("check", "--json").lines] == ["khabar"]


def test_a_crawl_does_not_speak_of_it(site: SiteFolder) -> None:
    baygan = renamed(site)
    toml = site.archive.path / "sites.toml"
    toml.write_text(toml.read_text().replace("http://khabar.example/", "http://127.0.0.1:1/"))
    done = baygan("crawl", "--json")
    assert "khabar" not in done.out + done.err
    assert json.loads(done.out)["site"] == "akhbar"
