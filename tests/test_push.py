"""`baygan push`: what is finished goes to a store, whole, once, and over nothing of others."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.jsonl.manifest import seal
from archive.storage.upload import PART
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import REPOSITORY, Baygan, Outcome
from tests.store import SECRET, Store, Wire, store

BIG = "warc/2026/news-20260101T000000000Z-0badcafe-00000.warc.gz"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for all tests here; each has its own bucket."""
    with store(tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two runs."""
    folder = tmp_path_factory.mktemp("crawled") / "archive"
    folder.mkdir()
    with Newsroom(Site(6)) as newsroom:
        (folder / "sites.toml").write_text(
            f'[sites.news]\nurl = "{newsroom.url}"\nallow_private = true\ndelay = 0\n'
        )
        for _ in range(2):
            assert Baygan(folder)("crawl").code == 0
    return folder


@pytest.fixture
def kept(tmp_path: Path, crawled: Path) -> Baygan:
    """baygan in a copy of that archive."""
    shutil.copytree(crawled, tmp_path / "archive")
    return Baygan(tmp_path / "archive")


def sent_to(baygan: Baygan, room: Store, bucket: str, *more: str, **env: str) -> Outcome:
    return baygan("push", "--json", f"s3://{bucket}/deep/archive", *more, **(room.env | env))


def finished(baygan: Baygan) -> dict[str, bytes]:
    """What is to be in the store, by the name in the archive."""
    site = baygan.folder / "news"
    names = ("layout.json", "manifest.jsonl", "removals.jsonl", "runs.jsonl")
    files = [*site.glob("*/*/*.warc.gz"), *site.glob("articles/*.jsonl")]
    files += [site / name for name in names if (site / name).exists()]
    return {str(path.relative_to(baygan.folder)): path.read_bytes() for path in files}


def stored(room: Store, bucket: str) -> dict[str, bytes | None]:
    """All that is there below the prefix, but for sites.toml."""
    prefix = "deep/archive/"
    keys = [key for key in room.keys(bucket) if key != f"{prefix}sites.toml"]
    return {key.removeprefix(prefix): room.get(bucket, key) for key in keys}


def with_big_file(baygan: Baygan, size: int) -> bytes:
    """A sealed file that is sent in parts; what is in it does not matter to a push."""
    data = os.urandom(size)
    path = baygan.folder / "news" / BIG
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    seal(baygan.folder / "news", baygan.folder / "quarantine" / "news")
    return data


def test_all_that_is_finished_goes_and_nothing_goes_twice(kept: Baygan, room: Store) -> None:
    bucket = room.bucket()
    [done] = sent_to(kept, room, bucket).lines
    assert stored(room, bucket) == finished(kept)
    assert done["sent"] == len(finished(kept))
    assert done["sent_bytes"] == sum(map(len, finished(kept).values()))
    assert {key: done[key] for key in ("there", "replaced", "waiting", "different", "damaged")} == {
        "there": 0, "replaced": 0, "waiting": 0, "different": [], "damaged": [],
    }  # fmt: skip
    room.forget()
    again = sent_to(kept, room, bucket)
    [told] = again.lines
    assert (again.code, again.err) == (0, "")
    assert (told["sent"], told["there"]) == (0, done["sent"])
    assert room.asked("PUT", "POST", "DELETE") == []


def test_a_second_night_sends_what_is_new_and_what_has_grown(tmp_path: Path, room: Store) -> None:
    bucket, baygan = room.bucket(), Baygan(tmp_path)
    with Newsroom(Site(6)) as newsroom:
        (tmp_path / "sites.toml").write_text(
            f'[sites.news]\nurl = "{newsroom.url}"\nallow_private = true\ndelay = 0\n'
        )
        assert baygan("crawl").code == 0
        assert sent_to(baygan, room, bucket).code == 0
        before = stored(room, bucket)
        newsroom.site.add()
        assert baygan("crawl").code == 0
    room.forget()
    [done] = sent_to(baygan, room, bucket).lines
    assert stored(room, bucket) == finished(baygan)
    sent = {one.path.removeprefix(f"/{bucket}/deep/archive/") for one in room.asked("PUT")}
    assert not {name for name in sent if name.endswith(".warc.gz")} & before.keys()
    assert done["replaced"] >= 3  # lines, runs, manifest
    assert room.asked("DELETE") == []


def test_a_dry_run_sends_nothing(kept: Baygan, room: Store) -> None:
    bucket = room.bucket()
    room.forget()
    done = kept("push", "-n", f"s3://{bucket}/deep/archive", **room.env)
    assert done.code == 0 and "nothing was sent, this was a dry run" in done.out
    [told] = sent_to(kept, room, bucket, "--dry-run").lines
    assert told["sent"] == len(finished(kept))
    assert room.asked("PUT", "POST", "DELETE") == [] and stored(room, bucket) == {}


def test_no_secret_goes_there_or_is_told(kept: Baygan, room: Store) -> None:
    bucket, toml = room.bucket(), kept.folder / "sites.toml"
    toml.write_text(
        f"# proxy = 'http://me:hidden1@p.example:1'\n{toml.read_text()}"
        'proxy = "http://me:hidden2@127.0.0.1:1"\nremove = ["div.box"]\n'
        '[notify]\nhealthcheck = "https://hc.example/hidden3"\n[archive]\ntitle = "News"\n'
    )
    done = sent_to(kept, room, bucket, "news")
    assert done.code == 0
    there = (room.get(bucket, "deep/archive/sites.toml") or b"").decode()
    assert "hidden" not in there and 'title = "News"' in there and "div.box" in there
    wrong = kept("push", f"s3://me:{SECRET}@{bucket}/x", **room.env)
    refused = kept("push", "s3://no-such-bucket/x", **room.env)
    gone = kept(
        "push", f"s3://{bucket}/x", **(room.env | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
    )
    assert (wrong.code, refused.code, gone.code) == (2, 1, 1)
    assert "no bucket no-such-bucket" in refused.err and "does not answer" in gone.err
    said = "".join(one.out + one.err for one in (done, wrong, refused, gone))
    logs = "".join(path.read_text() for path in kept.folder.glob("logs/*"))
    assert SECRET not in said + logs + there and "Traceback" not in said


def test_a_push_that_is_killed_goes_on_in_the_middle_of_a_file(kept: Baygan, room: Store) -> None:
    bucket, data = room.bucket(), with_big_file(kept, 5 * PART - 12345)
    room.forget()
    running = kept.start("push", f"s3://{bucket}/deep/archive", **room.env)
    end = time.monotonic() + 60
    while len(parts_of(room)) < 2:
        assert time.monotonic() < end and running.poll() is None
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert room.get(bucket, f"deep/archive/news/{BIG}") is None
    before = stored(room, bucket)
    time.sleep(0.5)  # the server may still be at the last part
    have = set(parts_of(room))
    assert 2 <= len(have) < 5
    room.forget()
    assert sent_to(kept, room, bucket).code == 0
    # A part that was on its way when the kill came may be there or not.
    assert len(set(parts_of(room)) & have) <= 1
    assert set(parts_of(room)) | have == {"1", "2", "3", "4", "5"}
    puts = Counter(one.path.partition("?")[0] for one in room.asked("PUT"))
    assert not {f"/{bucket}/deep/archive/{name}" for name in before} & puts.keys()
    assert room.get(bucket, f"deep/archive/news/{BIG}") == data
    assert stored(room, bucket) == finished(kept)


def parts_of(room: Store) -> list[str]:
    """The numbers of the parts that came."""
    return [
        one.path.partition("partNumber=")[2].partition("&")[0]
        for one in room.asked("PUT")
        if "partNumber=" in one.path and one.status == 200
    ]


def test_a_cut_wire(kept: Baygan, room: Store) -> None:
    bucket = room.bucket()
    with_big_file(kept, 3 * PART)
    wire = Wire(room.url)
    try:
        wire.cut_after(2 * PART)
        room.forget()
        done = sent_to(kept, room, bucket, AWS_ENDPOINT_URL=wire.url)
        assert done.code == 1
        assert "does not answer" in done.err and "once more" in done.err
        assert room.get(bucket, f"deep/archive/news/{BIG}") is None
        wire.mend()
        assert sent_to(kept, room, bucket, AWS_ENDPOINT_URL=wire.url).code == 0
    finally:
        wire.close()
    assert stored(room, bucket) == finished(kept)
    # No part that the store had was sent again.
    assert max(Counter(parts_of(room)).values()) == 1


@pytest.mark.parametrize("same_size", [True, False])
def test_another_object_is_told_and_left(kept: Baygan, room: Store, same_size: bool) -> None:
    bucket = room.bucket()
    name = next(name for name in finished(kept) if name.startswith("news/warc"))
    other = finished(kept)[name][::-1] if same_size else b"something else"
    room.put(bucket, f"deep/archive/{name}", other)
    done = sent_to(kept, room, bucket)
    assert done.code == 3
    assert name in done.err and "left as it is" in done.err
    assert done.lines[0]["different"] == [name.removeprefix("news/")]
    assert stored(room, bucket) == finished(kept) | {name: other}


def test_the_place_of_another_archive_is_left(kept: Baygan, room: Store, tmp_path: Path) -> None:
    """A site of the same name, pushed by somebody else."""
    bucket = room.bucket()
    with Newsroom(Site(4)) as newsroom:
        (tmp_path / "other").mkdir()
        other = Baygan(tmp_path / "other")
        (other.folder / "sites.toml").write_text(
            f'[sites.news]\nurl = "{newsroom.url}"\nallow_private = true\ndelay = 0\n'
        )
        assert other("crawl").code == 0
    assert sent_to(other, room, bucket).code == 0
    before, toml = stored(room, bucket), room.get(bucket, "deep/archive/sites.toml")
    room.forget()
    done = sent_to(kept, room, bucket)
    assert done.code == 3 and "manifest.jsonl" in done.err
    assert room.asked("PUT", "POST", "DELETE") == []
    assert (stored(room, bucket), room.get(bucket, "deep/archive/sites.toml")) == (before, toml)


def test_a_damaged_file_is_not_sent(kept: Baygan, room: Store) -> None:
    bucket = room.bucket()
    name = next(name for name in finished(kept) if name.startswith("news/warc"))
    path, right = kept.folder / name, finished(kept)[name]
    path.write_bytes(right[:100] + bytes([right[100] ^ 1]) + right[101:])
    done = sent_to(kept, room, bucket)
    assert done.code == 4
    assert name in done.err and "baygan check" in done.err
    assert stored(room, bucket) == {k: v for k, v in finished(kept).items() if k != name}
    path.write_bytes(right)
    assert sent_to(kept, room, bucket).code == 0
    assert stored(room, bucket) == finished(kept)


def test_a_large_damaged_file_makes_no_object(kept: Baygan, room: Store) -> None:
    bucket, data = room.bucket(), with_big_file(kept, PART + 1)
    (kept.folder / "news" / BIG).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    room.forget()
    assert sent_to(kept, room, bucket).code == 4
    assert room.get(bucket, f"deep/archive/news/{BIG}") is None
    assert parts_of(room) == []


def test_what_a_rebuild_replaced_is_set_aside(kept: Baygan, room: Store) -> None:
    bucket = room.bucket()
    assert sent_to(kept, room, bucket).code == 0
    before = stored(room, bucket)
    # Another rule, so that lines differ, too.
    with (kept.folder / "sites.toml").open("a") as toml:
        toml.write('remove = ["p"]\n')
    assert kept("rebuild").code == 0
    done = sent_to(kept, room, bucket)
    assert (done.code, done.err) == (0, "")
    now = stored(room, bucket)
    assert {k: v for k, v in now.items() if k.startswith("news/")} == finished(kept)
    changed = {k: v for k, v in before.items() if now[k] != v and not k.endswith("manifest.jsonl")}
    assert any(k.startswith("news/articles/") for k in changed)
    for name, data in changed.items():
        assert data in [v for k, v in now.items() if k.startswith(f"quarantine/{name}.")]
    room.forget()
    assert sent_to(kept, room, bucket).lines[0]["sent"] == 0
    assert room.asked("PUT") == []


def test_the_store_named_in_sites_toml(kept: Baygan, room: Store) -> None:
    bucket, toml = room.bucket(), kept.folder / "sites.toml"
    nowhere = kept("push", **room.env)
    assert nowhere.code == 2 and "s3://BUCKET/PREFIX" in nowhere.err
    toml.write_text(f'[archive]\nstorage = "s3://{bucket}/deep/archive"\n{toml.read_text()}')
    assert kept("push", "news", **room.env).code == 0
    assert stored(room, bucket) == finished(kept)
    toml.write_text(toml.read_text().replace("s3://", "ftp://"))
    wrong = kept("status")
    assert wrong.code == 2 and "sites.toml, [archive], storage" in wrong.err


@pytest.mark.parametrize(
    "words",
    [
        ("s3://", "news"),
        ("https://bucket.example/x",),
        ("s3://b/../x",),
        ("s3://bucket/x", "s3://bucket/y"),
        ("s3://bucket/x", "nobody"),
    ],
)
def test_what_is_no_address(kept: Baygan, words: tuple[str, ...]) -> None:
    done = kept("push", *words)
    assert (done.code, done.out) == (2, "") and done.err.startswith("Error: ")


def test_without_s3fs_it_says_what_to_install(kept: Baygan, tmp_path: Path) -> None:
    (tmp_path / "s3fs.py").write_text("raise ModuleNotFoundError('s3fs')\n")
    path = f"{tmp_path}:{REPOSITORY}"
    for words in (("push", "s3://bucket/x"), ("show", "-C", "s3://bucket/x", "news/post/1")):
        done = kept(*words, PYTHONPATH=path)
        assert (done.code, done.out) == (2, "")
        assert "pip install 'baygan[s3]'" in done.err


@pytest.mark.sister
def test_two_pushes_at_once(kept: Baygan, room: Store) -> None:
    bucket = room.bucket()
    with_big_file(kept, 2 * PART)
    both = [kept.start("push", f"s3://{bucket}/deep/archive", **room.env) for _ in range(2)]
    said = [one.communicate(timeout=120)[1].decode() for one in both]
    # What the other has put there meanwhile may be told; all is there, and right.
    assert {one.returncode for one in both} <= {0, 3}, said
    assert sent_to(kept, room, bucket).code == 0
    assert stored(room, bucket) == finished(kept)


@pytest.mark.sister
def test_parts_of_another_file_are_not_used(kept: Baygan, room: Store) -> None:
    """Somebody began an upload at the same key, or the file was rebuilt meanwhile."""
    bucket, data = room.bucket(), with_big_file(kept, 2 * PART)
    path = kept.folder / "news" / BIG
    path.write_bytes(os.urandom(2 * PART))
    manifest = kept.folder / "news" / "manifest.jsonl"
    right = manifest.read_bytes()
    lines = [json.loads(line) for line in right.splitlines()]
    for line in lines:
        if line["file"] == BIG:
            line["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))
    room.forget()
    running = kept.start("push", f"s3://{bucket}/deep/archive", **room.env)
    end = time.monotonic() + 60
    while not parts_of(room):
        assert time.monotonic() < end and running.poll() is None
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert room.get(bucket, f"deep/archive/news/{BIG}") is None
    path.write_bytes(data)
    manifest.write_bytes(right)
    assert sent_to(kept, room, bucket).code == 0
    assert room.get(bucket, f"deep/archive/news/{BIG}") == data
