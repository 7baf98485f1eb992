"""What the first record of every WARC file tells: who wrote it, how, and for what."""

from __future__ import annotations

import socket

from archive.sites import Settings, Site
from archive.version import __version__

_STANDARD = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


def about(settings: Settings, site: Site, **more: str) -> dict[str, str]:
    """The fields of the warcinfo record for a file of `site`. Those in `more` are added or replace
    others; empty ones are left out."""
    fields = {
        "software": f"baygan/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": _STANDARD,
        "hostname": socket.gethostname(),
        "isPartOf": settings.title or "",
        "operator": " ".join(part for part in (settings.operator, settings.contact) if part),
        "description": f"{site.name}: {site.url}",
        **more,
    }
    return {name: value for name, value in fields.items() if value}
