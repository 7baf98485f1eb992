"""Which programs and rules made an article: written into every line."""

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
    """`baygan` and `trafilatura` by version, `rules` by a digest of the rule files, the site's
    `layout` by its own digest, if there is one."""
    digest = hashlib.sha256()
    for name in _RULES:
        digest.update((_HERE / name).read_bytes())
    return {
        "baygan": __version__,
        "rules": digest.hexdigest()[:12],
        "trafilatura": version("trafilatura"),
        **({"layout": layout} if layout else {}),
    }
