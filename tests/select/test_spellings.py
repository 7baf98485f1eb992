"""A search finds a word in all its spellings: what a scan over the folded texts finds."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from archive.folder import SiteFolder
from archive.select.hits import Hits
from archive.select.query import read_query
from archive.select.upkeep import searching
from archive.text.fold import fold
from archive.times.day_range import EVER
from tests.select.texts import written

TEXTS = 10_000
ZWNJ = "\u200c"
# Each word as the pieces that may be joined, parted by a half-space or by a blank.
WORDS = [
    ("می", "گویند"), ("می", "شود"), ("نمی", "خواهد"), ("می", "اید"), ("نمی", "دانست"),
    ("کتاب", "ها"), ("کتاب", "های"), ("خبرگزاری", "ها"), ("روستا", "هایی"), ("بچه", "هایشان"),
    ("کوچک", "تر"), ("بزرگ", "ترین"), ("رفته", "اند"), ("شده", "ایم"), ("خانه", "ای"),
    ("نمی", "خواسته", "اند"), ("قوی", "ترین", "ها"), ("مساله", "های"),
    ("باران",), ("مسیول",), ("مومن",), ("رای",), ("مدرسه",), ("امریکا",), ("کیمیا",), ("اسلام",),
    ("1404",), ("کتاب",), ("خانه",), ("گویند",),
]  # fmt: skip
# Other letters and signs for the folded ones, as pages have them.
ODD_LETTERS = {
    "ی": "یيىئ", "ک": "کك", "ا": "اأإآ", "و": "وؤ", "ه": "هة",
    "1": "1۱١", "4": "4۴٤", "0": "0۰٠",
}  # fmt: skip
FILL = """
دولت از برنامه تازه خبر داد در این روز مردم به شهر رفت ماه می سال گذشته تر و خشک امروز هوا سرد است
گفت که او را دید تنها میدان دختر بهتر
"""
SEATS = str.maketrans("أإآؤئ", "اااوی")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Texts in which the words stand in every spelling, alone, and beside what is like them."""
    chance = random.Random(1404)
    return [text(chance) for _ in range(TEXTS)]


@pytest.fixture(scope="module")
def site(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> SiteFolder:
    """These texts as articles; the first is number 1."""
    return written(tmp_path_factory.mktemp("search") / "archive", *texts)


def text(chance: random.Random) -> str:
    words = chance.choices(FILL.split(), k=30)
    for pieces in chance.sample(WORDS, 2):
        spelt = chance.choice(["", ZWNJ, " "]).join(pieces)
        words[chance.randrange(30)] = odd(spelt, chance)
    if chance.random() < 0.1:  # a piece of a word without the others
        words[chance.randrange(30)] = chance.choice(chance.choice(WORDS))
    marks = [word + chance.choice(["", "", "", "", "،", "."]) for word in words]
    return f"{' '.join(marks[:5])}\n{' '.join(marks[5:])}"


def odd(spelt: str, chance: random.Random) -> str:
    """Another spelling of the same letters, with harakat and tatweel here and there."""
    letters = [chance.choice(ODD_LETTERS.get(letter, letter)) for letter in spelt]
    return "".join(letter + chance.choice(["", "", "", "", "\u064e", "ـ"]) for letter in letters)


def queries(pieces: tuple[str, ...], chance: random.Random) -> Iterator[str]:
    for gap in ("", ZWNJ, " "):
        yield gap.join(pieces)
        yield odd(gap.join(pieces), chance)


def scanned(pieces: tuple[str, ...], texts: list[str]) -> set[int]:
    """The numbers of the texts in which the word stands: as a word, or between half-spaces."""
    anywhere, alone = standing(r"[\W_]*".join(pieces)), standing("".join(pieces))
    return {
        number
        for number, text in enumerate(texts, 1)
        if anywhere.search(folded(text)) or alone.search(folded(text.replace(ZWNJ, " ")))
    }


def standing(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])")


@cache
def folded(text: str) -> str:
    # «آ» in one code point or two becomes «ا» in both.
    return fold(text).translate(SEATS)


@pytest.mark.parametrize("pieces", WORDS, ids=" ".join)
def test_all_spellings_find_what_a_scan_finds(
    pieces: tuple[str, ...], site: SiteFolder, texts: list[str]
) -> None:
    expected = scanned(pieces, texts)
    assert len(expected) > 200
    for query in queries(pieces, random.Random(7)):
        assert numbers(site, query) == expected, query


def test_a_half_space_in_the_query_may_be_any_gap(tmp_path: Path) -> None:
    """Which compounds are one word no rule tells, so the query says it."""
    site = written(tmp_path / "a", "a\nکتاب‌خانه", "b\nکتابخانه", "c\nکتاب خانه", "d\nخانه و کتاب")
    assert numbers(site, "کتاب‌خانه") == {1, 2, 3}
    assert numbers(site, "کتابخانه") == {1, 2}
    assert numbers(site, "کتاب خانه") == {1, 3, 4}
    assert numbers(site, "«کتاب‌خانه»") == {1, 2, 3}


def test_a_phrase_is_found_in_all_spellings_of_its_words(tmp_path: Path) -> None:
    texts = ["a\nاو می‌گوید کتاب ها گران‌تر شد", "b\nمی گوید: کتابها", "c\nکتاب‌ها می‌گوید"]
    site = written(tmp_path / "a", *texts)
    for phrase in ('"می گوید کتاب‌ها"', "«میگوید کتابها»", "“می‌گوید کتاب ها”"):
        assert numbers(site, phrase) == {1, 2}
    assert numbers(site, '"گران تر شد"') == {1}


def test_the_beginning_of_a_word_is_found_in_all_spellings(tmp_path: Path) -> None:
    texts = ["a\nکتاب‌خانه", "b\nکتابی", "c\nمی‌گویند", "d\nمیگوید", "e\nمی گو", "f\nگویند"]
    site = written(tmp_path / "a", *texts)
    assert numbers(site, "کتاب*") == {1, 2}
    for query in ("می‌گو*", "می گو*", "میگو*", "«می گو»*", "«میگو*»"):
        assert numbers(site, query) == {3, 4, 5}
    assert numbers(site, "گو*") == {3, 5, 6}


def numbers(site: SiteFolder, query: str) -> set[int]:
    with searching(site) as words:
        assert words
        hits = Hits(words, read_query(query), EVER).dated()
        return {int(hit.id.rpartition("/")[2]) for hit in hits}
