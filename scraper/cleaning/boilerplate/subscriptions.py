"""Finds boxes in the text that ask for the reader's e-mail address, if no class name shows them.

A form is boilerplate by its tag. So is what is said above it: «خبرها را در ایمیل خود بخوانید».
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.text.fold import fold
from scraper.cleaning.html.document import Document, Element, text_of, weight_of

_BOX, _SHARE = 300, 0.4
_ASKED = re.compile("ایمیل|رایانامه|خبرنامه|e-?mail|newsletter|subscri")


def boxes_of(page: Document, root: Element) -> set[Element]:
    """The boxes in `root`, each of at most 300 characters, that hold a form with a field and speak
    of e-mail beside it."""
    whole = 0
    found = set()
    for form in page.tags.get("form", ()):
        if root not in form.iterancestors() or next(form.iter("input"), None) is None:
            continue
        whole = whole or weight_of(root)
        boxes = list(_boxes_around(form, root, min(_BOX, _SHARE * whole)))
        beside = fold(text_of(boxes[-1])).split(fold(text_of(form)) or None) if boxes else []
        if any(map(_ASKED.search, beside)):
            found.add(boxes[-1])
    return found


def _boxes_around(form: Element, root: Element, most: float) -> Iterator[Element]:
    """The elements between the form and `root` that hold no more text than `most`, from inside."""
    for above in form.iterancestors():
        if above is root or weight_of(above) > most:
            return
        yield above
