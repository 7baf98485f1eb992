"""Repairs damaged characters in a text, and changes nothing that an author meant.

The damage may be an entity that was escaped twice, a no-break blank, an invisible mark, an icon of
a web font, or a half-space (U+200C) that a keyboard or an editor stored as something else: as
U+00AC in old Windows-1256 texts, as a soft hyphen, a direction mark or a zero-width blank in
others. Between two Arabic letters such a mark becomes a half-space; elsewhere invisible marks are
taken out.
"""

from __future__ import annotations

import html
import re

ZWNJ = "\u200c"

# Only entities that nobody writes about in a news text; «&lt;» may be meant.
_ESCAPED = re.compile(
    r"&(?:amp;)?((?:zwnj|zwj|nbsp|laquo|raquo|hellip|ndash|mdash|lrm|rlm|shy"
    r"|#8203|#8204|#8205|#8206|#8207|#173|#160|#x200[cdCD]|#xa0|#xA0);)"
)
_BLANKS = re.compile("[\u00a0\u2007\u202f\u2000-\u2006\u2008-\u200a\u3000]")
_MARKS = (
    "\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\u061c\u00ad\ufeff"
    # Word's optional hyphen, and the half-space of Windows-1256 read as another encoding.
    "\x1f\x9d"
)
_INVISIBLE = re.compile(f"[{_MARKS}\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Arabic letters and the harakat on them, without digits and punctuation.
_LETTER = "[\u0620-\u063f\u0641-\u065f\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff]"
_HALF_SPACE = re.compile(f"(?<={_LETTER})[{_MARKS}{ZWNJ}\u00ac]++(?={_LETTER})")
# A half-space behind another one, or beside a blank or an edge, has no letters to join.
_ZWNJ_LOOSE = re.compile(rf"{ZWNJ}(?:(?=[\s{ZWNJ}]|$)|(?<!\S{ZWNJ}){ZWNJ}*)")
# The icons of web fonts are private characters, which nothing else shows. Between two letters one
# may be a letter of an old font.
_ICON = re.compile(r"(?<![^\W\d_])[\ue000-\uf8fe]+|[\ue000-\uf8fe]+(?![^\W\d_])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SUSPECT = re.compile(
    "[&\u00a0\u00ac\u00ad\u061c\u2000-\u200b\u200e\u200f\u202a-\u202f\u2060\u2066-\u2069\u3000"
    "\ufeff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\uf8fe]"
)


def repair(text: str) -> str:
    """`text` repaired; the same object if it has no damage.

    >>> repair("می&zwnj;شود")
    'می\u200cشود'
    """
    if _SUSPECT.search(text):
        if "&" in text:
            text = _ESCAPED.sub(lambda found: html.unescape(f"&{found[1]}"), text)
        text = _BLANKS.sub(" ", text)
        text = _HALF_SPACE.sub(ZWNJ, text)
        text = _INVISIBLE.sub("", text)
        text = _SURROGATE.sub("\ufffd", text)
        text = _ICON.sub("", text)
    return _ZWNJ_LOOSE.sub("", text) if ZWNJ in text else text


def line(text: str) -> str:
    """`text` repaired and on one line: for titles, names and captions."""
    return " ".join(repair(text).split())
