"""Tells prose (sentences, questions, quotations, reported speech) from labels and calls.

A call asks the reader to do something: «ما را دنبال کنید».
"""

from __future__ import annotations

import re
from functools import lru_cache

from archive.text.fold import fold

_ENDS = (".", "!", "?", "؟", "…", "»", '"', "”")
_BRIEF = 3
# The last word of a Persian sentence is its verb. Folded: without half-spaces.
_VERB = re.compile(
    r"(?:ن?(?:است|هست|بود|شد|کرد|داد|داشت|گرفت|رفت|آمد|گفت|یافت|خورد|ماند|رسید|نوشت|خواند|افتاد"
    r"|ساخت|شود|کند|دهد|دارد|گیرد|باشد|رسد|زند|برد|گردد|یابد|سازد)|نیست|زد|افزود"
    r"|ن?می\w{1,20}(?:د|م|فت|خت|ست|شت)|ن?خواهد|\w{0,20}(?:ه ?اند|ه ?ایم|ردند|شدند|ودند|ادند|فتند"
    r"|شتند|شوند|کنند|دهند|دارند|یدند|مدند|ندند|زدند|ختند|(?:ه|نی|ب|نش|شک|دان|توان|خوا)ستند)"
    r"|(?:این|آن|از این|از آن) ?هاست)\W*$"
)
# Imperatives: «کنید» asks the reader; «کردید» and «می‌کنید» do not.
_CALL = re.compile(
    r"(?<!\w)(?:کنید|کنین|شوید|شید|دهید|باشید|گذارید|نمایید|فرمایید|بسپارید|بیابید|برسانید"
    r"|ب(?:گذارید|نویسید|فرستید|بینید|خوانید|پیوندید|زنید|دهید|گیرید|شنوید|دانید|پذیرید))(?!\w)"
)
_SAID = re.compile(
    r"(?<!\w)(?:گفت|گفتند|افزود|افزودند|نوشت|نوشتند|میگوید|میگویند|گفته است|گفته بود|میگفت|خواست"
    r"|خواستند|ت[اأ]کید کرد|اظهار کرد|اظهار داشت|بیان کرد|یادآور شد|خاطرنشان کرد|توصیه کرد|پرسید"
    r"|پاسخ داد)(?!\w)"
)
_QUOTED = re.compile(r"\s*[«\"“][^«»\"“”]*[»\"”][\s.!؟?]*$")

_QUOTATION = re.compile(r"«[^»]{0,300}»")


# Several steps ask this about the same blocks.
@lru_cache(maxsize=1024)
def is_told(text: str) -> bool:
    """Whether a block is prose: a question, a quotation, reported speech, or three words or more
    that end as a sentence does (with its mark or a verb) and are no call."""
    text = text.rstrip()
    if text.endswith(("؟", "?")) or is_quoted(text):
        return True
    folded = fold(text)
    if _SAID.search(folded):
        return True
    if len(folded.split()) < _BRIEF or (_CALL.search(folded) and not is_cited(text)):
        return False
    return ends_well(text) or bool(_VERB.search(folded))


def is_quoted(text: str) -> bool:
    """Whether a block is nothing but a quotation."""
    return bool(_QUOTED.match(text))


def is_cited(text: str) -> bool:
    """Whether a block's words are somebody's: a quotation alone, or its call in quotation marks."""
    if is_quoted(text):
        return True
    return "«" in text and calls(fold(text)) and not calls(fold(_QUOTATION.sub("", text)))


def is_reported(folded: str) -> bool:
    """Whether a block has a verb of saying («گفت»): somebody's words are reported in it."""
    return bool(_SAID.search(folded))


def calls(folded: str) -> bool:
    """Whether a block asks its reader to do something."""
    return bool(_CALL.search(folded))


def ends_well(text: str) -> bool:
    """Whether a text ends with a mark that ends a sentence."""
    return text.rstrip().endswith(_ENDS)


def introduces(text: str) -> bool:
    """Whether a line announces what stands below it, as a sentence does: «… آمده است:»."""
    text = text.rstrip()
    if not text.endswith((":", "：")):
        return False
    folded = fold(text)
    if _CALL.search(folded) and not _SAID.search(folded):
        return _ADDRESS.search(folded) is not None
    return bool(_VERB.search(folded) or _SAID.search(folded)) and len(folded.split()) > _BRIEF


# «به نشانی زیر بفرستید:» announces an address, «بیشتر بخوانید:» a teaser.
_ADDRESS = re.compile(r"(?<!\w)(?:نشانی|شماره|تلفن|آدرس|راه|رایانامه|زیر)(?!\w)")
