"""A site's layout in a crawl: a theme of meaningless names, pages held, a run that is killed."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from tests.gold.score import leaked, score
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan
from tests.sister import sisters
from tests.themes.story import told
from tests.themes.theme import Theme

FIRST, SECOND = Theme(2), Theme(9)


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """A site of forty posts in a theme that nobody has seen."""
    with Newsroom(Site(40)) as room:
        room.site.options.theme = FIRST.printed
        room.site.touch()
        yield room


def lines(baygan: Baygan) -> list[bytes]:
    files = (baygan.folder / "news" / "articles").glob("*.jsonl")
    return sorted(line for path in files for line in path.read_bytes().splitlines())


def layout(baygan: Baygan) -> Any:
    path = baygan.folder / "news" / "layout.json"
    return json.loads(path.read_bytes()) if path.exists() else None


def asked(newsroom: Newsroom) -> list[str]:
    return [one.target for one in newsroom.exchanges if one.target.startswith("/20")]


def test_a_new_site_teaches_before_its_pages_are_cleaned(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    assert baygan("crawl").code == 0
    made = [json.loads(line) for line in lines(baygan)]
    [epoch] = layout(baygan)["epochs"]
    assert {line["extractor"]["layout"] for line in made} == {epoch["digest"]}
    posts = {post.id: post for post in newsroom.site.posts}
    texts = {line["post_id"]: line["text"] for line in made if line["post_id"] in posts}
    found = [score(texts[n], told(post).paragraphs).f1 for n, post in posts.items()]
    assert fmean(found) >= 0.99 and min(found) >= 0.9
    junk = [*FIRST.house.junk(), *FIRST.house.furniture()]
    assert [line for text in texts.values() for line in leaked(text, junk)] == []

    for _ in range(2):
        newsroom.site.add()
    assert baygan("crawl").code == 0
    before, known = lines(baygan), layout(baygan)
    assert "; 43 as before" in baygan("rebuild", "-n").out
    assert baygan("rebuild").code == 0
    assert (lines(baygan), layout(baygan)) == (before, known)
    assert baygan("rebuild").code == 0
    assert (lines(baygan), layout(baygan)) == (before, known)
    check = baygan("check")
    assert (check.code, check.err) == (0, ""), check.out


def test_a_new_theme_is_learnt_and_said_once(baygan: Baygan, newsroom: Newsroom) -> None:
    assert baygan("crawl").code == 0
    newsroom.site.options.theme = SECOND.printed
    newsroom.site.touch()
    nights = [json.loads(baygan("crawl", "--again", "--json").out) for _ in range(3)]
    said = [[note for note in night["notes"] if "laid out" in note] for night in nights]
    assert [len(notes) for notes in said] == [0, 1, 0]
    assert [night["silent"] for night in nights[1:]] == [0, 0]
    assert len(layout(baygan)["epochs"]) == 2
    before, known = lines(baygan), layout(baygan)
    assert baygan("rebuild").code == 0
    assert (lines(baygan), layout(baygan)) == (before, known)


@pytest.mark.parametrize("place", ["other.synced", *sisters("warc.synced:2", "lines.write:5")])
def test_a_run_that_dies_while_pages_are_held(
    baygan: Baygan, newsroom: Newsroom, place: str
) -> None:
    """The next one learns from what it captured, and asks for none of it again."""
    assert baygan("crawl", BAYGAN_FAILPOINT=place).code == -signal.SIGKILL
    newsroom.server.forget()
    assert baygan("crawl").code == 0
    had = asked(newsroom)
    newsroom.server.forget()
    assert len(had) < 40 or place == "warc.synced:2"
    assert len(lines(baygan)) == 41
    before, known = lines(baygan), layout(baygan)
    assert baygan("rebuild").code == 0
    assert (lines(baygan), layout(baygan)) == (before, known)


def test_an_archive_without_the_file_gets_it(baygan: Baygan, newsroom: Newsroom) -> None:
    assert baygan("crawl").code == 0
    path: Path = baygan.folder / "news" / "layout.json"
    known = path.read_bytes()
    path.unlink()
    newsroom.site.add()
    assert baygan("crawl").code == 0
    assert json.loads(path.read_bytes())["epochs"] == json.loads(known)["epochs"]
