"""What REST tells of an article's text proves what was read of its page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Options, Site
from tests.nights import Nights

POSTS = 24


def lines(nights: Nights) -> dict[int, dict[str, Any]]:
    """The newest version of each article, by its post's ID."""
    return {line["post_id"]: line for line in nights.baygan("export").lines}


def incomplete(nights: Nights) -> list[int]:
    return [number for number, line in lines(nights).items() if "incomplete" in line["flags"]]


def stored(nights: Nights) -> list[bytes]:
    """All lines, whatever their order: a crawl keeps a page when it is cleaned."""
    folder = nights.baygan.folder / "news" / "articles"
    return sorted(line for path in folder.iterdir() for line in path.read_bytes().splitlines())


def contents_asked(nights: Nights) -> int:
    """How many listings the last night asked for with their content."""
    asked = nights.room.exchanges[-len(nights.asked) :]
    fields = [exchange.asked.query.get("_fields", "").split(",") for exchange in asked]
    return sum("content" in named for named in fields)


def test_new_posts_of_a_small_site_are_proved_without_a_further_request(tmp_path: Path) -> None:
    with Newsroom(Site(12)) as room:
        nights = Nights(room, tmp_path / "archive")
        assert nights()["verdict"] == "complete"
        nights()
        idle = len(nights.asked)
        new = room.site.add()
        room.site.options.broken[new.id] = "half"
        nights()
        assert len(nights.asked) == idle + 1
        assert contents_asked(nights) == 1 and incomplete(nights) == [new.id]
        before = stored(nights)
        [rebuilt] = nights.baygan("rebuild", "--json").lines
        assert stored(nights) == before, rebuilt
        assert nights.baygan("check").code == 0


def test_a_broken_theme_is_read_whole_or_flagged(tmp_path: Path) -> None:
    site = Site(POSTS, options=Options(per_page=20, over="cap"))
    stray, folded, half = (post.id for post in site.posts[3:6])
    site.options.broken = {stray: "stray", folded: "folded", half: "half"}
    with Newsroom(site) as room:
        nights = Nights(room, tmp_path / "archive")
        assert nights()["verdict"] == "complete"
        assert contents_asked(nights) == 2, nights.asked
        kept = lines(nights)
        assert incomplete(nights) == [half]
        for post in site.posts:
            whole = kept[post.id]["text"].split("\n\n") == list(post.paragraphs)
            assert whole == (post.id != half), kept[post.id]
        [state] = nights.baygan("status", "--json").lines
        assert state["incomplete"] == 1

        assert nights()["new"] == 0 and contents_asked(nights) == 0
        assert len(nights.asked) == 4

        site.edit(stray, title="تیتری تازه برای خبری کهنه")
        new = site.add()
        site.options.broken[new.id] = "stray"
        nights()
        assert contents_asked(nights) == 1 and len(nights.asked) == 4 + 2
        kept = lines(nights)
        assert kept[new.id]["text"].split("\n\n") == list(new.paragraphs)
        assert kept[stray]["version"] == 2 and incomplete(nights) == [half]

        before = stored(nights)
        [rebuilt] = nights.baygan("rebuild", "--json").lines
        assert (rebuilt["same"], rebuilt["versions"]) == (POSTS + 2, POSTS + 3)
        assert stored(nights) == before
        assert nights.baygan("check").code == 0
