"""What a shell offers when the Tab key is pressed: the names of sites, the IDs of articles.

click asks these functions while `baygan completion`'s script runs
(https://click.palletsprojects.com/en/stable/shell-completion/). They never fail: where there is no
archive there is nothing to offer.
"""

from __future__ import annotations

from pathlib import Path

import click

from archive.errors import BayganError

_IDS = 50


def site_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The names in sites.toml that begin like `incomplete` and are not on the line yet."""
    from archive.folder import Archive

    try:
        names = list(Archive(_folder(ctx)).settings.sites)
    except BayganError:
        return []
    given = ctx.params.get(param.name or "") or ()
    return [name for name in names if name.startswith(incomplete) and name not in given]


def article_ids(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The IDs of the latest articles of each site that begin like `incomplete`."""
    from archive.folder import Archive

    try:
        found = [
            line["id"]
            for folder in Archive(_folder(ctx)).sites()
            for line in folder.lines.latest(_IDS)
        ]
    except (BayganError, OSError):
        return []
    return [name for name in dict.fromkeys(found) if name.startswith(incomplete)]


def _folder(ctx: click.Context) -> Path:
    given = ctx.params.get("folder") or ctx.find_root().params.get("folder") or "."
    return Path(given)
