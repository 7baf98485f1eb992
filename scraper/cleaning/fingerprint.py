"""Tells which programs and rules made an article, for the `extractor` of its line."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from archive.version import __version__

_HERE = Path(__file__).parent
# In this order since the first release: another one would give the same rules another digest.
_RULES = (
    "../blockpages.toml",
    "fields/agencies.toml",
    "fields/fields.toml",
    "boilerplate/by_name.toml",
    "html/page_types.toml",
    "boilerplate/links.toml",
    "boilerplate/by_phrase.toml",
    "content/main_content.toml",
    "html/outages.toml",
    "content/hidden.toml",
)


@cache
def extractor(layout: str | None = None) -> dict[str, str]:
    """The versions of `baygan` and `trafilatura`; `rules`, a digest of the rule files with their
    comments; and `layout`, the digest of the site's layout, if there is one."""
    digest = hashlib.sha256()
    for name in _RULES:
        digest.update((_HERE / name).read_bytes())
    return {
        "baygan": __version__,
        "rules": digest.hexdigest()[:12],
        "trafilatura": version("trafilatura"),
        **({"layout": layout} if layout else {}),
    }
