"""The <link> tags of a page, in which it names its REST API and its feed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

# Each byte is looked at once: a tag ends where the next begins.
_TAG = re.compile(rb"<link\b[^<>]*>", re.IGNORECASE)
# They stand in the head; a theme's own styles may stand before them.
_READ = 2 << 20
_MOST = 1_000
_LONGEST = 4_000


def link_tags(body: bytes) -> Iterator[bytes]:
    """The page's <link> tags, the first thousand at most.

    >>> list(link_tags(b"<head><LINK rel=next href=/2/><link rel=x"))
    [b'<LINK rel=next href=/2/>']
    """
    found = (tag[0] for tag in _TAG.finditer(body, 0, _READ))
    return (tag for tag in islice(found, _MOST) if len(tag) <= _LONGEST)
