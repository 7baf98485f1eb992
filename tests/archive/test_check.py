"""`check` finds every change of what is stored, and nothing where nothing was changed."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from archive.check import Check
from archive.folder import SiteFolder
from archive.index.index import Index
from archive.jsonl.article_line import encode
from archive.jsonl.manifest import finished, renew
from archive.layout import MANIFEST
from archive.warc.reader import walk
from archive.writer.site_writer import SiteWriter
from tests.archive.material import archived, article, exchange, keep, kill
from tests.process import Baygan


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    """A site of two nights: five articles, one of them in two versions."""
    site = archived(tmp_path / "archive", 1, 2, 3)
    with SiteWriter(site) as writer:
        keep(writer, 4, 5)
        edited = article(1, "متنی که پس از انتشار ویرایش شد.")
        writer.keep("http://khabar.example/?p=1", edited, writer.capture(exchange(1)))
    return site


def damage(site: SiteFolder, *, deep: bool = False) -> list[str]:
    return [str(finding) for finding in Check(site, deep=deep).run().damage]


def notes(site: SiteFolder) -> list[str]:
    return [str(finding) for finding in Check(site).run().notes]


def warc(site: SiteFolder, kind: str = "warc", writer: int = 0) -> Path:
    return sorted(site.path.glob(f"{kind}/*/*.gz"))[writer]


def stored(site: SiteFolder) -> list[Path]:
    """Every file that the manifest vouches for, and the manifest."""
    return [site.path / file for file in (*finished(site.path), MANIFEST)]


@contextmanager
def changed(path: Path, data: bytes) -> Iterator[None]:
    """`path` with other bytes in it for a while."""
    before = path.read_bytes()
    path.write_bytes(data)
    yield
    path.write_bytes(before)


def pieces(path: Path) -> list[bytes]:
    data = path.read_bytes()
    places = [placed.place for placed in walk(path)]
    return [data[offset : offset + length] for offset, length in places]


def reseal(site: SiteFolder) -> None:
    """Let the manifest say that all is as it should be: what is found now the rules find."""
    (site.path / MANIFEST).unlink()
    index = Index(site.index_path, write=True)
    index.crawl_state.manifest_size = renew(site.path, finished(site.path))
    index.close()


def test_what_was_written_is_found_whole(site: SiteFolder) -> None:
    checked = Check(site, deep=True).run()
    assert [*checked.damage, *checked.notes] == []
    assert (checked.lines, checked.files) == (6, 6)
    assert checked.records == 6 * 3 + 6 + 4  # exchanges, texts, warcinfos
    assert checked.bytes == sum(path.stat().st_size for path in stored(site)[:-1])


def test_every_flipped_bit_is_found(site: SiteFolder, long: bool) -> None:
    """In WARC files, lines, runs and the manifest; 10,000 with --long."""
    chance = random.Random(1405)
    paths = stored(site)
    sizes = [path.stat().st_size for path in paths]
    for _ in range(10_000 if long else 300):
        [path] = chance.choices(paths, sizes)
        data = bytearray(path.read_bytes())
        place = chance.randrange(len(data))
        data[place] ^= 1 << chance.randrange(8)
        with changed(path, bytes(data)):
            assert damage(site), f"{path} at byte {place}"


def test_every_truncation_is_found(site: SiteFolder, long: bool) -> None:
    """Of every kind of file, at its records' and lines' ends, too."""
    chance = random.Random(1405)
    for _ in range(200 if long else 60):
        path = chance.choice(stored(site))
        data = path.read_bytes()
        ends = [match.end() for match in re.finditer(rb"\n", data)][:-1]
        if path.suffix == ".gz":
            ends = [placed.place[0] for placed in walk(path)]
        end = chance.choice([chance.randrange(len(data)), chance.choice(ends or [0])])
        with changed(path, data[:end]):
            assert damage(site), f"{path} cut at byte {end}"


@pytest.mark.parametrize("kind", ["warc", "text"])
def test_a_missing_member_is_found_even_if_it_was_sealed_so(site: SiteFolder, kind: str) -> None:
    path = warc(site, kind)
    for number in range(len(pieces(path)) - (2 if kind == "warc" else 0)):
        kept = pieces(path)
        del kept[number]
        with changed(path, b"".join(kept)):
            assert damage(site)
            reseal(site)
            assert damage(site), f"member {number}"
    reseal(site)
    assert damage(site) == []


def test_a_missing_file_is_found(site: SiteFolder) -> None:
    for path in stored(site):
        away = path.rename(path.with_name("away"))
        assert damage(site), path
        away.rename(path)


Change = Callable[[bytes], bytes]


def field(name: str, value: str) -> Change:
    """Another value for a field, or a field more."""
    line = f"\r\n{name}: {value}".encode()
    pattern = re.compile(rb"\r\n" + name.encode() + rb": [^\r]*")

    def change(raw: bytes) -> bytes:
        return (
            pattern.sub(line, raw, 1)
            if pattern.search(raw)
            else raw.replace(b"\r\n", line + b"\r\n", 1)
        )

    return change


def dropped(name: str) -> Change:
    return lambda raw: re.sub(rb"\r\n" + name.encode() + rb": [^\r]*", b"", raw, count=1)


ZERO = "urn:uuid:00000000-0000-4000-8000-000000000000"
# Which member of the first night's WARC file: 0 warcinfo, 1 response, 2 request, 3 metadata.
BREACHES: dict[str, tuple[int, Change, str]] = {
    "length too small": (1, field("Content-Length", "7"), "Content-Length does not lead"),
    "length too large": (1, field("Content-Length", "70000"), "Content-Length does not lead"),
    "no length": (2, dropped("Content-Length"), "Content-Length does not lead"),
    "no type": (2, dropped("WARC-Type"), "no such WARC-Type"),
    "no ID": (3, dropped("WARC-Record-ID"), "WARC-Record-ID is missing"),
    "no date": (2, dropped("WARC-Date"), "WARC-Date is missing"),
    "no address": (1, dropped("WARC-Target-URI"), "WARC-Target-URI is missing"),
    "no content type": (1, dropped("Content-Type"), "Content-Type is missing"),
    "no payload digest": (1, dropped("WARC-Payload-Digest"), "WARC-Payload-Digest is missing"),
    "a day that is none": (2, field("WARC-Date", "2026-13-01T00:00:00Z"), "WARC-Date is no such"),
    "another date than its pair": (2, field("WARC-Date", "2020-01-01T00:00:00Z"), "its date or"),
    "an address in brackets": (2, field("WARC-Target-URI", "<http://k.example/>"), "no such"),
    "no colon": (2, lambda raw: raw.replace(b"-Protocol: ", b"-Protocol"), "is no field"),
    "a digest in base32": (2, field("WARC-Block-Digest", "sha256:ABCD===="), "no such thing"),
    "another block": (2, lambda raw: raw.replace(b"GET ", b"PUT "), "the block is not"),
    "another payload": (1, field("WARC-Payload-Digest", "sha256:" + "0" * 64), "the payload is"),
    "a field twice": (
        2,
        lambda raw: raw.replace(b"\r\n", b"\r\nWARC-Type: request\r\n", 1),
        "2 times",
    ),
    "a forbidden field": (1, field("WARC-Refers-To", f"<{ZERO}>"), "does not belong here"),
    "an address on warcinfo": (0, field("WARC-Target-URI", "http://k.example/"), "not belong"),
    "another file's name": (0, field("WARC-Filename", "other.warc.gz"), "WARC-Filename is"),
    "concurrent to nothing": (2, field("WARC-Concurrent-To", f"<{ZERO}>"), "leads to no response"),
    "another warcinfo": (1, field("WARC-Warcinfo-ID", f"<{ZERO}>"), "WARC-Warcinfo-ID is not"),
    "WARC/1.0": (2, lambda raw: raw.replace(b"WARC/1.1", b"WARC/1.0"), "no WARC/1.1 record"),
    "two records in a member": (3, lambda raw: raw * 2, "Content-Length does not lead"),
}


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_of_warc_s_rules_is_found(site: SiteFolder, name: str) -> None:
    number, change, what = BREACHES[name]
    path = warc(site)
    kept = pieces(path)
    kept[number] = gzip.compress(change(gzip.decompress(kept[number])), 6, mtime=0)
    path.write_bytes(b"".join(kept))
    reseal(site)
    assert any(what in found for found in damage(site)), damage(site)


def test_a_record_twice_is_found(site: SiteFolder) -> None:
    path = warc(site, "text", 1)
    path.write_bytes(path.read_bytes() + pieces(warc(site, "text", 0))[1])
    reseal(site)
    assert sum("another record has this ID" in found for found in damage(site)) == 2


def test_a_text_that_refers_to_nothing_and_one_without_its_line_are_found(site: SiteFolder) -> None:
    path = warc(site, "text")
    first, second, *rest = pieces(path)
    second = gzip.compress(
        field("WARC-Refers-To", f"<{ZERO}>")(gzip.decompress(second)), 6, mtime=0
    )
    path.write_bytes(b"".join([first, second, *rest]))
    reseal(site)
    found = " ".join(damage(site))
    assert "leads to no record here" in found
    assert "it has no text record" in found
    assert "no line has this text's page" in found


LINES: dict[str, tuple[str, object, str]] = {
    "another text": ("text", "متنی دیگر.", "text_sha256"),
    "no title": ("title", 7, "against the schema"),
    "another site": ("site", "other", "of another site"),
    "a version left out": ("version", 3, "without a gap"),
    "a number beyond all files": ("version", 1 << 70, "no file can have"),
    "no such flag": ("flags", ["NO"], "against the schema"),
}


@pytest.mark.parametrize("name", LINES)
def test_a_line_that_does_not_hold_is_found(site: SiteFolder, name: str) -> None:
    key, value, what = LINES[name]
    found = rewritten(site, lambda line: line | {key: value})
    assert any(what in one for one in found), found


@pytest.mark.parametrize(
    ("key", "value"),
    [("offset", 3), ("length", 3), ("payload_sha256", "0" * 64), ("record_id", ZERO)],
)
def test_a_line_that_leads_elsewhere_is_found(site: SiteFolder, key: str, value: object) -> None:
    found = rewritten(site, lambda line: line | {"warc": {**line["warc"], key: value}})
    assert any("its page is not" in one or "the record it names" in one for one in found), found


def test_every_page_of_an_article_must_be_there(tmp_path: Path) -> None:
    site = archived(tmp_path / "archive")
    with SiteWriter(site) as writer:
        first, second = (writer.capture(exchange(number)) for number in (1, 2))
        writer.keep("http://khabar.example/?p=1", article(1), first, [second])
    assert damage(site, deep=True) == []

    def elsewhere(line: dict[str, Any]) -> dict[str, Any]:
        line["warc"]["further"][0]["record_id"] = ZERO
        return line

    [found] = rewritten(site, elsewhere)
    assert "its page is not" in found


def test_another_title_is_not_the_text_record_s(site: SiteFolder) -> None:
    found = rewritten(site, lambda line: line | {"title": "عنوانی دیگر"})
    assert any("its text record has another text" in one for one in found), found


def rewritten(site: SiteFolder, change: Callable[[dict[str, Any]], dict[str, Any]]) -> list[str]:
    """What is found after the first line was changed and everything sealed."""
    [path] = (site.path / "articles").iterdir()
    first, *rest = path.read_text().splitlines(keepends=True)
    path.write_bytes(encode(change(json.loads(first))) + "".join(rest).encode())
    reseal(site)
    return damage(site)


def test_the_index_agrees_or_is_told(site: SiteFolder) -> None:
    site.index_path.unlink()
    with closing(Index(site.index_path, write=True)) as index:
        for place, line in site.lines.since({}):
            if line["version"] == 1:
                index.record(line | {"id": line["id"].replace("/5", "/77")}, place)
        index.record(line, place)  # so that all is known up to the last line
    found = " ".join(damage(site))
    assert "index.db does not have this line" in found
    assert "index.db names a line that is not there" in found
    site.index_path.write_bytes(b"no database")
    assert any("index.db: broken" in found for found in damage(site))


def test_without_an_index_all_is_well(site: SiteFolder) -> None:
    site.index_path.unlink()
    assert damage(site) == []


def test_a_cut_page_behind_a_line_is_found_by_a_deep_look(tmp_path: Path) -> None:
    site = archived(tmp_path / "archive", 1)
    half = gzip.compress(b"<p>salaam</p>" * 50)[:-20]
    with SiteWriter(site) as writer:
        capture = writer.capture(exchange(2, half, "Content-Encoding: gzip\r\n"))
        writer.keep("http://khabar.example/?p=2", article(2), capture)
    assert damage(site) == []
    [found] = damage(site, deep=True)
    assert "khabar/post/2: its page does not decode" in found


def test_a_run_that_died_is_told_and_is_no_damage(site: SiteFolder) -> None:
    writer = SiteWriter(site)
    keep(writer, 6, 7)
    writer.flush()
    keep(writer, 8)
    kill(writer)
    torn = next(site.path.glob("warc/*/*.open"))
    torn.write_bytes(torn.read_bytes()[:-7])
    assert damage(site) == []
    told = " ".join(notes(site))
    assert "a run died while it wrote this file" in told
    assert "a record not yet whole" in told
    assert "not sealed to their end" in told
    with SiteWriter(site):
        pass
    assert damage(site) == notes(site) == []


def test_what_a_dead_run_s_lines_name_must_be_whole(site: SiteFolder) -> None:
    writer = SiteWriter(site)
    keep(writer, 6)
    writer.flush()
    kill(writer)
    torn = next(site.path.glob("warc/*/*.open"))
    torn.write_bytes(torn.read_bytes()[: len(pieces(torn)[0]) + 100])
    assert any("khabar/post/6: its page is not" in found for found in damage(site))


def test_a_crawl_may_go_on_meanwhile(site: SiteFolder) -> None:
    with SiteWriter(site) as writer:
        keep(writer, 6, 7)
        assert damage(site) == notes(site) == []
        writer.flush()
        keep(writer, 8)
        assert damage(site) == notes(site) == []
        check = Check(site)
        keep(writer, 9)
        writer.flush()
        assert check.run().findings == []
        late = Check(site)
    assert late.run().findings == []


def test_what_the_disk_does_not_give_is_told_and_the_rest_is_read(site: SiteFolder) -> None:
    path = warc(site)
    path.unlink()
    path.mkdir()
    found = damage(site)
    assert f"{path.relative_to(site.path)}: cannot be read: Is a directory" in found
    assert not [one for one in found if "khabar/post/4" in one]


def test_behind_a_broken_record_the_others_are_looked_at(site: SiteFolder) -> None:
    path = warc(site)
    offsets = [placed.place[0] for placed in walk(path)]
    data = bytearray(path.read_bytes())
    for offset in (offsets[1], offsets[8]):
        data[offset + 40 : offset + 60] = bytes(20)
    path.write_bytes(data)
    found = Check(site).run().damage
    broken = {one.offset for one in found if one.file.startswith("warc/")}
    assert {offsets[1], offsets[8]} <= broken
    articles = [one.record for one in found if one.file.startswith("articles/")]
    assert articles == ["khabar/post/1"]


def test_the_manifest_holds_what_sha256sum_says(site: SiteFolder) -> None:
    seals = [json.loads(line) for line in (site.path / MANIFEST).read_text().splitlines()]
    for seal in seals:
        data = (site.path / seal["file"]).read_bytes()
        piece = data[seal["offset"] : seal["offset"] + seal["length"]]
        assert hashlib.sha256(piece).hexdigest() == seal["sha256"]
    sealed = {seal["file"]: seal["offset"] + seal["length"] for seal in seals}
    assert sealed == {file: (site.path / file).stat().st_size for file in finished(site.path)}


def test_the_command(site: SiteFolder) -> None:
    baygan = Baygan(site.archive.path)
    well = baygan("check")
    assert (well.code, well.out, well.err) == (0, "", "")
    watched = baygan("check", terminal=True)
    assert "6 articles and 28 records in 6 files" in watched.err
    path = warc(site)
    path.write_bytes(path.read_bytes()[:-1])
    broken = baygan("check")
    assert broken.code == 4
    assert f"khabar/{path.relative_to(site.path)}, byte" in broken.out
    assert "Error: khabar: what is stored is not what was written." in broken.err
    [told] = baygan("check", "--json").lines
    assert told["site"] == "khabar"
    assert {"file", "offset", "record", "what"} == set(told["damage"][0])
