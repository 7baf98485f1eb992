"""Which articles are looked at once more: each in its turn, the young ones first."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.index import recheck_queue
from archive.index.index import Index
from archive.outcomes import PageState
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, archived, site_folder

PUBLISHED = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def turns(index: Index, nights: range) -> Counter[int]:
    """How often each post had its turn in these nights after publication."""
    seen: Counter[int] = Counter()
    for writer in nights:
        index.rechecks.add(index.rechecks.turns(PUBLISHED + timedelta(days=writer, hours=1)))
        for _, page in index.again(0, -1):
            seen[page.post_id or 0] += 1
            index.settle(page.url, PageState.KEPT)
    return seen


def test_every_article_has_its_turn(tmp_path: Path) -> None:
    posts = range(1, 41)
    with SiteWriter(archived(tmp_path, *posts)) as writer:
        assert turns(writer.index, range(2)) == dict.fromkeys(posts, 2)
        assert turns(writer.index, range(2, 5)) == dict.fromkeys(posts, 1)
        assert turns(writer.index, range(8, 38)) == dict.fromkeys(posts, 1)
        assert turns(writer.index, range(366, 400)) == {}


def test_a_turn_not_taken_waits_for_the_next_night(tmp_path: Path) -> None:
    with SiteWriter(archived(tmp_path, 1, 2)) as writer:
        turns = writer.index.rechecks.turns(PUBLISHED + timedelta(hours=1))
        assert len(turns) == 2
        writer.index.rechecks.add(turns)
    with SiteWriter(site_folder(tmp_path)) as writer:
        assert [page.post_id for _, page in writer.index.again(0, -1)] == [1, 2]
        writer.index.settle(address(1), PageState.KEPT)
        assert [page.post_id for _, page in writer.index.again(0, -1)] == [2]


def test_a_night_has_so_many_turns_at_most_and_nobody_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recheck_queue, "MOST", 10)
    monkeypatch.setattr(recheck_queue, "BANDS", ((timedelta(days=365), 1),))
    posts = range(1, 41)
    with SiteWriter(archived(tmp_path, *posts)) as writer:
        seen = turns(writer.index, range(60))
        assert sum(seen.values()) <= 600
        assert min(seen[post] for post in posts) >= 8, seen
