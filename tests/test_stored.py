"""What lies in a store is read from there: an archive by its address, files that are not here any
more, and files that an import takes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archive.material import tree
from tests.newsroom.newsroom import Newsroom
from tests.process import Baygan
from tests.store import Store, Wire, store
from tests.test_push import with_big_file

NOBODY = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for all tests here; each has its own bucket."""
    with store(tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture
def pushed(baygan: Baygan, newsroom: Newsroom, room: Store) -> tuple[Baygan, str]:
    """An archive of two runs, with an edit, and the address of its copy."""
    assert baygan("crawl").code == 0
    newsroom.site.edit(newsroom.posts[0].id, lead="این خبر از نو نوشته شد.")
    assert baygan("crawl").code == 0
    address = f"s3://{room.bucket()}/archive"
    assert baygan("push", address, **room.env).code == 0
    return baygan, address


@pytest.fixture
def freed(pushed: tuple[Baygan, str]) -> Baygan:
    """The same archive after its user removed all WARC files here."""
    baygan, address = pushed
    for kind in ("warc", "text"):
        shutil.rmtree(baygan.folder / "news" / kind)
    toml = baygan.folder / "sites.toml"
    toml.write_text(f'[archive]\nstorage = "{address}"\n{toml.read_text()}')
    return baygan


def ids(baygan: Baygan) -> list[str]:
    return [line["id"] for line in baygan("export", "--fields", "id").lines]


def lines_of(baygan: Baygan) -> dict[str, list[bytes]]:
    """Every file's lines; a rebuild has them in the order of capture."""
    files = (baygan.folder / "news/articles").iterdir()
    return {path.name: sorted(path.read_bytes().splitlines()) for path in files}


def test_an_archive_is_read_by_its_address(
    pushed: tuple[Baygan, str], newsroom: Newsroom, room: Store, tmp_path: Path
) -> None:
    here, address = pushed
    there = Baygan(tmp_path)
    first = f"news/post/{newsroom.posts[0].id}"
    for words in (
        ("show", first),
        ("show", "--html", first),
        ("show", "--versions", first),
        ("show", "--cite", "bibtex", first),
        ("diff", first),
        ("export",),
        ("export", "--versions", "all", "--csv"),
        ("export", "--cdxj"),
        ("search", "خبر", "--json"),
        ("count", "--by", "month"),
        ("status", "--json"),
        ("rebuild", "--dry-run", "--json"),
    ):
        away = there(*words, "-C", address, **room.env)
        assert (away.code, away.err) == (0, ""), (words, away.err)
        assert away.out == here(*words).out, words
    assert there("-C", address, "export", **room.env).out == here("export").out
    for name, baygan, more in (("a", here, ()), ("b", there, ("-C", address))):
        wacz = str(tmp_path / f"{name}.wacz")
        assert baygan("export", "--wacz", wacz, *more, **room.env).code == 0
    assert (tmp_path / "a.wacz").read_bytes() == (tmp_path / "b.wacz").read_bytes()
    assert room.asked("DELETE") == []


def test_one_record_is_read_and_not_its_file(baygan: Baygan, room: Store, tmp_path: Path) -> None:
    assert baygan("crawl").code == 0
    with_big_file(baygan, 20 << 20)
    address, wire = f"s3://{room.bucket()}/archive", Wire(room.url)
    assert baygan("push", address, **room.env).code == 0
    first, there = ids(baygan)[0], Baygan(tmp_path)
    env = room.env | {"AWS_ENDPOINT_URL": wire.url}
    try:
        assert there("show", "-C", address, first, **env).code == 0
        passed = wire.passed
        room.forget()
        assert there("show", "-C", address, "--html", first, **env).out
        assert wire.passed - passed < 600_000
        warcs = [one for one in room.asked("GET") if ".warc.gz" in one.path]
        assert [one.status for one in warcs] == [206] * len(warcs) and 1 <= len(warcs) <= 2
    finally:
        wire.close()


@pytest.mark.sister
def test_what_is_pushed_later_is_read_then(
    pushed: tuple[Baygan, str], newsroom: Newsroom, room: Store, tmp_path: Path
) -> None:
    here, address = pushed
    there = Baygan(tmp_path)
    assert there("export", "-C", address, **room.env).out == here("export").out
    post = newsroom.site.add()
    assert here("crawl").code == 0
    assert here("push", address, **room.env).code == 0
    now = there("export", "-C", address, **room.env)
    assert now.out == here("export").out and f"news/post/{post.id}" in now.out
    with (here.folder / "sites.toml").open("a") as toml:
        toml.write('remove = ["p"]\n')
    assert here("rebuild").code == 0
    assert here("push", address, **room.env).code == 0
    rebuilt = there("export", "--versions", "all", "-C", address, **room.env)
    assert rebuilt.out == here("export", "--versions", "all").out != now.out
    assert there("search", "خبر", "--json", "-C", address, **room.env).code == 0


def test_files_that_are_only_in_the_store(freed: Baygan, newsroom: Newsroom, room: Store) -> None:
    first, env = ids(freed)[0], room.env
    assert "<html" in freed("show", "--html", first, **env).out
    assert freed("export", "--cdxj", **env).out
    check = freed("check", "--json", **env)
    assert check.code == 0 and check.lines[0]["damage"] == []
    assert "are only in s3://" in check.lines[0]["notes"][0]["what"]
    assert freed("check", terminal=True, **env).err.count("baygan check --stored") == 1
    before = lines_of(freed)
    newsroom.server.forget()
    assert freed("rebuild", **env).code == 0
    assert lines_of(freed) == before and newsroom.exchanges == []
    assert (freed.folder / "news/text").is_dir() and not (freed.folder / "news/warc").exists()
    for words in (("--stored",), ("--stored", "--deep")):
        done = freed("check", "--json", *words, **env)
        assert (done.code, done.lines[0]["damage"], done.lines[0]["notes"]) == (0, [], [])
        assert done.lines[0]["records"] > check.lines[0]["records"]


def test_a_night_needs_no_store(freed: Baygan, newsroom: Newsroom, room: Store) -> None:
    newsroom.site.add()
    done = freed("crawl", **(room.env | NOBODY))
    assert (done.code, done.err) == (0, "")
    # All payloads come again, and what they could refer to cannot be read.
    assert freed("crawl", "--again", **(room.env | NOBODY)).code == 0
    assert freed("check", "--stored", **room.env).code == 0
    assert freed("push", **room.env).code == 0
    assert freed("check", "--stored", "--deep", **room.env).code == 0


@pytest.mark.sister
def test_a_new_index_without_the_files(freed: Baygan, newsroom: Newsroom, room: Store) -> None:
    (freed.folder / "news" / "index.db").unlink()
    newsroom.site.add()
    before = set((freed.folder / "news").glob("text/*/*"))
    assert freed("crawl", **room.env).code == 0
    # Texts that are in the store are not owed.
    assert len(set((freed.folder / "news").glob("text/*/*")) - before) == 1
    assert freed("check", "--stored", **room.env).code == 0


@pytest.mark.sister
def test_a_store_that_does_not_answer(freed: Baygan, room: Store, tmp_path: Path) -> None:
    first, env = ids(freed)[0], room.env | NOBODY
    before = tree(freed.folder / "news")
    for words in (
        ("show", "--html", first),
        ("check",),
        ("rebuild", "--dry-run"),
        ("export", "--cdxj"),
        ("export", "-C", "s3://bucket/archive"),
        ("import", "s3://bucket/x.warc.gz", "--site", "news"),
    ):
        done = freed(*words, **env)
        assert (done.code, done.out) == (1, ""), (words, done)
        assert "the store does not answer" in done.err and "AWS_ENDPOINT_URL" in done.err
    assert freed("show", first, **env).code == 0
    assert {k: v for k, v in tree(freed.folder / "news").items() if ".db" not in k} == {
        k: v for k, v in before.items() if ".db" not in k
    }


@pytest.mark.sister
def test_an_object_that_is_gone(freed: Baygan, room: Store) -> None:
    first, bucket = ids(freed)[0], (freed.folder / "sites.toml").read_text().split("/")[2]
    for key in [key for key in room.keys(bucket) if "/warc/" in key]:
        room.delete(bucket, key)
    done = freed("show", "--html", first, **room.env)
    assert done.code == 4 and "is not there" in done.err
    for words in ((), ("--stored",)):
        check = freed("check", *words, **room.env)
        assert check.code == 4 and "it is not in s3://" in check.out
    pushed = freed("push", **room.env)
    assert pushed.code == 4 and "missing here and in the store" in pushed.err


@pytest.mark.sister
def test_an_import_from_a_store(pushed: tuple[Baygan, str], room: Store, tmp_path: Path) -> None:
    here, address = pushed
    bucket = address.split("/")[2]
    keys = [key for key in room.keys(bucket) if "/warc/" in key]
    names = [f"s3://{bucket}/{key}" for key in keys]
    folder = tmp_path / "other"
    folder.mkdir()
    shutil.copy(here.folder / "sites.toml", folder)
    other = Baygan(folder)
    for words in (("--dry-run",), ()):
        done = other("import", *names, "--site", "news", "--json", *words, **room.env)
        assert (done.code, done.err) == (0, "")
        assert done.lines[0]["new"] == len(ids(here))
    again = other("import", *names, "--site", "news", "--json", **room.env)
    assert again.lines[0]["pages"] == 0
    assert ids(other) and set(ids(other)) == set(ids(here))
    assert other("check").code == 0
    missing = other("import", f"{names[0]}x", "--site", "news", **room.env)
    assert missing.code == 1 and "is not there" in missing.err


@pytest.mark.sister
def test_a_wacz_in_a_store(pushed: tuple[Baygan, str], room: Store, tmp_path: Path) -> None:
    here, address = pushed
    bucket, folder = address.split("/")[2], tmp_path / "other"
    folder.mkdir()
    shutil.copy(here.folder / "sites.toml", folder)
    assert here("export", "--wacz", str(tmp_path / "news.wacz")).code == 0
    room.put(bucket, "news.wacz", (tmp_path / "news.wacz").read_bytes())
    words = ("import", f"s3://{bucket}/news.wacz", "--site", "news", "--json")
    assert Baygan(folder)(*words, **room.env).lines[0]["new"] == len(ids(here))


def test_what_changes_an_archive_needs_it_here(
    pushed: tuple[Baygan, str], room: Store, tmp_path: Path
) -> None:
    _, address = pushed
    for words in (
        ("crawl",), ("add", "http://127.0.0.1:1/"), ("remove", "news"), ("check",), ("rebuild",),
        ("push", "s3://bucket/x"),
    ):  # fmt: skip
        done = Baygan(tmp_path)(*words, "-C", address, **room.env)
        assert (done.code == 2 and "can be read with" in done.err) or "only read" in done.err, words
    nothing = Baygan(tmp_path)("export", "-C", f"{address}/elsewhere", **room.env)
    assert nothing.code == 2 and "baygan push" in nothing.err
    assert [path.name for path in tmp_path.iterdir() if path.name != "archive"] == []


def test_a_cluster_needs_an_archive_that_its_workers_see(
    pushed: tuple[Baygan, str], room: Store, tmp_path: Path
) -> None:
    _, address = pushed
    done = Baygan(tmp_path)("-C", address, "export", "--cluster", "tcp://127.0.0.1:9", **room.env)
    assert (done.code, done.out) == (2, "")
    assert "which the workers do not see" in done.err and "Traceback" not in done.err


@pytest.mark.sister
def test_a_renamed_site_has_its_files_here(freed: Baygan, room: Store) -> None:
    done = freed("rename", "news", "other", **room.env)
    assert done.code == 1 and "Bring them back first" in done.err
    assert (freed.folder / "news").is_dir() and not (freed.folder / "other").exists()


@pytest.mark.sister
def test_a_push_that_was_cut_off_is_no_archive_of_two_states(
    pushed: tuple[Baygan, str], room: Store, tmp_path: Path
) -> None:
    """Lines that a rebuild made anew are there, and the manifest is still the one before."""
    here, address = pushed
    bucket, manifest = address.split("/")[2], "archive/news/manifest.jsonl"
    before = room.get(bucket, manifest)
    assert before is not None
    with (here.folder / "sites.toml").open("a") as toml:
        toml.write('remove = ["p"]\n')
    assert here("rebuild").code == 0
    assert here("push", address, **room.env).code == 0
    after = room.get(bucket, manifest)
    room.put(bucket, manifest, before)
    done = Baygan(tmp_path)("export", "-C", address, **room.env)
    assert (done.code, done.out) == (4, ""), done.err
    assert "Push the archive once more" in done.err
    assert here("push", address, **room.env).code == 0
    assert room.get(bucket, manifest) == after
    done = Baygan(tmp_path)("export", "-C", address, **room.env)
    assert done.out == here("export").out
