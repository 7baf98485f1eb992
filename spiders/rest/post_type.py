"""The post types that a site shows, and which of them are articles."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from archive.text.type_name import is_type_name

logger = logging.getLogger("baygan")
# Types of WordPress itself, of shops and of page builders.
_NO_ARTICLES = re.compile(
    r"page|attachment|nav_menu_item|wp_.*|(product|shop|elementor)([_-].*)?|(e|jet|acf)-.*"
    r"|products|popupbuilder|megamenu|wpforms"
)
# A type with one of these words in its name has no articles. Only whole words count: `information`
# and `faqih` (a jurist) are other words.
_WORDS = re.compile("(template|layout|block|popup|slider|menu|form|testimonial|faq)s?")
# A route is one part of a path; for its fonts WordPress names a pattern instead.
_ROUTE = re.compile(r"(?!\.)[\w.~-]{1,100}")
_NAMESPACE = re.compile(r"(?!\.)[\w.~-]{1,60}(/(?!\.)[\w.~-]{1,60}){0,3}")


@dataclass(frozen=True, slots=True)
class PostType:
    """A public post type: its name (`post`) and its route below the root (`wp/v2/posts`)."""

    name: str
    route: str


POST = PostType("post", "wp/v2/posts")
MOST_TYPES = 50
"""No site has more types of articles; each costs three requests a night."""


def types_of(answer: Mapping[str, Any], wanted: Collection[str] = ()) -> list[PostType]:
    """The types with articles, or the `wanted` ones, in REST's answer to `wp/v2/types`. Types
    whose name or route cannot be used in an address are left out, and all but posts of a site
    that names more than MOST_TYPES."""
    found = []
    for name, facts in answer.items():
        kind = _type(name, facts)
        if kind and (name in wanted or (not wanted and carries_articles(name))):
            found.append(kind)
    if len(found) > MOST_TYPES:
        logger.warning("the site names %d types of articles; only posts are asked for", len(found))
        return [kind for kind in found if kind.name in (POST.name, *wanted)]
    return found


def carries_articles(name: str) -> bool:
    """Whether a type of this name may have articles: pages, menus, forms and goods have none.

    >>> [carries_articles(name) for name in ("information", "contact_form", "faqih", "faq")]
    [True, False, True, False]
    """
    words = re.split("[_-]", name)
    return not _NO_ARTICLES.fullmatch(name) and not any(map(_WORDS.fullmatch, words))


def _type(name: str, facts: object) -> PostType | None:
    if not isinstance(facts, dict) or not is_type_name(name):
        return None
    base, namespace = facts.get("rest_base"), facts.get("rest_namespace") or "wp/v2"
    if not isinstance(base, str) or not isinstance(namespace, str):
        return None
    if not _ROUTE.fullmatch(base) or not _NAMESPACE.fullmatch(namespace):
        return None
    return PostType(name, f"{namespace}/{base}")
