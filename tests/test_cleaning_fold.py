"""One spelling for comparing, and repairs of what is broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.fold import fold, squash
from scraper.cleaning.repair import ZWNJ, repair

ALIKE = [
    ("می‌گويند", "میگویند"),
    ("كتاب", "کتاب"),
    ("۱۲۳", "١٢٣"),
    ("١٢٣", "123"),
    ("خانۀ ما", "خانه ما"),
    ("خانهٔ ما", "خانه ما"),
    ("مُحَمَّد", "محمد"),
    ("کتــــاب", "کتاب"),
    ("ﺳﻼﻡ", "سلام"),
    ("WordPress", "wordpress"),
    ("یک  \n خط", "یک خط"),
]
BROKEN = [
    ("می&zwnj;شود", f"می{ZWNJ}شود"),
    ("می&amp;zwnj;شود", f"می{ZWNJ}شود"),
    ("می&#8204;شود", f"می{ZWNJ}شود"),
    ("دو\u00a0کلمه", "دو کلمه"),
    ("می\u00acشود", f"می{ZWNJ}شود"),
    ("\ufeffآغاز\u200b", "آغاز"),
    ("\u202bراست\u202c", "راست"),
    (f"می{ZWNJ}{ZWNJ}شود", f"می{ZWNJ}شود"),
    (f"پایان{ZWNJ} کار{ZWNJ}", "پایان کار"),
    ("نرم\u00adافزار", f"نرم{ZWNJ}افزار"),
    ("می\u200fشود", f"می{ZWNJ}شود"),
    ("خانه&lrm;ها", f"خانه{ZWNJ}ها"),
    (f"رفت\u200b{ZWNJ}\u200eوآمد", f"رفت{ZWNJ}وآمد"),
    # Nothing is parted where no two letters meet.
    ("و (\u200fالف\u200f)\u200e ۱۲\u00ad!", "و (الف) ۱۲!"),
    ("lone \ud800 surrogate", "lone \ufffd surrogate"),
    ("\uf0f3ویژه \ue900\ue901\u200b ادامه\uf105", "ویژه  ادامه"),
]
WHOLE = ["A ¬ B", "&lt;p&gt; نوشته می‌شود", "۱۲ × ۳", "«می‌گویند»", "ي و ك", "AT&T", "قد\ue123یم"]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_words_stay_different() -> None:
    assert fold("کتاب") != fold("کباب")
    assert fold("نمی‌شود") != fold("می‌شود")


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_squash_forgets_blanks_and_half_spaces() -> None:
    assert squash("شبکه های اجتماعی!") == squash("شبکه‌های اجتماعی") == squash("شبکههای اجتماعی")


@pytest.mark.parametrize(("broken", "mended"), BROKEN)
def test_repair_mends(broken: str, mended: str) -> None:
    assert repair(broken) == mended


@pytest.mark.parametrize("text", WHOLE)
def test_repair_leaves_what_is_whole(text: str) -> None:
    assert repair(text) == text


@given(st.text(alphabet="ابپ ی\u200c\u200b\u00a0\u00ac&;zwnj\n\u202b"))
def test_repairing_never_touches_letters(text: str) -> None:
    letters = [character for character in text if character in "ابپی"]
    assert [character for character in repair(text) if character in "ابپی"] == letters
