"""A real WordPress in themes whose names mean nothing, of houses that no list knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.request import urlopen

import pytest

from scraper.cleaning import clean
from tests.gold.score import leaked
from tests.themes.installed import InstalledTheme

from . import Plan, WordPress
from .conftest import require_packages
from .score import Score, expected, score, shown_by_blocks
from .visit import Reader

CLASSIC, BLOCKS = "twentytwentyone", "twentytwentytwo"
THEMES = [InstalledTheme(14), InstalledTheme(22, parent=BLOCKS)]
SISTERS = [
    InstalledTheme(16, plugins=True),
    *map(InstalledTheme, (1, 2, 3, 4, 5, 6, 9, 12, 20, 23, 25, 29)),
    InstalledTheme(11, plugins=True),
    InstalledTheme(21, parent=CLASSIC),
    InstalledTheme(13, parent=BLOCKS),
    InstalledTheme(26, parent=BLOCKS, plugins=True),
]


def case(theme: InstalledTheme, closed: bool, *marks: pytest.MarkDecorator) -> object:
    """A theme, with REST closed or open, as a test's parameters."""
    rest = "closed" if closed else "open"
    name = f"{theme.seed} {theme.parent}".strip()
    return pytest.param(theme, closed, id=f"{name}-{rest}", marks=marks)


CASES = [
    case(THEMES[0], False),
    case(THEMES[0], True),
    case(THEMES[1], False),
    case(THEMES[1], True, pytest.mark.sister),
    *(case(theme, closed, pytest.mark.sister) for theme in SISTERS for closed in (False, True)),
]


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory, long: bool) -> Iterator[WordPress]:
    """A WordPress of 120 posts (--long: 320), whose themes these tests change."""
    require_packages()
    with WordPress.start(tmp_path_factory.mktemp("paper"), Plan(posts=320 if long else 120)) as bed:
        yield bed


@contextmanager
def worn(bed: WordPress, theme: InstalledTheme, *, closed: bool) -> Iterator[None]:
    """The bed in a theme, its REST closed or open."""
    bed.use_theme(theme.install(bed.folder))
    bed.close_rest(closed)
    try:
        yield
    finally:
        bed.close_rest(False)
        bed.use_theme(CLASSIC)


@dataclass(frozen=True)
class Kept:
    """What an archive has of the bed's public posts in a theme."""

    theme: InstalledTheme
    scores: list[Score]
    lines: list[dict[str, Any]]
    lacking: list[int]
    """The posts of which the theme does not show, or link, all pages."""

    @classmethod
    def of(cls, reader: Reader, theme: InstalledTheme) -> Kept:
        posts = [post for post in reader.wordpress.truth if expected(post)]
        by_id = reader.by_id()
        assert sorted(by_id) == [post.id for post in reader.wordpress.truth]
        lines = [by_id[post.id] for post in posts]
        forms = theme.house.furniture()
        shown = [shown_by_blocks(post) if theme.parent == BLOCKS else post for post in posts]
        lacking = [
            one.id
            for one, post in zip(shown, posts, strict=True)
            if len(one.paragraphs) < len(post.paragraphs)
        ]
        scores = [
            score(replace(post, junk=[*post.junk, *forms]), line)
            for post, line in zip(shown, lines, strict=True)
        ]
        return cls(theme, scores, lines, lacking)

    def said(self) -> list[str]:
        """The texts in which the house speaks."""
        junk = self.theme.house.junk()
        return [line["text"] for line in self.lines if leaked(line["text"], junk)]

    def titles(self) -> list[str]:
        return [line["title"] for line in self.lines]


@pytest.mark.parametrize(("theme", "closed"), CASES)
def test_a_theme_that_nobody_knows_is_read(
    paper: WordPress, tmp_path: Path, theme: InstalledTheme, closed: bool
) -> None:
    """By REST, which tells what the texts are, and without it by what differs from page to page."""
    reader = Reader.of(paper, tmp_path)
    with worn(paper, theme, closed=closed):
        visit = reader.visit()
    assert visit.outcome.code == 0, visit
    kept = Kept.of(reader, theme)
    worst = min(kept.scores, key=lambda one: one.f1)
    assert fmean(one.f1 for one in kept.scores) >= 0.99, worst
    assert worst.f1 >= 0.9, worst
    assert len(kept.said()) <= 0.01 * len(kept.lines)
    assert [str(one) for one in kept.scores if one.junk or one.lost] == []
    assert kept.titles() == [one.post.title for one in kept.scores]
    # What a page does not show only REST tells.
    incomplete = [line["post_id"] for line in kept.lines if "incomplete" in line["flags"]]
    assert incomplete == ([] if closed else kept.lacking)


def test_what_a_house_says_is_known_by_no_rule(paper: WordPress) -> None:
    """The pages are as strange as they are meant to be: alone, each keeps its house's sentences."""
    theme = THEMES[0]
    posts = [post for post in paper.truth if expected(post)][:20]
    with worn(paper, theme, closed=False):
        pages = [(urlopen(post.url).read(), post.url) for post in posts]
    texts = [clean(page, url).text for page, url in pages]
    assert sum(bool(leaked(text, theme.house.junk())) for text in texts) >= 18
