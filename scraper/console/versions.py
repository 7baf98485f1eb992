"""`baygan --version`: what matters in a report of a bug.

baygan 0.1.0, rules 5b0c9e1f7a42
Python 3.11.7, Linux 6.1.0 x86_64, libxml2 2.14.6
scrapy 2.19.0, twisted 26.10.0, trafilatura 2.3.0, warcio 1.8.1, lxml 6.1.0, click 8.3.3
"""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

import click

# Those that decide what is captured, and what is made of it.
_LIBRARIES = ("scrapy", "twisted", "trafilatura", "warcio", "lxml", "click")


def print_versions(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """What the option --version does: print the lines above, and end."""
    if not value or ctx.resilient_parsing:
        return
    from lxml import etree

    from scraper.cleaning.fingerprint import extractor

    made_by = extractor()
    parser = ".".join(map(str, etree.LIBXML_VERSION))
    machine = f"{platform.system()} {platform.release()} {platform.machine()}"
    click.echo(f"baygan {made_by['baygan']}, rules {made_by['rules']}")
    click.echo(f"Python {platform.python_version()}, {machine}, libxml2 {parser}")
    click.echo(", ".join(f"{name} {version(name)}" for name in _LIBRARIES))
    ctx.exit()
