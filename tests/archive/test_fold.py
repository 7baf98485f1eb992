"""Folding has quick ways for common texts; they must come to the same."""

from __future__ import annotations

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from archive.text.fold import fold, well_formed

# All of the Arabic block, what stands between its words, and what editors paste among them.
_PERSIAN = [chr(code) for code in (*range(0x600, 0x700), *range(0x200B, 0x2010))]
_PASTED = [*" \n.«»…\u00a0\u2011\u2013ﷲﺳﻼﻡ０é\u0301", "ﬁ", "e", "A"]


def folded_after(text: str) -> str:
    """`text` folded, in compatibility form whatever it holds."""
    return fold(unicodedata.normalize("NFKC", text))


@given(st.text(st.sampled_from(_PERSIAN + _PASTED)))
def test_the_same_with_and_without_compatibility_form(text: str) -> None:
    assert fold(text) == folded_after(text)


def test_the_same_for_every_character() -> None:
    for code in range(sys.maxunicode + 1):
        text = well_formed(chr(code))
        assert fold(text) == folded_after(text), hex(code)


@given(
    st.lists(st.sampled_from([*"مطنهوا‌ ۱۲2.A\n\x1f\u00a0", "هٔ", "ؤ", "ي", "مِ"])),
    st.sampled_from("…é0"),
)
def test_the_same_beside_a_character_that_only_the_long_way_takes(
    common: list[str], rare: str
) -> None:
    text = "".join(common)
    assert f"{fold(text)} {fold(rare)}".strip() == fold(f"{text} {rare}")
