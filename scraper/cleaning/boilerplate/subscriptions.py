"""Finds boxes in the text that ask for the reader's e-mail address or vote, if no class name shows
them.

A form is boilerplate by its tag. So is what is said above it: «خبرها را در ایمیل خود بخوانید».
"""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile

from archive.text.fold import fold
from scraper.cleaning.html.document import Element, text_of, weight_of

_BOX, _SHARE = 300, 0.4
_ASKED = re.compile("ایمیل|رایانامه|خبرنامه|e-?mail|newsletter|subscri|نظر ?سنجی")


def boxes_of(root: Element) -> set[Element]:
    """The boxes in `root`, each of at most 300 characters, that hold a form with a field and speak
    of e-mail or of a poll beside it."""
    forms = [f for f in root.iterdescendants("form") if next(f.iter("input"), None) is not None]
    if not forms:
        return set()
    # Many forms may stand in the same box, which is then weighed once.
    weighed = cache(weight_of)
    small = min(_BOX, _SHARE * weighed(root))
    found = set()
    for form in forms:
        around = takewhile(lambda box: box is not root, form.iterancestors())
        boxes = list(takewhile(lambda box: weighed(box) <= small, around))
        beside = fold(text_of(boxes[-1])).split(fold(text_of(form)) or None) if boxes else []
        if any(map(_ASKED.search, beside)):
            found.add(boxes[-1])
    return found
