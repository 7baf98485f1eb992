"""The last lines of an agency's dispatch: end marker, desk code, credited source.

«پایان پیام/۱۲» ends an agency's text; «منبع: خبرگزاری …» credits its source. Both are cut out of
the text and kept as fields. A source may also be named in the opening words: «به گزارش خبرگزاری …».
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from archive.text.fold import fold
from scraper.cleaning import rules
from scraper.cleaning.html.text_blocks import TextBlock

_MARKER = re.compile(
    r"(?:^|(?<=[.؟!»)\]/:])\s*)[\[(/*]*"
    r"(?:پا[یي]ان|انتها[یي])[ \u200c]*(?:پ[یي]ام|خبر|گزارش)"
    r"[ \u200c]*[/\\.:؛|*»\])-]*[ \u200c]*[\w./*\\()-]{0,6}[ \u200c]*[/*.)\]]*\s*$"
)
_CREDIT = re.compile(
    r"^[\s*•\-–(\[]*(منبع(?:[ \u200c]*(?:خبر|مطلب|گزارش|اصلی)(?!\w))?"
    r"(?=\W|خبرگزار|روزنامه|سایت)|source(?!\w))"
    r"\s*([:：/؛\-–]*)\s*(.{2,80}?)[\s)\].*]*$",
    re.IGNORECASE,
)
# No marker is without one of these, and looking for them takes a hundredth of the time.
_MARKS = ("پایان", "پايان", "انتها")
_SENTENCE_END = re.compile(r"[.؟!?]\s*$")
_AFTER = 150
_LAST = 6


class CreditLines(NamedTuple):
    """The text's blocks without their ending, and what the ending said."""

    blocks: list[TextBlock]
    marker: str | None
    source: str | None


def cut(blocks: list[TextBlock]) -> CreditLines:
    """Cut the end marker and the source line off the last blocks."""
    lines = _unfold(blocks)
    marker, lines = _cut_marker(lines)
    source, lines = _cut_credit(lines)
    return CreditLines([block for block in lines if block.text], marker, source)


def opening_source(blocks: list[TextBlock]) -> str | None:
    """The agency that the opening words credit, as they spell it."""
    for block in blocks[:3]:
        for found in _opening().finditer(block.text[:300]):
            return _bare(found["agency"] or found["short"])
    return None


def credited(text: str, linked: bool = False) -> str | None:
    """The source that a short line credits: «منبع: …»; None when it is a sentence."""
    found = _CREDIT.match(text)
    if not found or len(text) > 110:
        return None
    name = _bare(found[3])
    sure = bool(found[2]) or linked or _is_outlet(name)
    if (
        not name
        or not sure
        or (_SENTENCE_END.search(text) and not found[2])
        or len(name.split()) > 8
    ):
        return None
    return name


def _bare(name: str) -> str:
    """A source's name without what surrounds it; of quotation marks both or none.

    >>> _bare("«خبرگزاری «آب‌وخاک»»:")
    'خبرگزاری «آب‌وخاک»'
    """
    name = " ".join(name.split()).strip(" \"'،:؛.\u200c")
    if name.startswith("«") and name.endswith("»"):
        inner = name[1:-1]
        name = inner if "«" not in inner or inner.find("«") < inner.find("»") else name
    if name.count("«") != name.count("»"):
        name = name.replace("«", "").replace("»", "")
    return name.strip(" \"'،:؛.\u200c")


def _unfold(blocks: list[TextBlock]) -> list[TextBlock]:
    """Give short last lines of the last blocks blocks of their own: «…<br>منبع: ایسنا»."""
    unfolded: list[TextBlock] = []
    for number, block in enumerate(blocks):
        lines = block.text.split("\n")
        if number < len(blocks) - _LAST or len(lines) == 1 or block.kind in ("pre", "row"):
            unfolded.append(block)
            continue
        kept = len(lines)
        while kept > 0 and (_marker(lines[kept - 1]) or credited(lines[kept - 1])):
            kept -= 1
        texts = ["\n".join(lines[:kept]), *lines[kept:]]
        unfolded += [_with_text(block, text) for text in texts if text]
    return unfolded


def _cut_marker(blocks: list[TextBlock]) -> tuple[str | None, list[TextBlock]]:
    for number in range(len(blocks) - 1, max(-1, len(blocks) - 16), -1):
        found = _marker(blocks[number].text)
        if not found:
            continue
        before = blocks[number].text[: found.start()].rstrip()
        # What follows the end of a message is not the message, unless it is long.
        after = [
            block
            for block in blocks[number + 1 :]
            if len(block.text) >= _AFTER or credited(block.text, bool(block.hrefs))
        ]
        return found[0].strip(), [*blocks[:number], _with_text(blocks[number], before), *after]
    return None, blocks


def _marker(text: str) -> re.Match[str] | None:
    return _MARKER.search(text) if any(mark in text for mark in _MARKS) else None


def _cut_credit(blocks: list[TextBlock]) -> tuple[str | None, list[TextBlock]]:
    for number in range(len(blocks) - 1, max(-1, len(blocks) - _LAST), -1):
        name = credited(blocks[number].text, bool(blocks[number].hrefs))
        if name:
            return name, blocks[:number] + blocks[number + 1 :]
    return None, blocks


def _with_text(block: TextBlock, text: str) -> TextBlock:
    return TextBlock(text, block.kind, block.holder, block.linked, block.hrefs, block.strong)


def _is_outlet(name: str) -> bool:
    data = rules.load("fields/agencies")
    folded = fold(name)
    begins = tuple(fold(word) for word in data["outlets"])
    return folded.startswith(begins) or folded in {fold(word) for word in data["agencies"]}


@cache
def _opening() -> re.Pattern[str]:
    """«به گزارش گروه … خبرگزاری X» and «به گزارش ایسنا» with the known short names."""
    data = rules.load("fields/agencies")
    outlets = "|".join(map(re.escape, data["outlets"]))
    short = "|".join(sorted(map(re.escape, data["agencies"]), key=len, reverse=True))
    return re.compile(
        r"(?<!\w)(?:به گزارش|به نقل از)\s+(?:[^،.:؛\n]{0,40}?\s)??"
        rf"(?:(?P<agency>(?:{outlets})\s+(?:«[^»]{{2,40}}»|[^\s،.:؛]+))"
        rf"|(?P<short>{short})(?![\w\u200c]))"
    )
