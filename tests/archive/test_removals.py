"""The ledger by itself, and an index of an earlier version brought up to date."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import Damaged
from archive.index.frontier import ListedPost
from archive.index.index import SCHEMA_VERSION, Index
from archive.jsonl.removals import Removal, Removals, evidence_of
from archive.writer.site_writer import SiteWriter
from tests.archive.material import UNCOUNTED, address, archived, exchange, keep

MISSED = datetime(2026, 11, 22, 0, 30, 9, tzinfo=UTC)


def removal(number: int) -> Removal:
    return Removal(
        id=f"khabar/post/{number}",
        post_type="post",
        post_id=number,
        url=address(number),
        kind="erased",
        first_missed=MISSED,
        evidence={"file": "warc/2026/x.warc.gz", "offset": 0, "length": 9, "record_id": "urn:x"},
    )


def test_the_newest_line_of_a_post_holds(tmp_path: Path) -> None:
    ledger = Removals(tmp_path / "khabar" / "removals.jsonl")
    assert (ledger.entries(), ledger.open()) == ({}, [])
    ledger.append([])
    assert not ledger.path.exists()
    one, two = removal(1), removal(2)
    ledger.append([one, two])
    later = replace(one, confirmed=MISSED + timedelta(days=1))
    back = replace(two, returned=MISSED + timedelta(days=1))
    ledger.append([later])
    ledger.append([back])
    assert list(ledger.entries().values()) == [later, back]
    assert ledger.open() == [later]
    lines = [json.loads(line) for line in ledger.path.read_text().splitlines()]
    assert [line["confirmed"] for line in lines] == [None, None, "2026-11-23T00:30:09Z", None]


def test_a_torn_line_is_cut_and_a_line_that_is_none_is_damage(tmp_path: Path) -> None:
    ledger = Removals(tmp_path / "removals.jsonl")
    ledger.append([removal(1)])
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + whole[:40])
    assert len(ledger.open()) == 1
    ledger.cut_torn_end(tmp_path / "quarantine")
    assert ledger.path.read_bytes() == whole
    ledger.path.write_bytes(b"[]\n" + whole)
    with pytest.raises(Damaged, match="line 1"):
        ledger.open()


def test_the_evidence_is_durable_and_the_index_told(tmp_path: Path) -> None:
    site = archived(tmp_path, 1, 2)
    with SiteWriter(site) as writer:
        capture = writer.capture(exchange(1))
        writer.enter([replace(removal(1), evidence=evidence_of(capture))])
        assert writer.index.live("post") == {2}
    site.index_path.unlink()
    with SiteWriter(site) as writer:
        keep(writer, 3)
        writer.flush()
        assert (writer.index.live("post"), writer.index.missing()) == ({2, 3}, 1)


def test_a_post_that_was_due_when_it_went_is_due_when_it_comes_back(tmp_path: Path) -> None:
    index = Index(tmp_path / "index.db", write=True)
    page = ListedPost(url=address(1), post_type="post", post_id=1)
    index.add([page])
    index.miss([removal(1)])
    assert index.due(0, 9) == []
    assert index.update([page]) == 1
    assert [found.post_id for _, found in index.due(0, 9)] == [1]
    index.close()


def test_an_index_of_the_first_version_loses_nothing(tmp_path: Path) -> None:
    site = archived(tmp_path, 1, 2, 3)
    with SiteWriter(site) as writer:
        writer.refuse(address(9), "list")
        writer.index.crawl_state.remember_profile({"root": None}, MISSED)
    older = sqlite3.connect(site.index_path)
    older.executescript(UNCOUNTED)
    older.execute("ALTER TABLE pages DROP COLUMN local")
    older.execute("ALTER TABLE pages DROP COLUMN content")
    older.execute("ALTER TABLE articles DROP COLUMN flags")
    older.execute("PRAGMA user_version = 1")
    older.commit()
    older.close()
    assert len(list(site.articles())) == 3  # a reader takes it as it is
    with SiteWriter(site) as writer:
        counts = writer.index.counts()
        assert (counts["articles"], counts["kept"], counts["refused"]) == (3, 3, 1)
        assert writer.index.crawl_state.profile == ({"root": None}, MISSED)
        assert writer.index.dated("post") == [("", 1), ("", 2), ("", 3)]
    newer = sqlite3.connect(site.index_path)
    assert newer.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    newer.close()
