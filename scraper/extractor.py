"""Which programs and rules made an article: written into every line."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from archive.version import __version__

_HERE = Path(__file__).parent


@cache
def extractor() -> dict[str, str]:
    """`baygan` and `trafilatura` by version, `rules` by a digest of the rule files."""
    digest = hashlib.sha256()
    for path in [_HERE / "blocks.toml", *sorted((_HERE / "cleaning").glob("*.toml"))]:
        digest.update(path.read_bytes())
    return {
        "baygan": __version__,
        "rules": digest.hexdigest()[:12],
        "trafilatura": version("trafilatura"),
    }
