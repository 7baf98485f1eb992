"""What is compared of two texts: their shingles, and how many of these both have.

>>> one = shingles("وزیر نیرو می‌گوید ذخیرهٔ سدها رو به افزایش است.")
>>> other = shingles("وزیر نيرو مي گويد ذخیره سدها رو به افزایش است!")
>>> jaccard(one, other)
1.0

A shingle is what stands at the beginning of a word and behind it: twelve letters, which are three
words or so, without the blanks between them. Of two texts the similarity is the number of shingles
that both have, divided by the number of those that at least one has (Jaccard's index; Broder, "On
the resemblance and containment of documents", 1997).

Shingles of three words would not do. Every newsroom writes half-spaces in its own way: «آب شناسی»
is two words, «آب‌شناسی» is one. Three shingles would differ for each such word, and a copy that is
only respelt may have 0.4. Of letters only one shingle differs, the one that begins in the middle.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TypeVar

from archive.select.spellings import grouped
from archive.text.words import HALF_SPACE, marked_words

Shingle = TypeVar("Shingle", str, int)

LENGTH = 12
"""Letters in a shingle."""

_GAP = rf"[ \u00a0{HALF_SPACE}]*"
# «به گزارش خبرگزاری نمونه از یزد، …» up to the first comma or colon, if that comes soon. The words
# before it say who tells the news, and each site changes them.
_CREDIT = re.compile(rf"\W*(?:به{_GAP}گزارش|به{_GAP}نقل{_GAP}از)(?!\w)[^،؛:.!؟\n]{{0,120}}[،؛:]")
# «تهران - ایرنا - …»
_DATELINE = re.compile(r"\W*\w+(?:[ \u200c]\w+){0,2}\s*[-–—]\s*\w+(?:[ \u200c]\w+)?\s*[-–—]\s")
_END = re.compile(
    rf"\W*(?:(?:پا[یي]ان|انتها[یي]){_GAP}(?:پ[یي]ام|خبر|گزارش|مطلب)(?!\w)|"
    rf"(?:منبع|منابع)(?:{_GAP}(?:خبر|مطلب))?\s*[:؛/])"
)
_FIRST = 3
# Lines, also empty ones.
_LAST = 6
_LONGEST_END = 80


def shingles(text: str) -> frozenset[str]:
    """The shingles of an article's text, folded as a search folds words (archive.text.words).

    The opening words that credit an agency do not count, nor do end markers and source lines. A
    text of less than twelve letters has none.
    """
    words = [word.replace("_", "") for word in grouped(marked_words(compared(text)))]
    letters = "".join(words)
    found = set()
    at, last = 0, len(letters) - LENGTH
    for word in words:
        if at > last:
            break
        found.add(letters[at : at + LENGTH])
        at += len(word)
    return frozenset(found)


def jaccard(one: frozenset[Shingle], other: Collection[Shingle]) -> float:
    """How similar two texts are by their shingles: from 0 to 1; 0 if one has none. In `other` each
    stands once. They are shingles, or numbers that stand for them."""
    both = len(one.intersection(other))
    return both / (len(one) + len(other) - both) if both else 0.0


def compared(text: str) -> str:
    """`text` without the openings that credit an agency and the lines that end a dispatch.

    >>> compared("به گزارش خبرگزاری نمونه، باران بارید.\\n\\nانتهای پیام/")
    'باران بارید.'
    """
    # An opening stands in the first paragraphs, since the lead comes before it.
    paragraphs = text.split("\n\n")
    for number, paragraph in enumerate(paragraphs[:_FIRST]):
        for opening in (_DATELINE, _CREDIT):
            if found := opening.match(paragraph):
                paragraph = paragraph[found.end() :].lstrip()
        paragraphs[number] = paragraph
    lines = "\n\n".join(paragraphs).split("\n")
    ends = [n for n in range(max(0, len(lines) - _LAST), len(lines)) if _is_end(lines[n])]
    return "\n".join(line for n, line in enumerate(lines) if n not in ends).strip()


def _is_end(line: str) -> bool:
    return len(line) <= _LONGEST_END and bool(_END.match(line))
