"""Finds the source that the opening words of an article name; they stay in the text."""

from __future__ import annotations

import re
from functools import cache

from scraper.cleaning import rules
from scraper.cleaning.content.credit_lines import bare
from scraper.cleaning.html.text_blocks import TextBlock

_BLOCKS, _CHARACTERS = 3, 300


def opening_source(blocks: list[TextBlock]) -> str | None:
    """The agency that the opening words credit, as they spell it: «به گزارش ایسنا، …»,
    «به نقل از روزنامهٔ …», «تهران - ایرنا - …»."""
    if blocks and (found := _dateline().match(blocks[0].text)):
        return found["name"]
    for block in blocks[:_BLOCKS]:
        for found in _opening().finditer(block.text[:_CHARACTERS]):
            return bare(found["agency"] or found["name"] or found["word"])
    return None


@cache
def _opening() -> re.Pattern[str]:
    """An outlet behind «به گزارش گروه …», or an agency by its own name. A name that is a word, too,
    such as «فارس», counts only right behind «به گزارش», or behind «خبرنگار …»."""
    data = rules.load("fields/agencies")
    outlets = "|".join(map(re.escape, data["outlets"]))
    return re.compile(
        r"(?<!\w)(?:به گزارش|به نقل از)\s+"
        r"(?:(?:[^،.:؛\n]{0,40}?\s)??(?:"
        rf"(?P<agency>(?:{outlets})[ٔ\u0650]?\s+(?:«[^»]{{2,40}}»|[^\s،.:؛]+))"
        rf"|«?(?P<name>{_spellings('agencies')})(?![\w\u200c]))"
        rf"|(?:خبرنگار\s(?:(?!استان\s|شهر\s|دانشگاه\s)[^\s،.:؛]+\s)??)?«?(?P<word>{_spellings('words')})»?\s*(?=[،,:؛]|و\s|$))"
    )


@cache
def _dateline() -> re.Pattern[str]:
    return re.compile(
        r"[^\W\d_]{2,15}\s*[-–/]\s*"
        rf"(?P<name>{_spellings('agencies')})\s*[-–/:]"
    )


def _spellings(key: str) -> str:
    """A pattern of the names of agencies.toml, each also in one word: «عصرایران»."""
    names = sorted(rules.load("fields/agencies")[key], key=len, reverse=True)
    return "|".join(re.escape(name).replace(r"\ ", r"[\s\u200c]?") for name in names)
