"""A sentence about a folder whose site was renamed in sites.toml, or taken out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.errors import BayganError

if TYPE_CHECKING:
    from archive.folder import SiteFolder


def articles_in(folder: SiteFolder) -> int | None:
    """How many articles are in `folder`; None if its index is missing or cannot be read."""
    try:
        with folder.reading() as index:
            return index.counts()["articles"] if index else None
    except BayganError:
        return None


def unnamed_remark(folder: SiteFolder) -> str:
    """What is in the folder, and what to do. The folder alone cannot be renamed: the site's name is
    part of every ID."""
    name, count = folder.site.name, articles_in(folder)
    held = "what was captured there" if count is None else f"{count} articles"
    return (
        f"the folder {name}/ is here with {held}, but sites.toml has no [sites.{name}], so they"
        " are not crawled, checked or exported. If the site has another name now: baygan rename"
        f" {name} NEW. If it is not wanted any more: baygan remove {name}"
    )
