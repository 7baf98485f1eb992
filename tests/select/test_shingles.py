"""What is compared of two texts, and what is not."""

from __future__ import annotations

import pytest

from archive.copies.candidates import rows
from archive.copies.shingles import LENGTH, compared, jaccard, shingles

TEXT = (
    "وزیر نیرو می‌گوید ذخیرهٔ سدهای ۱۲ استان رو به افزایش است و آب‌شناسی کشور از امسال"
    " گزارش‌های هفتگی‌اش را برای همهٔ کشاورزان منتشر می‌کند."
)


@pytest.mark.parametrize(
    ("found", "other", "least"),
    [
        ("ی", "ي", 1.0),
        ("ک", "ك", 1.0),
        ("۱۲", "12", 1.0),
        ("۱۲", "١٢", 1.0),
        ("هٔ", "ه", 1.0),
        ("گزارش‌های هفتگی", "گزارشهای هفتگی", 1.0),
        ("می‌گوید", "می گوید", 1.0),
        ("می‌گوید", "میگوید", 1.0),
        ("آب‌شناسی", "آبشناسی", 1.0),
        # Whether this is one word or two no rule tells: one shingle more begins in the middle.
        ("آب‌شناسی", "آب شناسی", 0.95),
        (" ", "  ", 1.0),
        (".", "!", 1.0),
    ],
)
def test_another_spelling_is_the_same_text(found: str, other: str, least: float) -> None:
    assert found in TEXT
    assert jaccard(shingles(TEXT), shingles(TEXT.replace(found, other))) >= least


def test_another_word_is_another_text() -> None:
    one, other = shingles(TEXT), shingles(TEXT.replace("افزایش", "کاهش"))
    assert 0.6 < jaccard(one, other) < 0.9
    assert jaccard(one, shingles("متنی دیگر که با آن هیچ واژهٔ یکسانی ندارد.")) == 0
    assert jaccard(frozenset[str](), frozenset[str]()) == 0
    assert all(len(shingle) == LENGTH for shingle in one)
    assert shingles("کوتاه است") == frozenset()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("به گزارش خبرگزاری نمونه از یزد، باران بارید.", "باران بارید."),
        ("به‌گزارش نمونه: باران بارید.", "باران بارید."),
        ("به نقل از نمونه؛ باران بارید.", "باران بارید."),
        ("تهران - نمونه - باران بارید.", "باران بارید."),
        ("خرم‌آباد- نمونه- به گزارش نمونه، باران بارید.", "باران بارید."),
        ("آغاز خبر.\n\nبه گزارش نمونه، باران بارید.", "آغاز خبر.\n\nباران بارید."),
        ("باران بارید.\n\nانتهای پیام/", "باران بارید."),
        ("باران بارید.\nپايان پيام/۱۲\n\nمنبع: نمونه", "باران بارید."),
        ("باران بارید.\n\nمنابع: نمونه و نمونهٔ دیگر", "باران بارید."),
        # Sentences that begin like an opening or an end, but are neither.
        ("به گزارش تازهٔ وزارت نیرو توجه کنید.", None),
        ("باران بارید و به گزارش نمونه، سیل آمد.", None),
        ("منبع آب شهر خشک شد.", None),
        ("انتهای پیامدهای سیل دیده نمی‌شود.", None),
        ("الف.\n\nب.\n\nپ.\n\nبه گزارش نمونه، باران بارید.", None),
    ],
)
def test_who_tells_the_news_does_not_count(text: str, left: str | None) -> None:
    assert compared(text) == (text if left is None else left)


def test_an_opening_of_any_length_is_read_in_time() -> None:
    for piece in ("به گزارش ", "الف", "الف ", " ", "- ", "انتهای پیام", "\n", "(" * 9):
        assert isinstance(shingles(piece * 100_000), frozenset)


@pytest.mark.parametrize("least", [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
def test_of_pairs_just_similar_enough_nearly_all_are_candidates(least: float) -> None:
    bands = 120 // rows(least)
    assert bands * rows(least) == 120
    assert 1 - (1 - least ** rows(least)) ** bands >= 0.995
