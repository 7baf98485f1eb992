"""Cuts off the last lines of an agency's dispatch: end marker, desk code, credited source.

«پایان پیام/۱۲» is an end marker, a desk code may stand there alone, and «منبع: خبرگزاری …» credits
the source. All are kept as fields. The opening words may name a source, too; they stay in the text
(fields/opening_source.py).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from archive.text.fold import fold
from scraper.cleaning import rules
from scraper.cleaning.boilerplate import prose
from scraper.cleaning.content.desk_code import behind_end, is_code
from scraper.cleaning.html.text_blocks import TextBlock

# The end marker, with all that stands behind it in its block.
_WORDS = re.compile(
    r"[\s\[(/*«]*(?:پا[یي]ان|انتها[یي])[ \u200c]*(?:پ[یي]ام|خبر|گزارش|مطلب)(?!\w|\u200c)"
    r"(?P<rest>[^\n]{0,70})$"
)
_SEPARATED = re.compile(r"[\s\u200c]*[/\\.:؛|*»\])\-–—_]")
_CREDIT = re.compile(
    r"^[\s*•\-–(\[]*(من(?:بع|ابع(?=\s*[:：]))(?:[ \u200c]*(?:خبر|مطلب|گزارش|اصلی)(?!\w))?"
    r"(?=\W|خبرگزار|روزنامه|سایت)|sources?(?!\w))"
    r"\s*([:：/؛\-–]*)\s*(.{2,80}?)[\s)\].*]*$",
    re.IGNORECASE,
)
_CREDIT_LABEL = re.compile(r"\W*من(?:بع|ابع)(?:[ \u200c]*(?:خبر|مطلب|گزارش))?\s*[:：]?\s*$")
_CREDITED = re.compile(
    r"\W*(?:عکس|تصویر|ترجمه|مترجم|گزارش|خبرنگار|فیلم|ویدیو)(?:\s*از)?\s*[:：].{2,40}$"
)
# What a newsroom adds behind the end of a dispatch.
_ADDED = re.compile(
    r"\W*(?:اصلاح[یي]ه|تصح[یي]ح|توض[یي]ح|تکم[یي]ل[یي]|به[ \u200c]?روز ?رسان[یي]|پ[یي][ \u200c]?نوشت"
    r"|[یي]ادآور[یي])"
)
# Every marker has one of these, and looking for them takes a hundredth of the time.
_MARKS = ("پایان", "پايان", "انتها")
_ENDS = ".؟!?»)]…"
_SENTENCE_END = re.compile(r"[.؟!?]\s*$")
# What stands around a source's name.
_AROUND = " \"'،:؛.-–\u200c"
_AFTER = 150
_CLAUSE = 3
_ADDITION = 3
_LAST = 6
_NAME = 60


class CreditLines(NamedTuple):
    """The blocks without these lines; the end marker with the desk code; the source."""

    blocks: list[TextBlock]
    marker: str | None
    source: str | None


def cut(blocks: list[TextBlock]) -> CreditLines:
    """Cut the end marker, the desk code and the source line off the last blocks."""
    lines = _unfold(blocks)
    marker, lines = _cut_markers(lines)
    code, lines = _cut_code(lines)
    source, lines = _cut_credit(lines)
    if code is None and source is not None:
        # «… می‌شود. ۲۷۲۱۵», and the source in a line below it.
        code, lines = _cut_code(lines)
    said = " ".join(part for part in (marker, code) if part) or None
    return CreditLines([block for block in lines if block.text], said, source)


def credited(text: str, linked: bool = False) -> str | None:
    """The source that a short line credits («منبع: …»), else None; `linked`: it has a link."""
    found = _CREDIT.match(text)
    if not found or len(text) > 110:
        return None
    name = bare(found[3])
    if len(name.split()) > _CLAUSE and prose.is_told(name):
        return None
    sure = bool(found[2]) or linked or _is_outlet(name)
    if (
        not name
        or not sure
        or (_SENTENCE_END.search(text) and not found[2])
        or len(name.split()) > 8
    ):
        return None
    return name


def bare(name: str) -> str:
    """A source's name without what stands around it, and with both quotation marks or none.

    >>> bare("«خبرگزاری «آب‌وخاک»»:")
    'خبرگزاری «آب‌وخاک»'
    """
    name = " ".join(name.split()).strip(_AROUND)
    if name.startswith("«") and name.endswith("»"):
        inner = name[1:-1]
        name = inner if "«" not in inner or inner.find("«") < inner.find("»") else name
    if name.count("«") != name.count("»"):
        name = name.replace("«", "").replace("»", "")
    return name.strip(_AROUND)


def _unfold(blocks: list[TextBlock]) -> list[TextBlock]:
    """Give end markers and short last lines blocks of their own: «…<br>منبع: ایسنا»."""
    unfolded: list[TextBlock] = []
    for number, block in enumerate(blocks):
        lines = block.text.split("\n")
        if len(lines) == 1 or block.kind in ("pre", "row"):
            unfolded.append(block)
            continue
        last = number >= len(blocks) - _LAST
        ends = _endings(lines) if last else len(lines)
        texts = _parted(lines[:ends]) + lines[ends:]
        unfolded += [_with_text(block, text) for text in texts if text]
    return unfolded


def _parted(lines: list[str]) -> list[str]:
    """The lines joined again, but for end markers that have a line of their own."""
    texts: list[list[str]] = [[]]
    for line in lines:
        if _marker(line) == 0:
            texts += [[line], []]
        else:
            texts[-1].append(line)
    return ["\n".join(text) for text in texts if text]


def _endings(lines: list[str]) -> int:
    """The number of the first of the last lines; picture and translation credits may be there."""
    kept = first = len(lines)
    while kept > 0:
        kept -= 1
        if _is_ending(lines, kept):
            first = kept
        elif not _CREDITED.match(lines[kept]):
            break
    return first


def _is_ending(lines: list[str], number: int) -> bool:
    line = lines[number]
    if _marker(line) is not None or credited(line) or is_code(line) or _CREDIT_LABEL.match(line):
        return True
    labels = [n for n in range(max(0, number - 3), number) if _CREDIT_LABEL.match(lines[n])]
    return bool(labels) and len(line) <= _NAME and not prose.is_told(line)


def _cut_markers(blocks: list[TextBlock]) -> tuple[str | None, list[TextBlock]]:
    """Cut every end marker (a bulletin has several), and what is no news behind the last one."""
    found = {
        number: start
        for number, block in enumerate(blocks)
        if (start := _marker_of(block, number == len(blocks) - 1)) is not None
    }
    if not found:
        return None, blocks
    last = max(found)
    codes = [block.text for block in blocks[last + 1 :] if is_code(block.text)]
    marker = " ".join([blocks[last].text[found[last] :].strip(), *codes])
    kept = [
        _with_text(block, block.text[: found[number]].rstrip()) if number in found else block
        for number, block in enumerate(blocks[: last + 1])
    ]
    return marker, [*kept, *_added(blocks[last + 1 :])]


def _added(blocks: list[TextBlock]) -> list[TextBlock]:
    """The blocks behind the last end marker that stay: a correction, the next dispatch, the source.
    Names and numbers do not."""
    kept: list[TextBlock] = []
    for number in range(len(blocks) - 1, -1, -1):
        block = blocks[number]
        heads = block.kind == "head" or block.text[-1:] in ":："
        if (
            len(block.text) >= _AFTER
            or credited(block.text, bool(block.hrefs))
            or _CREDIT_LABEL.match(block.text)
            or (
                number and _CREDIT_LABEL.match(blocks[number - 1].text) and len(block.text) <= _NAME
            )
            or _is_added(block)
            or (heads and kept and kept[0] is blocks[number + 1])
        ):
            kept.insert(0, block)
    return kept


def _is_added(block: TextBlock) -> bool:
    if block.share > 0.5:
        return False
    told = len(block.text.split()) >= _ADDITION and prose.is_told(block.text)
    return told or (bool(_ADDED.match(block.text)) and ":" in block.text)


def _marker_of(block: TextBlock, last: bool) -> int | None:
    """Where a block's end marker begins; a subhead or a quotation has none."""
    if block.kind in ("quote", "item", "row", "pre") or (block.kind == "head" and not last):
        return None
    return _marker(block.text)


def _marker(text: str) -> int | None:
    """Where an end marker begins: on a line of its own, behind the end of a sentence, or with a
    slash behind it. «… می‌گفت: پایان گزارش.» is a sentence, and has none."""
    if not any(mark in text for mark in _MARKS):
        return None
    at = max(text.rfind(mark) for mark in _MARKS)
    while at > 0 and text[at - 1] in " [(/*«\u200c":
        at -= 1
    found = _WORDS.match(text, at)
    if found is None:
        return None
    rest = found["rest"].strip(" \u200c")
    if rest and not is_code(rest) and not _SEPARATED.match(found["rest"]):
        return None
    if prose.is_told(rest.strip("/.:*- ")):
        return None
    before = text[:at].rstrip(" ")
    own = not before or before.endswith("\n")
    ended = before[-1:] in _ENDS and before[-1:] != ":"
    return at if own or ended or rest.startswith("/") else None


def _cut_code(blocks: list[TextBlock]) -> tuple[str | None, list[TextBlock]]:
    """Cut a desk code off: the last line, or what stands right behind the last sentence."""
    for number in range(len(blocks) - 1, max(-1, len(blocks) - _LAST), -1):
        block = blocks[number]
        if block.kind in ("text", "head") and is_code(block.text):
            # «شماره‌های برنده» and the numbers below are news: a code stands below a sentence.
            if number and not _ends_dispatch(blocks[number - 1].text):
                return None, blocks
            return block.text.strip(), blocks[:number] + blocks[number + 1 :]
        if block.kind == "text" and (at := behind_end(block.text)) is not None:
            shorter = _with_text(block, block.text[:at].rstrip())
            return block.text[at:].strip(), [*blocks[:number], shorter, *blocks[number + 1 :]]
        if prose.is_told(block.text):
            break
    return None, blocks


def _ends_dispatch(text: str) -> bool:
    return text.rstrip()[-1:] not in ":：،" and (prose.is_told(text) or len(text) > _NAME)


def _cut_credit(blocks: list[TextBlock]) -> tuple[str | None, list[TextBlock]]:
    """Cut the lines that credit sources off the last blocks, also a name below its label."""
    names: list[str] = []
    kept = list(blocks)
    if blocks and (found := _behind_end().search(blocks[-1].text)):
        names.append(found["name"] or found["boxed"])
        rest = blocks[-1].text[: found.start()]
        kept[-1:] = [_with_text(blocks[-1], rest)] if rest else []
        blocks = kept[:]
    for number in range(len(blocks) - 1, max(-1, len(blocks) - _LAST), -1):
        block = blocks[number]
        name = credited(block.text, bool(block.hrefs))
        if name:
            names.insert(0, name)
            del kept[number]
        elif _CREDIT_LABEL.match(block.text):
            below = kept[number + 1 : number + 4]
            short = [b for b in below if len(b.text) <= _NAME and not prose.is_told(b.text)]
            if below and len(short) == len(below) == len(kept) - number - 1:
                names[:0] = [bare(b.text) for b in below]
                del kept[number:]
    return "، ".join(names) or None, kept


@cache
def _behind_end() -> re.Pattern[str]:
    """An agency right behind the last sentence: «… رایگان است./ایرنا», «… است. [ایسنا]»."""
    data = rules.load("fields/agencies")
    names, words = ("|".join(map(re.escape, data[key])) for key in ("agencies", "words"))
    return re.compile(
        rf"(?:(?<=[.!])|^)[ \u200c]*(?:/[ \u200c]*(?P<name>{names}|{words})"
        rf"|[\[(][ \u200c]*(?P<boxed>(?:خبرگزاری )?(?:{names})|خبرگزاری (?:{words}))"
        r"[ \u200c]*[\])])[ .]?$"
    )


def _with_text(block: TextBlock, text: str) -> TextBlock:
    return TextBlock(text, block.kind, block.holder, block.linked, block.hrefs, block.strong)


def _is_outlet(name: str) -> bool:
    folded = fold(name)
    known = (*_folded("agencies"), *_folded("words"))
    return folded.startswith(_folded("outlets")) or folded in known


@cache
def _folded(key: str) -> tuple[str, ...]:
    return tuple(map(fold, rules.load("fields/agencies")[key]))
