"""How a search is read, and what a mistake in it is answered with."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import UsageError
from archive.select.query import read_query
from archive.select.spellings import spellings
from archive.text.fold import PAGE
from archive.text.words import marked_words, words_of
from tests.select.test_spellings import numbers
from tests.select.texts import written

TEXTS = (
    "a\nباران و سیل در شمال",
    "b\nباران در جنوب",
    "c\nسیل و زلزله",
    "d\nزلزله در شمال",
    "e\nCOVID-19 در جنوب",
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("باران", {1, 2}),
        ("باران سیل", {1}),
        ("باران AND سیل", {1}),
        ("باران OR سیل", {1, 2, 3}),
        ("باران سیل OR زلزله", {1, 3, 4}),
        ("باران (سیل OR جنوب)", {1, 2}),
        ("سیل NOT باران", {3}),
        ("شمال NOT (باران OR سیل)", {4}),
        ("در NOT باران NOT زلزله", {5}),
        ("«در شمال»", {1, 4}),
        ('"شمال در"', set()),
        ('"سیل در"* NOT باران', set()),
        ("زل*", {3, 4}),
        ("Covid-19", {5}),
        ("covid", {5}),
        ("covid‑۱۹", {5}),
        ("باران، جنوب - !", {2}),
        ("and", set()),
        ("«OR»", set()),
    ],
)
def test_what_a_query_means(query: str, expected: set[int], tmp_path: Path) -> None:
    assert numbers(written(tmp_path / "a", *TEXTS), query) == expected


@pytest.mark.parametrize(
    ("query", "place", "what"),
    [
        ('باران "سیل', 7, "does not end"),
        ("«سیل", 1, "does not end"),
        ("باران»", 6, "nothing opened this quotation"),
        ("(باران", 1, "this bracket does not end"),
        ("باران)", 6, "nothing opened this bracket"),
        ("باران ()", 8, "nothing stands before"),
        ("باران AND", 7, "nothing stands behind AND"),
        ("OR باران", 1, "small letters"),
        ("NOT باران", 1, "small letters"),
        ("باران OR NOT سیل", 10, "small letters"),
        ("باران سی*ل", 7, "behind the beginning of a word"),
        ("باران *", 7, "behind the beginning of a word"),
        ('"" باران', 1, "no word in it"),
        ("«می* گوید»", 1, "at the end of a phrase"),
        ("(" * 51 + "باران" + ")" * 51, 51, "too many brackets"),
    ],
)
def test_a_mistake_is_told_with_its_place(query: str, place: int, what: str) -> None:
    with pytest.raises(UsageError, match=f"at character {place}, .*{what}"):
        read_query(query)


@pytest.mark.parametrize("query", ["", "  ", "،", "- ؟"])
def test_a_search_for_nothing_is_told_so(query: str) -> None:
    with pytest.raises(UsageError, match="no word to search for"):
        read_query(query)


def test_a_search_too_long_is_told_so() -> None:
    with pytest.raises(UsageError, match="100 words at most"):
        read_query("باران " * 101)
    with pytest.raises(UsageError, match="too long"):
        read_query(f'"{"می‌گوید " * 20}"').expression()


def test_the_longest_search_that_is_read_is_answered(tmp_path: Path) -> None:
    site = written(tmp_path / "a", "a\n" + "نمی‌خواسته‌اند " * 100)
    assert numbers(site, " OR ".join(["نمی‌خواسته‌اند"] * 50)) == {1}
    assert numbers(site, "نمی‌خواسته‌اند " * 100) == {1}
    assert numbers(site, "(" * 50 + "نمی‌خواسته‌اند" + ")" * 50) == {1}


SIGNS = st.text(st.sampled_from('ابی می‌ها"«»()* ANDORT-_.\u064b\0'), max_size=30)


@given(SIGNS)
def test_anything_is_read_or_told(query: str) -> None:
    try:
        assert read_query(query).expression()
    except UsageError as error:
        assert str(error)


@given(SIGNS)
def test_the_words_of_a_text_are_those_that_are_looked_for(text: str) -> None:
    marked = marked_words(text)
    assert words_of(text).whole == ["".join(word.split("_")) for word in marked]
    for word in marked:
        assert {"".join(spelt) for spelt in spellings(word)} == {"".join(word.split("_"))}


@given(st.text(st.sampled_from(PAGE + "\u200c__هٔ"), max_size=30))
def test_a_letter_of_another_alphabet_changes_no_other_word(text: str) -> None:
    """With one a text is not read by the table."""
    assert marked_words(f"{text} Ω") == [*marked_words(text), "ω"]
    assert words_of(f"{text} Ω").parts == words_of(text).parts
