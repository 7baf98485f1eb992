"""The equation of a night: what the site counts, and what became of every post."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Options, Site
from tests.nights import Nights

POSTS = 20


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    """The first night is next."""
    with Newsroom(Site(POSTS, custom=4)) as room:
        yield Nights(room, tmp_path / "archive")


def test_the_equation_balances_for_each_type(nights: Nights) -> None:
    night = nights()
    balance = night["coverage"]["balance"]
    assert set(balance) == {"post", "khabar"}
    for told in balance.values():
        assert told["total"] == told["kept"] and told["unaccounted"] == 0
    assert sum(told["total"] for told in balance.values()) == POSTS + 4 + 1
    stored = (nights.baygan.folder / "news" / "runs.jsonl").read_text().splitlines()
    assert json.loads(stored[-1])["coverage"] == night["coverage"]


def test_what_is_refused_or_still_due_stands_in_the_equation(nights: Nights) -> None:
    skipped = nights.room.posts[0]
    with (nights.baygan.folder / "sites.toml").open("a") as settings:
        settings.write(f'skip = ["{skipped.path}"]\n')
    night = nights("--limit", "5")
    both = Counter(night["coverage"]["balance"]["post"])
    both.update(night["coverage"]["balance"]["khabar"])
    assert both == {
        "total": POSTS + 5, "kept": 5, "refused": 1, "due": POSTS - 1, "failed": 0, "unaccounted": 0
    }  # fmt: skip
    assert night["coverage"]["refused"] == {"skipped": 1}


def test_months_are_counted_on_both_sides(nights: Nights) -> None:
    night = nights()
    assert "months" not in night["coverage"]
    days = [line["published_jalali"][:7] for line in nights.baygan("export").lines]
    assert nights.months["archive"] == nights.months["site"] == dict(sorted(Counter(days).items()))
    nights.room.site.add()
    nights.room.site.options.rest = "rest_login_required"
    nights(code=None)
    assert nights.months["site"] is None


def test_status_counts_months_anew_where_an_older_run_wrote_them(nights: Nights) -> None:
    nights()
    runs = nights.baygan.folder / "news" / "runs.jsonl"
    run = json.loads(runs.read_text())
    old = {"archive": {"1390-01": 1}, "site": None}
    runs.write_text(json.dumps({**run, "coverage": {**run["coverage"], "months": old}}) + "\n")
    assert sum(nights.months["archive"].values()) == sum(nights.months["site"].values())
    assert "1390-01" not in nights.months["archive"]
    assert nights.baygan("status").code == 0
    assert nights()["verdict"] == "complete"


def test_the_sitemaps_are_an_independent_witness(nights: Nights) -> None:
    hidden = nights.room.posts[2]
    nights.room.site.options.unlisted = (hidden.id,)
    witness = nights()["coverage"]["witness"]
    assert witness["listed"] == POSTS + 5
    assert witness["only_in_rest"]["count"] == 0
    assert witness["only_in_sitemap"]["examples"] == [nights.room.site.url(hidden)]
    assert "1 addresses are only in the sitemap" in nights.baygan("status").out
    # What only the sitemaps name was fetched at once.
    assert len(nights.versions(hidden.id)) == 1
    nights.room.site.options.unlisted = ()
    night = nights()
    assert (night["new"], night["coverage"]["balance"]["post"]["unaccounted"]) == (0, 0)
    assert not any("sitemap" in path for path in nights.asked)
    nights.forward(days=7)
    assert nights()["coverage"]["witness"]["only_in_sitemap"]["count"] == 0
    assert any("sitemap" in path for path in nights.asked)


def test_a_type_without_a_post_stands_in_nobody_s_way(nights: Nights) -> None:
    site = nights.room.site
    for post in site.listed("khabar"):
        site.unpublish(post.id)
    night = nights()
    assert night["verdict"] == "complete"
    assert night["coverage"]["balance"]["khabar"]["total"] == 0
    assert night["coverage"]["witness"]["listed"] == POSTS + 1
    assert nights.months["site"] is not None


def test_a_site_without_sitemaps_has_no_witness(tmp_path: Path) -> None:
    with Newsroom(Site(3, options=Options(sitemap="none"))) as room:
        nights = Nights(room, tmp_path / "archive")
        assert nights()["coverage"]["witness"] is None
        assert not any("sitemap" in path for path in nights.asked)


def test_nights_without_a_network_are_made_up_for(nights: Nights) -> None:
    assert nights()["notes"] == []
    room = nights.room
    for _ in range(2):
        room.be("empty")
        assert nights(code=1)["verdict"] == "failed"
        room.site.add()
    room.be("calm")
    done = nights.baygan("crawl", terminal=True)
    assert (done.code, "caught up" in done.err) == (0, True)
    runs = (nights.baygan.folder / "news" / "runs.jsonl").read_text().splitlines()
    night = json.loads(runs[-1])
    assert (night["new"], night["verdict"], night["problems"]) == (2, "complete", [])
    assert "2 failed since" in night["notes"][0]
    assert nights()["notes"] == []
