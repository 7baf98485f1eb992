"""A full night and quiet ones after it: what they ask for, and what is in the archive then."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import pytest

from . import Post
from .conftest import FirstCrawl
from .days import Day, standard
from .score import expected, score
from .visit import Reader, Visit


@dataclass(frozen=True)
class Nights:
    """The night after a standard day, the two quiet ones that follow, and the truth of them."""

    reader: Reader
    day: Day
    full: Visit
    quiet: tuple[Visit, Visit]
    truth: dict[int, Post]


@pytest.fixture(scope="module")
def nights(first_crawl: FirstCrawl, tmp_path_factory: pytest.TempPathFactory) -> Nights:
    bed = first_crawl.reader.wordpress
    reader = first_crawl.copied(tmp_path_factory.mktemp("nights") / "archive")
    with bed.undone():
        day = standard(bed)
        full = reader.visit()
        quiet = (reader.next_night(), reader.next_night())
        return Nights(reader, day, full, quiet, {post.id: post for post in bed.truth})


def test_a_page_is_fetched_for_each_of_seventeen_changes(nights: Nights) -> None:
    home = nights.reader.wordpress.url.rstrip("/")
    asked = [home + page.target for page in nights.full.pages]
    assert len(nights.day.fetches) == 17
    assert sorted(asked) == sorted(nights.truth[number].url for number in nights.day.fetches)
    assert {page.status for page in nights.full.pages} == {200}
    listings = ceil(len(nights.truth) / 100)
    assert len(nights.full.others) <= 4 + listings + 2 * len(nights.day.removed), nights.full


def test_the_archive_holds_what_the_site_publishes(nights: Nights) -> None:
    newest = nights.reader.newest()
    assert nights.truth.keys() <= newest.keys(), "a post was missed"
    assert newest.keys() - nights.truth.keys() == nights.day.removed.keys()
    scores = [
        score(nights.truth[number], newest[number])
        for number in nights.day.fetches
        if expected(nights.truth[number])
    ]
    assert len(scores) == 16  # of the old draft, nobody noted the words
    assert [str(one) for one in scores if one.f1 < 0.99 or one.lost] == []


def test_nine_edits_are_nine_second_versions(nights: Nights) -> None:
    versions = [line["post_id"] for line in nights.reader.lines() if line["version"] > 1]
    assert sorted(versions) == sorted(nights.day.edited)
    second = [line for line in nights.reader.lines() if line["version"] == 2]
    assert [line["id"] for line in second if "silent_edit" in line["flags"]] == []


def test_three_removals_are_in_the_ledger_by_their_kind(nights: Nights) -> None:
    lines = nights.reader.removals()
    first = {line["post_id"]: line["kind"] for line in lines if not line["confirmed"]}
    confirmed = {line["post_id"]: line["kind"] for line in lines if line["confirmed"]}
    assert first == confirmed == nights.day.removed
    assert len(lines) == 6, "a post is told once when missed and once when confirmed"
    told = nights.reader.baygan("status", "--removed")
    assert told.code == 0
    assert [number for number in first if f"news/post/{number}" not in told.out] == []


def test_quiet_nights_ask_for_no_page(nights: Nights) -> None:
    for visit in nights.quiet:
        assert (visit.outcome.code, visit.outcome.out, visit.outcome.err) == (0, "", ""), visit
        assert visit.pages == []
    assert len(nights.quiet[0].others) <= 4 + len(nights.day.removed), nights.quiet[0]
    assert len(nights.quiet[1].others) <= 4, nights.quiet[1]


def test_every_night_balances(nights: Nights) -> None:
    full, *quiet = nights.reader.nights()[-3:]
    told = [full[key] for key in ("verdict", "new", "changed", "silent", "gone", "failed")]
    assert told == ["complete", 7, 9, 0, 3, 0]
    for night in (full, *quiet):
        assert night["verdict"] == "complete"
        assert night["coverage"]["total"] == {"post": len(nights.truth)}
        assert night["coverage"]["known"] == {"post": len(nights.truth)}
        assert night["problems"] == []
