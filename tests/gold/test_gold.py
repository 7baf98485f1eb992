"""The cleaner against the pages to build with; the sealed ones are for benchmarks/cleaning.py."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest

from archive.errors import NotAnArticle
from scraper.cleaning import clean

from .case import Case, cases
from .score import ZWNJ, folded, half_spaced, leaked, score, tokens

BUILD = cases("build")
ARTICLES = [case for case in BUILD if case.expected.kind == "article"]
REFUSED = [case for case in BUILD if case.expected.kind != "article"]
SEALED = [case for case in cases("sealed") if case.expected.kind == "article"]
TEHRAN = ZoneInfo("Asia/Tehran")


def named(chosen: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", chosen, ids=[case.name for case in chosen])


def squeezed(text: str) -> str:
    """Without blanks and the bars between a table's cells: extractors set them as they like."""
    return re.sub(r"[\s|]+", "", folded(text))


@named(ARTICLES)
def test_text_is_the_article(case: Case) -> None:
    due = case.expected
    text = clean(case.page, due.url, due.hints).text
    assert leaked(text, case.junk) == []
    assert score(text, due.paragraphs, due.optional).f1 >= 0.99
    rest = squeezed(text)
    for paragraph in due.paragraphs:
        _, found, rest = rest.partition(squeezed(paragraph))
        assert found, f"not there, or not in its place: {paragraph}"


@named(ARTICLES)
def test_title_day_and_half_spaces(case: Case) -> None:
    due = case.expected
    article = clean(case.page, due.url, due.hints)
    assert article.title == due.title
    assert (article.published and article.published.astimezone(TEHRAN).date()) == due.date
    words = set(half_spaced([article.title or "", article.text]))
    assert [word for word in due.half_spaced if word not in words] == []


@named(ARTICLES)
def test_fields(case: Case) -> None:
    due = case.expected
    article = clean(case.page, due.url, due.hints)
    assert list(article.authors) == due.authors
    assert list(article.categories) == due.categories
    assert sorted(article.tags) == due.tags
    assert (article.source, article.end_marker) == (due.source, due.end_marker)
    assert article.lead == due.lead


@named(REFUSED)
def test_other_pages_are_refused_with_their_kind(case: Case) -> None:
    with pytest.raises(NotAnArticle) as caught:
        clean(case.page, case.expected.url)
    assert caught.value.reason == case.expected.kind


def test_gold_is_as_large_and_as_odd_as_promised() -> None:
    assert (len(BUILD), len(cases("sealed"))) == (40, 20)
    articles = ARTICLES + SEALED
    texts = ["\n".join(case.expected.paragraphs) for case in articles]
    assert len(set(texts)) == len(articles) >= 45
    assert sum(len(text) < 250 for text in texts) >= 5
    assert sum(len(text) > 7500 for text in texts) >= 3
    assert all(len(case.junk) >= 15 for case in articles)


@named([*ARTICLES, *SEALED])
def test_what_is_expected_can_be_read_on_the_page(case: Case) -> None:
    page = tokens(case.page.decode().replace("&zwnj;", ZWNJ))
    gold = tokens("\n".join(case.expected.paragraphs))
    assert sorted(gold.keys() - page.keys()) == []
    own = folded("\n".join(case.expected.paragraphs))
    assert leaked(own, case.junk) == []
