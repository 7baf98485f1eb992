"""`baygan pull`: what was pushed comes back whole, and nothing here is lost by it."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.upkeep.site_tables import with_sites_of
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan, Outcome
from tests.store import Store, Wire, store
from tests.test_push import crawled, finished, kept, sent_to, with_big_file

# They are fixtures, and are used by their names.
__all__ = ["crawled", "kept"]

PREFIX = "deep/archive"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for all tests here; each has its own bucket."""
    with store(tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture
def bucket(kept: Baygan, room: Store) -> str:
    """A bucket with all of the archive `kept`."""
    name = room.bucket()
    assert sent_to(kept, room, name).code == 0
    return name


def pulled(folder: Path, room: Store, bucket: str, *more: str, **env: str) -> Outcome:
    """A pull into `folder`, started beside it."""
    words = ("--json", f"s3://{bucket}/{PREFIX}", "-C", folder.name, *more)
    return Baygan(folder.parent)("pull", *words, **(room.env | env))


def as_it_was(folder: Path, before: dict[str, bytes]) -> bool:
    """Whether all files of an archive are those of `before`, and none of them damaged."""
    baygan = Baygan(folder)
    return finished(baygan) == before and baygan("check", "--deep").code == 0


def _is_page(path: str) -> bool:
    """Whether it is the address of an article."""
    return path.startswith("/20")


def test_a_lost_machine_comes_back_and_goes_on(
    kept: Baygan, room: Store, bucket: str, tmp_path: Path
) -> None:
    before, new = finished(kept), tmp_path / "new"
    [done] = pulled(new, room, bucket).lines
    assert as_it_was(new, before)
    assert (done["fetched"], done["here"], done["aside"]) == (len(before), 0, 0)
    assert done["fetched_bytes"] == sum(map(len, before.values()))
    restored = Baygan(new)
    assert restored("export").out == kept("export").out
    assert "7 articles of 7 pages; 7 as before" in restored("rebuild", "--dry-run").out
    assert len(restored("search", "--json", "--limit", "9", "خبر").lines) == len(
        kept("search", "--json", "--limit", "9", "خبر").lines
    )
    # What is written from now on goes where the rest is.
    again = sent_to(restored, room, bucket)
    assert (again.code, again.lines[0]["sent"], again.lines[0]["different"]) == (0, 0, [])


def test_the_next_night_fetches_no_article_again(tmp_path: Path, room: Store) -> None:
    bucket, baygan = room.bucket(), Baygan(tmp_path / "old")
    baygan.folder.mkdir()
    with Newsroom(Site(6)) as newsroom:
        (baygan.folder / "sites.toml").write_text(
            f'[sites.news]\nurl = "{newsroom.url}"\nallow_private = true\ndelay = 0\n'
        )
        assert baygan("crawl").code == 0
        assert sent_to(baygan, room, bucket).code == 0
        assert pulled(tmp_path / "new", room, bucket).code == 0
        newsroom.site.add()
        asked = len(newsroom.exchanges)
        [run] = Baygan(tmp_path / "new")("crawl", "--json").lines
        fetched = [one.path for one in newsroom.exchanges[asked:] if _is_page(one.path)]
    assert (run["verdict"], run["new"], len(fetched)) == ("complete", 1, 1), fetched
    assert Baygan(tmp_path / "new")("check", "--deep").code == 0


def test_only_what_is_lost_or_damaged_comes_back(kept: Baygan, room: Store, bucket: str) -> None:
    before, site = finished(kept), kept.folder / "news"
    captures, texts = sorted(site.glob("warc/*/*")), sorted(site.glob("text/*/*"))
    lines = next(site.glob("articles/*.jsonl"))
    captures[0].unlink()
    (site / "runs.jsonl").unlink()
    damaged = bytearray(texts[0].read_bytes())
    damaged[len(damaged) // 2] ^= 1
    texts[0].write_bytes(damaged)
    lines.write_bytes(lines.read_bytes()[:-40])
    assert kept("check").code == 4
    room.forget()
    [done] = pulled(kept.folder, room, bucket).lines
    assert as_it_was(kept.folder, before)
    assert (done["fetched"], done["here"], done["aside"]) == (4, len(before) - 4, 2)
    aside = {path.name: path.read_bytes() for path in (kept.folder / "quarantine").rglob("*.*")}
    assert aside[texts[0].name] == damaged
    assert room.asked("PUT", "POST", "DELETE") == []
    [again] = pulled(kept.folder, room, bucket).lines
    assert (again["fetched"], again["here"]) == (0, len(before))


def test_a_dry_run_writes_nothing(kept: Baygan, room: Store, bucket: str, tmp_path: Path) -> None:
    new = tmp_path / "new"
    [done] = pulled(new, room, bucket, "-n").lines
    assert (done["fetched"], done["dry_run"], new.exists()) == (len(finished(kept)), True, False)
    lost = next(kept.folder.glob("news/warc/*/*"))
    lost.unlink()
    assert "1 file to fetch" in kept("pull", "-n", f"s3://{bucket}/{PREFIX}", **room.env).out
    assert not lost.exists()


def test_what_is_newer_here_stays(kept: Baygan, room: Store, bucket: str, tmp_path: Path) -> None:
    """A run since the push: of the files that it has added to, the store has an older state."""
    lost = next(kept.folder.glob("news/warc/*/*"))
    with Newsroom(Site(8)) as newsroom:
        (kept.folder / "sites.toml").write_text(
            f'[sites.news]\nurl = "{newsroom.url}"\nallow_private = true\ndelay = 0\n'
        )
        assert kept("crawl").code == 0
    toml = (kept.folder / "sites.toml").read_text()
    there = room.get(bucket, f"{PREFIX}/sites.toml") or b""
    url = there.decode().split('url = "')[1].split('"')[0]
    (kept.folder / "sites.toml").write_text(toml.replace(newsroom.url, url))
    before = finished(kept)
    lost.unlink()
    [done] = pulled(kept.folder, room, bucket).lines
    assert (finished(kept), done["fetched"]) == (before, 1)
    (kept.folder / "news" / "runs.jsonl").unlink()
    done = pulled(kept.folder, room, bucket)
    assert (done.code, done.lines[0]["different"]) == (4, ["runs.jsonl"])
    assert "news/runs.jsonl: it is not there as the manifest says" in done.err


def test_another_site_of_the_name_is_not_touched(
    kept: Baygan, room: Store, bucket: str, tmp_path: Path
) -> None:
    manifest = kept.folder / "news" / "manifest.jsonl"
    manifest.write_bytes(b"".join(manifest.read_bytes().splitlines(keepends=True)[::-1]))
    before = finished(kept)
    done = pulled(kept.folder, room, bucket)
    assert (done.code, done.lines[0]["alien"], finished(kept)) == (3, True, before)
    manifest.unlink()
    assert pulled(kept.folder, room, bucket).code == 0
    assert as_it_was(kept.folder, before | {"news/manifest.jsonl": manifest.read_bytes()})
    before = finished(kept)
    toml = kept.folder / "sites.toml"
    toml.write_text(toml.read_text().replace("http://", "http://www."))
    done = pulled(kept.folder, room, bucket)
    assert done.code == 2 and "Nothing was fetched" in done.err
    assert finished(kept) == before


def test_what_is_damaged_in_the_store_is_not_taken(
    kept: Baygan, room: Store, bucket: str, tmp_path: Path
) -> None:
    files = sorted(path for path in finished(kept) if "/warc/" in path)
    data = bytearray(room.get(bucket, f"{PREFIX}/{files[0]}") or b"")
    data[9] ^= 1
    room.put(bucket, f"{PREFIX}/{files[0]}", bytes(data))
    room.delete(bucket, f"{PREFIX}/{files[1]}")
    new = tmp_path / "new"
    done = pulled(new, room, bucket)
    assert done.code == 4
    assert {f"news/{one}" for one in done.lines[0]["different"]} == {*files[:2]}
    assert {*finished(Baygan(new))} == {*finished(kept)} - {*files[:2]}
    assert list(new.rglob("*.part")) == []


def test_killed_or_cut_off_it_goes_on(
    kept: Baygan, room: Store, bucket: str, tmp_path: Path
) -> None:
    with_big_file(kept, 40 << 20)
    assert sent_to(kept, room, bucket).code == 0
    before, new = finished(kept), tmp_path / "new"
    with closing(Wire(room.url)) as wire:
        wire.cut_after(12 << 20)
        cut = pulled(new, room, bucket, AWS_ENDPOINT_URL=wire.url)
        assert cut.code == 1 and "then give the command once more" in cut.err
    assert not (new / "news" / "manifest.jsonl").exists()
    words = ("pull", f"s3://{bucket}/{PREFIX}", "-C", str(new))
    process = Baygan(tmp_path).start(*words, **room.env)
    end = time.monotonic() + 60
    while not list(new.rglob("*.part")) and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    [done] = pulled(new, room, bucket).lines
    assert (finished(Baygan(new)), done["different"]) == (before, [])
    assert list(new.rglob("*.part")) == []


def test_a_folder_with_other_things_is_left_alone(room: Store, bucket: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    done = pulled(other, room, bucket)
    assert done.code == 2 and "has other files in it" in done.err
    assert [path.name for path in other.iterdir()] == ["thesis.txt"]
    assert Baygan(other)("pull").err.startswith("Error: from where?")
    new = tmp_path / "new"
    unknown = pulled(new, room, bucket, "nws")
    assert unknown.code == 2 and "news" in unknown.err and not new.exists()
    nowhere = Baygan(tmp_path)("pull", f"s3://{bucket}/none", "-C", "new", **room.env)
    assert nowhere.code == 2 and "no archive at" in nowhere.err and not new.exists()


def test_a_site_that_a_run_holds_is_left(kept: Baygan, room: Store, bucket: str) -> None:
    from archive.files.lock import Lock

    lost = next(kept.folder.glob("news/warc/*/*"))
    lost.unlink()
    lock = Lock(kept.folder / "news" / ".lock")
    try:
        held = pulled(kept.folder, room, bucket)
    finally:
        lock.close()
    assert held.code == 5 and not lost.exists()


def test_a_site_comes_back_into_an_archive_of_others(
    kept: Baygan, room: Store, bucket: str, tmp_path: Path
) -> None:
    before, other = finished(kept), tmp_path / "other"
    shutil.copytree(kept.folder, other)
    shutil.rmtree(other / "news")
    (other / "sites.toml").write_text('# Ours.\n[sites.sokhan]\nurl = "https://sokhan.example/"\n')
    assert pulled(other, room, bucket, "news").code == 0
    text = (other / "sites.toml").read_text()
    assert text.startswith("# Ours.\n[sites.sokhan]") and "[sites.news]" in text
    assert finished(Baygan(other)) == before


def test_a_table_is_added_as_the_other_file_means_it() -> None:
    here = '[sites]\na = {url = "http://a/"}\n'
    there = '[defaults]\ndelay = 2.0\n[sites.b]\nurl = "http://b/"\n[sites.c]\nurl = "http://c/"\n'
    assert with_sites_of(here, there, {"a"}) == here
    both = with_sites_of(here, there, {"b"})
    assert '[sites.b]\ndelay = 2.0\nurl = "http://b/"\n' in both and "sites.c" not in both
