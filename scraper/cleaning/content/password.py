"""Tells whether a post's text is behind a password; such a post is kept without a text."""

from __future__ import annotations

from scraper.cleaning.boilerplate import holds
from scraper.cleaning.html.document import Document, Element

_FORM = (".post-password-form", "#post-password-form", ".passster-form")
_OPEN = 150
# post_class() of WordPress; a related post may have it, too.
_WANTED = ".post-password-required"


def is_protected(page: Document, content: Element, known: bool) -> bool:
    """Whether the content has a form for a password in the text's place. If only a part of the text
    is behind it, as plugins do, the rest is read. `known`: the content has the name of one."""
    forms = list(page.find_any(_FORM))
    inside = set(content.iter()) if forms else set()
    if any(form in inside or content in set(form.iterancestors()) for form in forms):
        return not holds.tells_beside_forms(content, _OPEN if known else 2 * _OPEN)
    wanted = page.find(_WANTED)
    return bool(wanted) and not {content, *content.iterancestors()}.isdisjoint(wanted)
