"""What a rebuild of a site came to, and how it is told."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

import click

from scraper.console.terminal import echo_data, safe_line, tell


@dataclass(slots=True, kw_only=True)
class Rebuilt:
    """The result of a rebuild. `pages` is how many captured pages it cleaned; they gave so many
    `articles` in so many `versions`.

    Compared with the old lines, articles are counted as `new`, `changed`, `gone` or the `same`,
    and the changed ones by the `fields` that differ. `refused` counts the pages that are no article
    now, by reason. `quarantine` is where the old files are.
    """

    site: str
    dry_run: bool
    pages: int = 0
    articles: int = 0
    versions: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    fields: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    quarantine: str | None = None

    def to_object(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


def print_rebuilt(rebuilt: Rebuilt, as_json: bool, dry_run: bool) -> None:
    """Tell what became of one site."""
    if as_json:
        echo_data(json.dumps(rebuilt.to_object(), ensure_ascii=False))
    elif dry_run:
        click.echo(safe_line(summary(rebuilt)))
    else:
        tell(safe_line(summary(rebuilt)))


def summary(rebuilt: Rebuilt) -> str:
    """The result in a line: `khabar: 501 articles of 540 pages; 3 changed (text 2, …)`."""
    kinds = {"changed": rebuilt.changed, "new": rebuilt.new, "gone": rebuilt.gone}
    parts = [f"{count} {kind}" for kind, count in kinds.items() if count]
    if rebuilt.changed:
        fields = ", ".join(f"{name} {count}" for name, count in rebuilt.fields.items())
        parts[0] += f" ({fields})"
    refused = ", ".join(f"{name} {count}" for name, count in rebuilt.refused.items())
    said = [
        f"{rebuilt.site}: {rebuilt.articles} articles of {rebuilt.pages} pages",
        ", ".join([*parts, f"{rebuilt.same} as before"]),
        f"no article: {refused}" if refused else "",
        f"the old files are in {rebuilt.quarantine}" if rebuilt.quarantine else "",
    ]
    return "; ".join(part for part in said if part)
