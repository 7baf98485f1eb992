"""Edits that hide: behind a shared second, behind WordPress's back, behind a noisy theme."""

from __future__ import annotations

from math import ceil
from pathlib import Path

from . import WordPress
from .conftest import FirstCrawl
from .days import edited, spread, written
from .visit import Reader


def listings(bed: WordPress) -> int:
    return ceil(len(bed.truth) / 100)


def sql(bed: WordPress, columns: str, where: str = "1 = 1") -> None:
    """Change published posts behind WordPress's back."""
    query = f"UPDATE wp_posts SET {columns} WHERE post_status = 'publish' AND {where}"
    bed.apply([{"do": "sql", "query": query}])
    bed.look_again()


def saved_now(bed: WordPress) -> str:
    """As if everything had been saved in this very second."""
    utc = f"{bed.clock.now:%Y-%m-%d %H:%M:%S}"
    return f"post_modified = '{bed.clock.local()}', post_modified_gmt = '{utc}'"


def test_posts_that_share_a_second(changing: WordPress, tmp_path: Path) -> None:
    """Forty share the second they appeared in, all the one they were last changed in."""
    forty = ", ".join(str(post.id) for post in changing.truth[10:50])
    moment, utc = "2024-05-01 12:00:00", "2024-05-01 08:30:00"
    sql(changing, f"post_date = '{moment}', post_date_gmt = '{utc}'", f"ID IN ({forty})")
    sql(changing, f"post_modified = '{moment}', post_modified_gmt = '{utc}'")
    moments = [post.date_gmt for post in changing.truth]
    assert max(map(moments.count, moments)) >= 40
    assert len({post.modified_gmt for post in changing.truth}) == 1
    reader = Reader.of(changing, tmp_path)
    first = reader.visit()
    assert first.outcome.code == 0, first
    assert sorted(reader.by_id()) == sorted(post.id for post in changing.truth)
    assert len(first.pages) == len(changing.truth)
    # And all of them again, at once, with other words in the one in the middle.
    changing.clock.forward(days=1)
    post = changing.truth[30]
    changing.apply([edited(post.id, 7_200)])
    sql(changing, saved_now(changing))
    night = reader.visit()
    assert night.outcome.code == 0, night
    assert len(night.pages) == len(changing.truth)
    changed = [line["post_id"] for line in reader.lines() if line["version"] > 1]
    assert changed == [post.id]


def test_a_silent_edit_is_found_by_reading_the_content(
    undone: WordPress, first_crawl: FirstCrawl, tmp_path: Path
) -> None:
    reader = first_crawl.copied(tmp_path / "archive")
    undone.clock.forward(days=1)
    twelve = spread(undone, 12)
    several = [post for post in undone.truth if 0 < post.on_first_page < len(post.paragraphs)]
    undone.apply(
        {"do": "set", "id": post.id, "post_content": written(7_300 + number)["content"]}
        for number, post in enumerate(twelve)
    )
    night = reader.visit("--verify-content")
    assert night.outcome.code == 0, night
    home = undone.url.rstrip("/")
    asked = {home + page.target for page in night.pages}
    assert asked >= {post.url for post in twelve}
    # The page of a post of several pages may be looked at to be sure.
    assert len(asked) <= 12 + len(several)
    assert len(night.others) <= listings(undone) + 6, night
    flagged = [line["post_id"] for line in reader.lines() if "silent_edit" in line["flags"]]
    assert sorted(flagged) == sorted(post.id for post in twelve)
    assert reader.nights()[-1]["silent"] == 12
    again = reader.next_night("--verify-content")
    assert again.outcome.code == 0 and len(again.pages) <= len(several), again
    assert reader.nights()[-1]["changed"] == 0


def test_noise_of_the_theme_makes_no_version(
    undone: WordPress, first_crawl: FirstCrawl, tmp_path: Path
) -> None:
    """Every post is saved again without another word; on its page everything else differs."""
    reader = first_crawl.copied(tmp_path / "archive")
    undone.switch(noise=True)
    undone.clock.forward(days=1)
    sql(undone, saved_now(undone))
    night = reader.visit()
    assert night.outcome.code == 0, night
    assert len(night.pages) == len(undone.truth)
    assert reader.by_id().keys() == {post.id for post in undone.truth}
    assert reader.nights()[-1]["changed"] == 0
    checked = reader.next_night("--verify-content")
    assert checked.outcome.code == 0, checked
    assert reader.nights()[-1]["changed"] == 0
    assert len(checked.others) <= listings(undone) + 6, checked


def test_one_in_and_one_out_are_seen_within_a_week(
    undone: WordPress, first_crawl: FirstCrawl, tmp_path: Path
) -> None:
    """By SQL, so that neither the total nor a date gives them away."""
    reader = first_crawl.copied(tmp_path / "archive")
    [goes] = spread(undone, 1)
    comes = min(entry.id for entry in undone.hidden if entry.kind == "draft")
    shown = {
        "post_status": "publish",
        "post_name": "swapped",
        "post_date_gmt": "2025-12-31 20:00:00",
    }
    undone.apply(
        [{"do": "set", "id": goes.id, "post_status": "draft"}, {"do": "set", "id": comes, **shown}]
    )
    undone.look_again()
    undone.clock.forward(days=7)
    week = reader.visit()
    assert week.outcome.code == 0, week
    assert len(week.pages) == 1
    assert len(week.others) <= listings(undone) + 6, week
    assert comes in reader.newest()
    assert {line["post_id"]: line["kind"] for line in reader.removals()} == {goes.id: "unpublished"}


def test_a_post_that_comes_back_is_no_removal(
    undone: WordPress, first_crawl: FirstCrawl, tmp_path: Path
) -> None:
    reader = first_crawl.copied(tmp_path / "archive")
    [post] = spread(undone, 1)
    undone.apply([{"do": "edit", "id": post.id, "status": "private"}])
    assert reader.next_night().outcome.code == 0
    undone.apply([{"do": "edit", "id": post.id, "status": "publish"}])
    night = reader.next_night()
    assert night.outcome.code == 0, night
    assert [line for line in reader.removals() if line["confirmed"]] == []
    assert reader.nights()[-1]["verdict"] == "complete"
