"""From which pages a site's layout is learnt, and for which it holds, seen by a rebuild."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from archive.epochs import Epochs, read_epochs
from archive.folder import Archive, SiteFolder
from archive.layout import EPOCHS
from archive.model import Exchange, Hints
from archive.writer.site_writer import SiteWriter
from scraper.learning.rules import MOST, brought_to
from scraper.offline.import_warc import Import
from scraper.offline.rebuild import Rebuild
from scraper.workers import CleaningWorkers
from tests import foreign
from tests.themes.story import Story, stories
from tests.themes.theme import Theme

HOME = "https://dafter.example/"
STORIES = stories(150, 8)
FIRST, SECOND = Theme(2), Theme(9)


class Paper:
    """An archive of pages that were captured, night by night, and never cleaned."""

    def __init__(self, path: Path) -> None:
        path.mkdir()
        (path / "sites.toml").write_text(f'[sites.dafter]\nurl = "{HOME}"\n')
        self.site: SiteFolder = Archive(path).site("dafter")

    def night(self, written: Iterable[Story], theme: Theme = FIRST, note: str = "") -> str:
        """A run that captures these stories in a theme; its name."""
        with SiteWriter(self.site) as writer:
            for story in written:
                writer.capture(_exchange(story, theme, note))
            return writer.run_name

    def rebuild(self) -> dict[str, Any]:
        """The lines that a rebuild makes, by address the newest."""
        workers = CleaningWorkers(0)
        try:
            Rebuild(self.site, workers).run()
        finally:
            workers.close()
        return {line["url"]: line for line in self.site.articles(versions="all")}

    @property
    def epochs(self) -> Epochs:
        return read_epochs(self.site.path)

    def files(self) -> list[bytes]:
        """The lines and the layout, byte for byte."""
        lines = sorted((self.site.path / "articles").glob("*.jsonl"))
        return [path.read_bytes() for path in (*lines, self.site.path / EPOCHS)]


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return Paper(tmp_path / "paper")


def address(story: Story) -> str:
    return f"{HOME}{story.post.id}/"


def _exchange(story: Story, theme: Theme, note: str) -> Exchange:
    now = datetime.now(UTC)
    posts = [other.post for other in islice(STORIES, story.post.id % 100, None)]
    body = theme.page(story, posts) + note.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
    post = story.post
    return Exchange(
        url=address(story),
        request=f"GET /{post.id}/ HTTP/1.1\r\nHost: dafter.example\r\n\r\n".encode(),
        response=head.encode() + body,
        ip="192.0.2.7",
        port=443,
        started=now,
        ended=now,
        page_url=address(story),
        hints=Hints(post_id=post.id, post_type="post", published=post.published),
    )


def digests(lines: dict[str, Any], written: Iterable[Story]) -> set[str | None]:
    return {lines[address(story)]["extractor"].get("layout") for story in written}


def texts(lines: dict[str, Any]) -> dict[str, str]:
    return {url: line["text"] for url, line in lines.items()}


def test_the_first_hundred_pages_teach_and_a_rebuild_makes_the_same_again(paper: Paper) -> None:
    paper.night(STORIES[:130])
    lines = paper.rebuild()
    [epoch] = paper.epochs.epochs
    assert (epoch.after, epoch.pages) == (None, MOST)
    assert digests(lines, STORIES[:130]) == {epoch.digest}
    for story in STORIES[:130]:
        assert lines[address(story)]["text"] == "\n\n".join(story.paragraphs)
    made = paper.files()
    assert paper.rebuild() and paper.files() == made


def test_few_pages_teach_nothing_and_those_of_the_next_night_count_with_them(paper: Paper) -> None:
    first = paper.night(STORIES[:8])
    assert digests(paper.rebuild(), STORIES[:8]) == {None}
    paper.night(STORIES[8:30])
    lines = paper.rebuild()
    [epoch] = paper.epochs.epochs
    assert (epoch.after, epoch.pages) == (first, 30)
    assert digests(lines, STORIES[:8]) == {None}
    assert digests(lines, STORIES[8:30]) == {epoch.digest}


def test_what_was_learnt_from_few_is_learnt_anew_when_twice_as_many_are_there(paper: Paper) -> None:
    paper.night(STORIES[:20])
    paper.night(STORIES[20:39])
    third = paper.night(STORIES[39:60])
    paper.night(STORIES[60:70])
    paper.rebuild()
    first, second = paper.epochs.epochs
    assert (first.after, first.pages) == (None, 20)
    assert (second.after, second.pages) == (third, 40)


def test_another_theme_is_learnt_and_the_old_one_is_not_forgotten(paper: Paper) -> None:
    paper.night(STORIES[:110])
    changed = paper.night(STORIES[110:135], SECOND)
    # The last pages are of both themes by turns, and nothing changes any more.
    mixed = [*STORIES[:4], *STORIES[4:8]]
    paper.night(STORIES[135:140], SECOND)
    for number in range(0, 8, 4):
        paper.night(mixed[number : number + 4], SECOND if number else FIRST, note=" ")
    lines = paper.rebuild()
    old, new = paper.epochs.epochs
    assert (old.after, new.after, new.pages) == (None, changed, 25)
    assert digests(lines, STORIES[135:140]) == {new.digest}
    for story in (*STORIES[8:110], *STORIES[135:140]):
        assert lines[address(story)]["text"] == "\n\n".join(story.paragraphs)


def test_nights_in_another_order_end_with_the_same_texts(tmp_path: Path) -> None:
    papers = [Paper(tmp_path / name) for name in ("one", "other")]
    nights = [STORIES[:45], STORIES[45:90]]
    for paper, order in zip(papers, (nights, reversed(nights)), strict=True):
        for written in order:
            paper.night(written)
    one, other = (texts(paper.rebuild()) for paper in papers)
    assert one == other and len(one) == 90


def test_the_same_words_under_another_layout_are_no_version(paper: Paper) -> None:
    """The first pages are read by the general rules, which leave the house's sentences in."""
    again = STORIES[:8]
    paper.night(again)
    paper.night(STORIES[8:40])
    paper.night(again, note="<!-- another payload -->")
    edited = replace(again[0], blocks=again[0].blocks[:-1])
    paper.night([edited], note="<!-- a third -->")
    lines = paper.rebuild()
    versions = {story.post.id: lines[address(story)]["version"] for story in again}
    assert versions.pop(edited.post.id) == 2
    assert set(versions.values()) == {1}
    assert not any("silent_edit" in line["flags"] for line in lines.values())


def test_what_stands_in_the_file_is_continued_as_if_from_nothing(paper: Paper) -> None:
    """Runs that crash, or begin without the file, end with what a rebuild makes."""
    runs = [paper.night(STORIES[:15]), paper.night(STORIES[15:31])]
    early = brought_to(paper.site.path, runs[1], ended=True)
    runs.append(paper.night(STORIES[31:70]))
    at_once = brought_to(paper.site.path, runs[2], ended=True)
    paper.rebuild()
    assert at_once == paper.epochs
    assert at_once.epochs[: len(early.epochs)] == early.epochs


def test_an_import_learns_from_what_it_imports(paper: Paper, tmp_path: Path) -> None:
    written = STORIES[:30]
    posts = [story.post for story in STORIES]
    records = [
        foreign.record(n, foreign.http(FIRST.page(story, posts[n:])), url=address(story))
        for n, story in enumerate(written)
    ]
    file = foreign.saved(tmp_path / "other.warc.gz", foreign.members(records))
    workers = CleaningWorkers(0)
    Import(paper.site, [file], workers).run()
    workers.close()
    made = paper.files()
    [epoch] = paper.epochs.epochs
    lines = {line["url"]: line for line in paper.site.articles()}
    assert digests(lines, written) == {epoch.digest}
    for story in written:
        assert lines[address(story)]["text"] == "\n\n".join(story.paragraphs)
    paper.rebuild()
    assert paper.files() == made


def test_pages_that_still_wait_are_left_to_the_next_run(paper: Paper) -> None:
    with SiteWriter(paper.site) as writer:
        for story in STORIES[:3]:
            writer.capture(_exchange(story, FIRST, ""))
        writer.waiting = True
    with SiteWriter(paper.site) as writer:
        assert [page.url for page in writer.pending_pages.pages] == [
            address(story) for story in STORIES[:3]
        ]


def test_a_broken_file_is_no_layout(paper: Paper) -> None:
    paper.night(STORIES[:20])
    paper.rebuild()
    path = paper.site.path / EPOCHS
    told = json.loads(path.read_text())
    told["epochs"][0]["layout"]["closed"] = not told["epochs"][0]["layout"]["closed"]
    path.write_text(json.dumps(told))
    assert paper.epochs == Epochs()
