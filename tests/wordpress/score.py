"""How near an archived text comes to the posted one: words, half-spaces, boilerplate."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from .articles import ZWNJ
from .truth import Post

_FOLDED = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", ZWNJ: None})
_HARAKAT = re.compile("[\u064b-\u065f\u0670]")


@dataclass(frozen=True)
class Score:
    """One post: token F1 of its text, half-spaced words it lost, boilerplate it kept."""

    post: Post
    f1: float
    lost: list[str]
    junk: list[str]

    def __str__(self) -> str:
        kept = f"F1 {self.f1:.4f}, lost {self.lost}, junk {self.junk}"
        return f"{self.post.id} ({self.post.shape}, {self.post.spelling}): {kept}"


def score(post: Post, line: dict[str, Any]) -> Score:
    """`line`, as articles/*.jsonl has it, against the truth."""
    posted, text = expected(post), line["text"]
    lost = half_spaced(posted) - half_spaced([text])
    shown = "\n".join(strings(line))
    return Score(
        post,
        f1(text, " ".join(posted), " ".join(post.extras)),
        sorted(lost.elements()),
        [words for words in post.junk if words in shown],
    )


def expected(post: Post) -> list[str]:
    """The paragraphs of all its pages; none of a protected post."""
    return post.paragraphs if post.on_first_page else []


def tokens(text: str) -> Counter[str]:
    """The words of a text, its letters folded, without half-spaces and harakat."""
    folded = unicodedata.normalize("NFC", text).translate(_FOLDED)
    return Counter(re.findall(r"\w+", _HARAKAT.sub("", folded)))


def f1(found: str, wanted: str, allowed: str = "") -> float:
    """Harmonic mean of precision and recall over words; `allowed` ones may be there or not.

    >>> f1("یک دو چهار", "یک دو سه")
    0.6666666666666666
    """
    here, there = tokens(found), tokens(wanted)
    hits = (here & there).total()
    surplus = (here - there - tokens(allowed)).total()
    return 2 * hits / ((there.total() + hits + surplus) or 1)


def half_spaced(texts: Iterable[str]) -> Counter[str]:
    """The words with U+200C in them, exactly as spelled."""
    return Counter(word for text in texts for word in text.split() if ZWNJ in word)


def strings(line: dict[str, Any]) -> list[str]:
    """What a line says of its article in words; `end_marker` is boilerplate by its nature."""
    single = [line["title"], line["lead"], line["text"], line["source"]]
    image = line["image"] or {"caption": None}
    lists = line["authors"] + line["categories"] + line["tags"]
    return [words for words in [*single, image["caption"], *lists] if words]


def shown_by_blocks(post: Post) -> Post:
    """What a block theme shows of a post: core's post-content block links the further pages
    only of posts that were cut with the block (wp-includes/blocks/post-content.php)."""
    if post.shape == "blocks":
        return post
    return replace(post, paragraphs=post.paragraphs[: post.on_first_page])
