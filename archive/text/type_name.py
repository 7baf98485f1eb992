"""Names of post types: a part of an article's ID, and of a path in many programs that read one."""

from __future__ import annotations

import re

# WordPress makes a type's name of these letters (sanitize_key).
_NAME = re.compile(r"[a-z0-9_-]{1,64}")


def is_type_name(text: str) -> bool:
    """Whether WordPress can have a post type of this name.

    >>> is_type_name("news"), is_type_name("../../x")
    (True, False)
    """
    return _NAME.fullmatch(text) is not None
